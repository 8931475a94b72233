"""The instance `default` of an ordinary node: listed, with challenges, status lists and DID resolution of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.node.api.nodes import HOST, URL, Served
from tests.node.issuer import draft

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.w3c("A7")]

DID = f"did:web:{HOST}"


async def test_the_node_lists_its_one_instance(served_node: Served) -> None:
    (row,) = (await served_node.ask("GET", "/instances")).json["instances"]
    assert (row["name"], row["issuer"], row["keyType"]) == ("default", DID, "Ed25519")
    assert row["suites"] == ["vc+jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022"]
    assert row["endpoints"]["issue"] == f"{URL}/instances/default/credentials/issue"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/instances/eddsa-rdfc/credentials/issue"),
        ("POST", "/instances/eddsa-rdfc/credentials/verify"),
        ("POST", "/instances/eddsa-rdfc/challenges"),
        ("GET", "/instances/eddsa-rdfc/credentials"),
    ],
)
async def test_an_instance_of_the_conformance_profile_is_not_here(served_node: Served, method: str, path: str) -> None:
    assert (await served_node.ask(method, path, token=served_node.token, json={})).status == 404


@pytest.mark.parametrize("option", [{"mandatoryPointers": []}, {"credentialId": "urn:x:1"}])
async def test_the_options_of_plain_issuing_are_not_understood_here(
    served_node: Served, option: dict[str, Any]
) -> None:
    refused = await served_node.issue(draft(), **option)
    assert (refused.status, refused.json["type"]) == (400, "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED")


@pytest.mark.parametrize("member", [{"id": "urn:x:1"}, {"proof": {}}, {"credentialStatus": {}}])
async def test_an_id_a_proof_or_a_status_of_the_callers_is_still_refused(
    served_node: Served, member: dict[str, Any]
) -> None:
    assert (await served_node.issue({**draft(), **member})).status == 400


async def test_a_challenge_of_ours_is_made_for_anyone(served_node: Served) -> None:
    first, second = [(await served_node.ask("POST", "/challenges")).json["challenge"] for _ in range(2)]
    assert first != second


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"domain": "x"}'])
async def test_a_body_of_a_challenge_that_says_something_is_refused(served_node: Served, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await served_node.ask("POST", "/challenges", data=body, headers=headers)).status == 400


@pytest.mark.w3c("A5.3")
async def test_only_the_operator_opens_a_status_list_and_anyone_reads_it(served_node: Served) -> None:
    body = {"statusPurpose": "suspension"}
    assert (await served_node.ask("POST", "/status-lists", json=body)).status == 401
    made = await served_node.ask("POST", "/status-lists", token=served_node.token, json=body)
    path = made.json["id"].removeprefix(URL)
    shown = await served_node.ask("GET", path)
    assert (made.status, shown.status) == (201, 200)
    assert shown.headers["Content-Type"] == "application/vc+jwt"
    same = await served_node.ask(
        "GET", path.replace("/status/", "/status-lists/"), headers={"Accept": "application/vc"}
    )
    assert json.loads(same.body)["credentialSubject"]["statusPurpose"] == "suspension"


@pytest.mark.w3c("A5.8")
@pytest.mark.parametrize(("moment", "status"), [("2020-01-01T00:00:00Z", 400), ("yesterday", 400)])
async def test_a_list_of_a_time_before_it_is_a_named_problem(served_node: Served, moment: str, status: int) -> None:
    entry = (await served_node.issue(draft())).json["verifiableCredential"]["credentialStatus"]
    path = entry["statusListCredential"].removeprefix(URL)
    heard = await served_node.ask("GET", path, params={"timestamp": moment})
    assert heard.status == status


@pytest.mark.w3c("A5.8")
async def test_a_list_may_be_had_as_of_now(served_node: Served) -> None:
    entry = (await served_node.issue(draft())).json["verifiableCredential"]["credentialStatus"]
    path = entry["statusListCredential"].removeprefix(URL)
    heard = await served_node.ask("GET", path, params={"timestamp": "2026-06-01T12:00:00Z"})
    assert heard.status == 200


@pytest.mark.parametrize("path", ["/status/none", "/status-lists/none", "/instances/default/status-lists/none"])
async def test_a_list_that_is_not_there_is_404(served_node: Served, path: str) -> None:
    assert (await served_node.ask("GET", path)).status == 404


@pytest.mark.w3c("A6.3", "A6.5")
async def test_the_node_resolves_its_own_name(served_node: Served) -> None:
    heard = await served_node.ask("GET", f"/1.0/identifiers/{DID}")
    published = await served_node.ask("GET", "/.well-known/did.json")
    assert heard.status == 200
    assert json.loads(heard.body)["didDocument"] == json.loads(published.body)


@pytest.mark.w3c("A6.5")
async def test_a_service_of_a_did_is_a_303(served_node: Served) -> None:
    heard = await served_node.ask("GET", f"/1.0/identifiers/{DID}", params={"service": "node"})
    assert (heard.status, heard.headers["Location"], heard.body) == (303, URL, b"")
    gone = await served_node.ask("GET", f"/1.0/identifiers/{DID}", params={"service": "none"})
    assert gone.status == 404


@pytest.mark.w3c("A6.5")
async def test_a_relative_reference_is_resolved_below_the_service_in_every_form(served_node: Served) -> None:
    path, stated = f"/1.0/identifiers/{DID}", {"service": "node", "relativeRef": "/lots/1?x=2"}
    inside = await served_node.ask("GET", path + "%3Fservice=node&relativeRef=%2Flots%2F1%3Fx%3D2")
    beside = await served_node.ask("GET", path, params=stated)
    told = await served_node.ask("GET", path, params=stated, headers={"Accept": "application/did-url-dereferencing"})

    assert (beside.status, beside.headers["Location"]) == (303, f"{URL}/lots/1?x=2")
    assert (inside.status, inside.headers["Location"]) == (303, f"{URL}/lots/1?x=2")
    assert told.status == 200
    assert json.loads(told.body)["contentStream"] == f"{URL}/lots/1?x=2"
    assert json.loads(told.body)["dereferencingMetadata"] == {"contentType": "text/uri-list"}


@pytest.mark.w3c("A6.5")
@pytest.mark.parametrize(
    "reference",
    ["//evil.test", "https://evil.test/", "http:/evil", "\\\\evil.test", "/a\r\nSet-Cookie:x", "javascript:x"],
)
async def test_a_relative_reference_sends_nobody_to_another_host(served_node: Served, reference: str) -> None:
    heard = await served_node.ask(
        "GET", f"/1.0/identifiers/{DID}", params={"service": "node", "relativeRef": reference}
    )
    assert heard.status == 400
    assert json.loads(heard.body)["didResolutionMetadata"]["error"]["type"].endswith("#INVALID_DID_URL")
    assert "Location" not in heard.headers


@pytest.mark.w3c("A6.5")
@pytest.mark.parametrize(
    ("url", "status", "error"),
    [
        (f"{DID}/some/path", 501, "FEATURE_NOT_SUPPORTED"),
        (f"{DID}%3FversionId%3D1", 501, "FEATURE_NOT_SUPPORTED"),
        (f"{DID}%3Fcolor%3Dred", 400, "INVALID_OPTIONS"),
        (f"{DID}%23nobody", 404, "NOT_FOUND"),
    ],
)
async def test_what_a_did_url_asks_beyond_its_document_has_the_specifications_name(
    served_node: Served, url: str, status: int, error: str
) -> None:
    accept = {"Accept": "application/did-url-dereferencing"}
    heard = await served_node.ask("GET", f"/1.0/identifiers/{url}", headers=accept)
    value = json.loads(heard.body)
    assert (heard.status, value["contentStream"], value["contentMetadata"]) == (status, None, {})
    assert value["dereferencingMetadata"]["error"]["type"] == f"https://www.w3.org/ns/did#{error}"


@pytest.mark.parametrize("did", ["did:web:127.0.0.1", "did:web:localhost", "did:web:a.example%2Fb"])
async def test_a_did_that_must_not_be_looked_up_is_not(served_node: Served, did: str) -> None:
    assert (await served_node.ask("GET", f"/1.0/identifiers/{did}")).status in (400, 404)


async def test_a_credential_without_a_base_proof_is_not_derived_from(served_node: Served) -> None:
    credential = (await served_node.issue(draft())).json["verifiableCredential"]
    heard = await served_node.ask("POST", "/credentials/derive", json={"verifiableCredential": credential})
    assert (heard.status, heard.code) == (400, "PROOF_GENERATION_ERROR")
