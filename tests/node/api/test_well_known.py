"""What the world reads without an account."""

from __future__ import annotations

import json

import pytest

from credentials.keys.controller import parse_controller_document
from node.api.openapi import SHAPES
from node.api.routes import ROUTES
from node.demo.companies import SPINNER
from tests.node.api.nodes import URL, Served
from tests.node.issuer import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_did_document_is_that_of_the_node(served_node: Served) -> None:
    answer = await served_node.ask("GET", "/.well-known/did.json")
    assert answer.headers["Content-Type"] == "application/did+json"
    assert parse_controller_document(answer.body, id=SPINNER.did).relationships["assertionMethod"]


async def test_what_is_held_already_is_304(served_node: Served) -> None:
    first = await served_node.ask("GET", "/.well-known/did.json")
    second = await served_node.ask("GET", "/.well-known/did.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status, second.body) == (304, b"")


async def test_a_status_list_is_served_in_both_forms(served_node: Served) -> None:
    credential = (await served_node.issue(draft())).json["verifiableCredential"]
    entry = credential["credentialStatus"]
    url = (entry[0] if isinstance(entry, list) else entry)["statusListCredential"].removeprefix(URL)
    envelope = await served_node.ask("GET", url)
    embedded = await served_node.ask("GET", url, headers={"Accept": "application/vc"})
    assert envelope.headers["Content-Type"] == "application/vc+jwt"
    assert json.loads(embedded.body)["id"] == URL + url


async def test_an_unknown_status_list_is_404(served_node: Served) -> None:
    answer = await served_node.ask("GET", "/status/none")
    assert (answer.status, answer.code) == (404, "NOT_HELD")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/vc+jwt"),
        ("application/*", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("application/json", "application/json"),
        ("application/vc+jwt;q=0.5, application/vc", "application/vc"),
        ("application/vc;q=0, */*;q=0.1", "application/vc+jwt"),
    ],
)
async def test_accept_chooses_the_form(served_node: Served, accept: str, media_type: str) -> None:
    path = (await served_node.issue(draft())).json["id"].removeprefix(URL)
    answer = await served_node.ask("GET", path, headers={"Accept": accept})
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, media_type)


async def test_a_form_that_nobody_has_is_406(served_node: Served) -> None:
    path = (await served_node.issue(draft())).json["id"].removeprefix(URL)
    answer = await served_node.ask("GET", path, headers={"Accept": "image/png"})
    assert answer.status == 406


async def test_a_private_credential_is_not_there_for_a_stranger(served_node: Served) -> None:
    path = (await served_node.issue(draft(), private=True)).json["id"].removeprefix(URL)
    stranger = await served_node.ask("GET", path)
    operator = await served_node.ask("GET", path, token=served_node.token)
    assert (stranger.status, operator.status) == (404, 200)
    assert operator.headers["Cache-Control"] == "private, no-store"


async def test_the_list_of_credentials_turns_pages(served_node: Served) -> None:
    for name in ("One", "Two"):
        await served_node.issue(draft() | {"name": name})
    page = await served_node.ask("GET", "/credentials?limit=1", token=served_node.token)
    assert len(page.json["credentials"]) == 1
    assert "next" in page.json


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "limit=201",
        "cursor=%21",
        "cursor=MQ==",
        "status=bad",
        "since=now",
        "sort=name",
        "limit=1&limit=2",
    ],
)
async def test_a_bad_page_is_400(served_node: Served, query: str) -> None:
    answer = await served_node.ask("GET", f"/credentials?{query}", token=served_node.token)
    assert answer.status == 400


async def test_the_description_names_every_route(served_node: Served) -> None:
    answer = await served_node.ask("GET", "/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    assert "post" in answer.json["paths"]["/traces"]
    assert answer.json["paths"]["/credentials/issue"]["post"]["security"] == [{"token": []}]


async def test_capabilities_and_health_answer_everyone(served_node: Served) -> None:
    for path in ("/.well-known/trace-node", "/.well-known/resolver", "/health/live", "/health/ready"):
        assert (await served_node.ask("GET", path)).status == 200


async def test_every_address_for_programs_says_what_it_answers() -> None:
    assert {route.key.replace("/instances/{instance}", "") for route in ROUTES} <= set(SHAPES)


async def test_a_did_that_is_none_is_refused_in_a_form_that_is_described(served_node: Served) -> None:
    answer = await served_node.ask("GET", "/1.0/identifiers/0")
    described = (await served_node.ask("GET", "/openapi.json")).json["paths"]["/1.0/identifiers/{did}"]["get"]
    assert answer.status == 400
    assert answer.headers["Content-Type"] in described["responses"]["default"]["content"]
