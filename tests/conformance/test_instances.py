"""Every instance of the profile over HTTP: what it issues verifies, and what is wrong is refused."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest

from tests.conformance.suite import BASE, NAMES, Suite

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.w3c("A7", "C1")]

EMBEDDED = tuple(name for name in NAMES if name != "jose")
ISSUERS = {"P-256": "did:key:zDna", "P-384": "did:key:z82L", "Ed25519": "did:key:z6Mk"}


async def test_the_list_names_each_instance_its_issuer_key_and_suites(at_work: Suite) -> None:
    listed = (await at_work.call("GET", "/instances")).json["instances"]
    assert tuple(row["name"] for row in listed) == NAMES
    assert all(set(row) == {"name", "issuer", "keyType", "suites", "endpoints"} for row in listed)
    assert all(row["issuer"].startswith(ISSUERS[row["keyType"]]) for row in listed)
    assert len({row["issuer"] for row in listed}) == len(NAMES)


async def test_the_endpoints_of_the_list_are_really_there(at_work: Suite) -> None:
    listed = (await at_work.call("GET", "/instances")).json["instances"]
    root = at_work.served.addresses.plain
    for row in listed:
        assert {"issue", "verify"} <= row["endpoints"].keys()
        for label, url in row["endpoints"].items():
            path = url.removeprefix(root).removeprefix(at_work.served.addresses.secure)
            assert (await at_work.call("POST", path, json={})).status in (200, 400), label


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.w3c("A7.0")
async def test_what_an_instance_issues_it_verifies(at_work: Suite, name: str) -> None:
    verified = await at_work.verify(name, await at_work.shown(name), checks=["proof"])
    assert (verified.status, verified.json["verified"], verified.json["problemDetails"]) == (200, True, [])


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.w3c("A7.2", "C1.1")
async def test_one_changed_claim_is_400_with_a_named_problem(at_work: Suite, name: str) -> None:
    credential = await at_work.shown(name)
    credential["credentialSubject"]["name"] = "Somebody else"
    refused = await at_work.verify(name, credential)
    assert (refused.status, refused.json["verified"]) == (400, False)
    assert refused.json["problemDetails"][0]["type"].startswith("https://w3id.org/security#")


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "eddsa-rdfc-2021"},
        {"proofPurpose": "authentication"},
        {"type": "Ed25519Signature2020"},
        {"proofValue": "z"},
        {"created": "2026-06-01T11:00:00Z"},
        {"verificationMethod": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj#other"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_one_changed_option_of_the_proof_is_refused(at_work: Suite, name: str, change: dict[str, str]) -> None:
    credential = copy.deepcopy(await at_work.shown(name))
    credential["proof"] |= change
    assert (await at_work.verify(name, credential)).status == 400


async def test_a_token_with_one_changed_byte_is_refused(at_work: Suite) -> None:
    credential = await at_work.issued("jose")
    token = credential["id"]
    changed = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    assert (await at_work.verify("jose", {**credential, "id": changed})).status == 400


async def test_a_bare_token_verifies_like_its_envelope(at_work: Suite) -> None:
    token = (await at_work.issued("jose"))["id"].removeprefix("data:application/vc+jwt,")
    assert (await at_work.verify("jose", token)).json["verified"] is True


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.w3c("A1.5")
async def test_the_issuer_of_somebody_else_is_refused(at_work: Suite, name: str) -> None:
    heard = await at_work.issue(name, at_work.draft(name, issuer="did:example:other"))
    assert (heard.status, heard.json["code"]) == (400, "DRAFT_ISSUER")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"credentialSubject": {}}, "/credentialSubject"),
        ({"type": ["VerifiableCredential", "Undefined"]}, "/type/1"),
        ({"issuer": None}, "/issuer"),
        ({"validFrom": "2026-01-01"}, "/validFrom"),
        ({"undefined": "member"}, "/undefined"),
        ({"id": "no URL"}, "/id"),
        ({"evidence": {"id": "https://evidence.example/1"}}, "/evidence/type"),
        ({"statusEntry": {"statusListIndex": "1"}}, "/statusEntry"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
async def test_what_is_no_credential_is_refused_with_a_pointer(
    at_work: Suite, name: str, members: dict[str, Any], pointer: str
) -> None:
    heard = await at_work.issue(name, at_work.draft(name, **members))
    assert heard.status == 400
    assert pointer in {problem["pointer"] for problem in heard.json.get("problems", [heard.json])}


async def test_an_id_that_is_given_is_kept_and_may_be_given_again(at_work: Suite) -> None:
    draft = at_work.draft("eddsa-rdfc", id="urn:uuid:3b4f8f3e-6e0c-4f0a-9a51-3a4d6cf6a1c1")
    first, second = [await at_work.issued("eddsa-rdfc", draft) for _ in range(2)]
    assert first["id"] == second["id"] == draft["id"]


@pytest.mark.w3c("A2.2")
async def test_a_missing_context_is_filled_in_where_the_instance_does_so(at_work: Suite) -> None:
    draft = at_work.draft("eddsa-rdfc")
    del draft["@context"]
    assert (await at_work.issued("eddsa-rdfc", draft))["@context"] == [BASE]
    refused = await at_work.issue("vcdm", {**draft, "issuer": at_work.issuer("vcdm")})
    assert refused.status == 400


async def test_the_model_instance_answers_with_the_bare_credential(at_work: Suite) -> None:
    heard = await at_work.issue("vcdm", at_work.draft("vcdm"))
    assert {"proof", "credentialSubject"} <= heard.json.keys()


@pytest.mark.w3c("A7.3")
async def test_a_proof_that_is_there_already_stays_and_ours_joins_it(at_work: Suite) -> None:
    first = await at_work.issued("eddsa-rdfc")
    second = await at_work.issued("eddsa-rdfc", first)
    assert second["proof"][0] == first["proof"]
    assert (await at_work.verify("eddsa-rdfc", second)).json["verified"] is True


@pytest.mark.w3c("A7.1")
async def test_an_option_that_nobody_knows_is_named_as_such(at_work: Suite) -> None:
    heard = await at_work.issue("eddsa-rdfc", at_work.draft("eddsa-rdfc"), type="Ed25519Signature2018")
    assert (heard.status, heard.json["type"]) == (400, "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED")
    heard = await at_work.verify("eddsa-rdfc", await at_work.issued("eddsa-rdfc"), checks=["astrology"])
    assert (heard.status, heard.json["code"]) == (400, "UNKNOWN_OPTION_PROVIDED")


@pytest.mark.w3c("A1.9", "A7.2")
async def test_time_only_warns(at_work: Suite) -> None:
    draft = at_work.draft("eddsa-jcs", validFrom="2030-01-01T00:00:00Z")
    heard = await at_work.verify("eddsa-jcs", await at_work.issued("eddsa-jcs", draft))
    assert (heard.status, heard.json["verified"]) == (200, True)
    assert [problem["code"] for problem in heard.json["problemDetails"]] == ["NOT_YET_VALID"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"credential": "text"}', b'{"credential": {}, "credential": {}}'])
async def test_a_body_that_is_no_request_is_400(at_work: Suite, body: bytes) -> None:
    heard = await at_work.call(
        "POST",
        "/instances/eddsa-rdfc/credentials/issue",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    assert heard.status == 400


async def test_an_instance_that_is_not_there_is_404(at_work: Suite) -> None:
    heard = await at_work.call("POST", "/instances/bbs/credentials/issue", json={"credential": {}})
    assert heard.status == 404


@pytest.mark.w3c("A7.4")
@pytest.mark.parametrize(("size", "status"), [(9 << 20, 400), (11 << 20, 413)])
async def test_a_body_of_ten_megabytes_is_read_and_a_larger_one_is_not(at_work: Suite, size: int, status: int) -> None:
    body = io.BytesIO(b'{"verifiableCredential":"' + b"x" * size + b'"}')
    headers = {"Content-Type": "application/json"}
    heard = await at_work.call("POST", "/instances/vcdm/credentials/verify", data=body, headers=headers)
    assert heard.status == status
    if status == 400:  # it was read, and is no credential
        assert heard.json["verified"] is False
