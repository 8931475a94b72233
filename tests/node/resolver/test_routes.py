"""Identifiers to links: the behaviour table of the resolver, and output that the official schema takes."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
import yarl

from tests.node.api.nodes import URL, Asked, Served
from tests.node.issuer import AT, draft
from tests.shared import shared_json

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/lots/yarn-2026-y"
GTIN = "/01/09506000134352"


async def published(node: Served) -> str:
    """The URL of a fresh passport of the yarn."""
    return str((await node.issue(draft("yarn-passport"))).json["id"])


async def add_link(node: Served, **changes: Any) -> None:
    """One link put into the store."""
    from node.store import StoredLink

    values = {
        "identifier": URL + PATH,
        "relation": "dcc",
        "href": f"{URL}/x",
        "title": "",
        "type": "application/vc+jwt",
    }
    async with node.node.store.writing() as tx:
        await tx.links.add([StoredLink(**{**values, **changes})], at=AT)


def links_of(answer: Asked, relation: str) -> list[dict[str, Any]]:
    return [link for context in answer.json["linkset"] for link in context.get(relation, [])]


async def test_without_a_wish_the_identifier_leads_to_its_newest_passport(served_node: Served) -> None:
    await published(served_node)
    newest = await published(served_node)
    answer = await served_node.ask("GET", PATH)
    assert (answer.status, answer.headers["Location"]) == (307, newest)


@pytest.mark.parametrize("wish", ["linkset", "all"])
async def test_the_linkset_is_given_on_demand_and_conforms(served_node: Served, wish: str) -> None:
    await published(served_node)
    answer = await served_node.ask("GET", f"{PATH}?linkType={wish}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/linkset+json")
    assert answer.json["linkset"][0]["anchor"] == URL + PATH
    schema = shared_json("untp", "v0.7.0", "artefacts", "schema", "idr", "LinksetSchema.json")
    assert list(jsonschema_rs.validator_for(schema).iter_errors(answer.json)) == []


async def test_accept_asks_for_the_linkset_too(served_node: Served) -> None:
    await published(served_node)
    answer = await served_node.ask("GET", PATH, headers={"Accept": "application/linkset+json"})
    assert answer.status == 200


async def test_an_older_version_says_so(served_node: Served) -> None:
    older, newer = await published(served_node), await published(served_node)
    links = {link["href"]: link for link in links_of(await served_node.ask("GET", f"{PATH}?linkType=all"), "dpp")}
    assert links[older]["rel"] == ["predecessor-version"]
    assert "rel" not in links[newer]


async def test_a_relation_leads_to_its_match_and_else_to_the_default(served_node: Served) -> None:
    passport = await published(served_node)
    await add_link(served_node, relation="dcc", href=f"{URL}/attestation")
    for wish, location in (("dcc", f"{URL}/attestation"), ("untp:dcc", f"{URL}/attestation"), ("pip", passport)):
        answer = await served_node.ask("GET", f"{PATH}?linkType={wish}")
        assert (answer.status, answer.headers["Location"]) == (307, location), wish


async def test_language_selects_among_matches(served_node: Served) -> None:
    for language in ("en", "fr"):
        await add_link(
            served_node, identifier=f"{URL}/lots/2", relation="dpp", href=f"{URL}/{language}", hreflang=language
        )
    for headers, query, language in (({"Accept-Language": "fr-CA, en;q=0.5"}, "", "fr"), ({}, "&language=en", "en")):
        answer = await served_node.ask("GET", f"/lots/2?linkType=dpp{query}", headers=headers)
        assert answer.headers["Location"] == f"{URL}/{language}"


async def test_a_serial_number_is_answered_with_the_links_of_its_class_too(served_node: Served) -> None:
    await add_link(served_node, identifier=f"https://id.gs1.org{GTIN}", relation="dpp", href=f"{URL}/class")
    await add_link(served_node, identifier=f"https://id.gs1.org{GTIN}/21/7", relation="dte", href=f"{URL}/item")
    answer = await served_node.ask("GET", f"{GTIN}/21/7?linkType=linkset")
    assert [context["anchor"] for context in answer.json["linkset"]] == [f"{URL}{GTIN}/21/7", f"{URL}{GTIN}"]
    assert links_of(answer, "dpp")[0]["href"] == f"{URL}/class"


async def test_a_private_link_is_never_shown(served_node: Served) -> None:
    await add_link(served_node, identifier=f"{URL}/lots/3", private=True)
    assert (await served_node.ask("GET", "/lots/3?linkType=linkset")).status == 404


@pytest.mark.parametrize("path", ["/lots/unknown", "/nothing", "/lots/yarn-2026-y/more"])
async def test_an_unknown_identifier_is_404(served_node: Served, path: str) -> None:
    answer = await served_node.ask("GET", path)
    assert (answer.status, answer.code) == (404, "NOT_HELD")


@pytest.mark.parametrize(
    "path", ["/01/09506000134353", "/lots/%20x", "/lots/%00", "/lots/%3Cscript%3E", "/" + "a" * 1100]
)
async def test_a_malformed_identifier_is_400(served_node: Served, path: str) -> None:
    answer = await served_node.ask("GET", str(yarl.URL(path, encoded=True)))
    assert answer.status == 400


async def test_what_is_known_about_a_name_elsewhere_is_at_links(served_node: Served) -> None:
    did = served_node.node.identity.did
    await add_link(served_node, identifier=did, relation="dia", href="https://register.test/c/1")
    answer = await served_node.ask("GET", "/links", params={"id": did})
    assert answer.json["linkset"][0]["anchor"].startswith(f"{URL}/links?id=")
    assert links_of(answer, "dia")[0]["href"] == "https://register.test/c/1"


@pytest.mark.parametrize("query", ["", "?id=", "?id=" + "a" * 1100, "?id=not%20a%20name"])
async def test_a_question_without_a_name_is_400(served_node: Served, query: str) -> None:
    assert (await served_node.ask("GET", f"/links{query}")).status == 400


async def test_a_linkset_that_is_held_already_is_304(served_node: Served) -> None:
    await published(served_node)
    first = await served_node.ask("GET", f"{PATH}?linkType=linkset")
    again = await served_node.ask("GET", f"{PATH}?linkType=linkset", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
