"""Issue, verify, change status, verify a presentation: over HTTP, on a real node."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.corpus.envelopes import in_cose, in_json, in_sd_jwt
from tests.corpus.making import KEY, METHOD, credential, token
from tests.node.api.nodes import URL, Served
from tests.node.issuer import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOTS = ("", "/instances/default")


@pytest.mark.w3c("A7.0", "A1.14")
async def test_what_is_issued_is_served_verified_and_found(served_node: Served) -> None:
    issued = await served_node.issue(draft())
    assert issued.status == 201, issued.body
    path = issued.json["id"].removeprefix(URL)

    shown = await served_node.ask("GET", path)
    verified = await served_node.ask("POST", "/credentials/verify", json={"verifiableCredential": shown.body.decode()})

    assert (shown.status, shown.headers["Content-Type"]) == (200, "application/vc+jwt")
    assert shown.headers["ETag"] == f'"{issued.json["digest"]}"'
    assert verified.json["verified"] is True, verified.json


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.w3c("A7.0", "A7.3")
async def test_the_embedded_form_verifies_under_every_root(served_node: Served, root: str) -> None:
    issued = await served_node.issue(draft())
    answer = await served_node.ask(
        "POST", f"{root}/credentials/verify", json={"verifiableCredential": issued.json["verifiableCredential"]}
    )
    assert answer.status == 200
    assert answer.json["verified"] is True, answer.json
    assert answer.json["problemDetails"] == []


@pytest.mark.w3c("A7.2")
async def test_one_changed_word_is_an_answer_with_a_named_problem(served_node: Served) -> None:
    credential = (await served_node.issue(draft())).json["verifiableCredential"]
    credential["name"] = "Another name"
    answer = await served_node.ask("POST", "/credentials/verify", json={"verifiableCredential": credential})
    assert answer.status == 200
    assert answer.json["verified"] is False
    assert answer.json["problemDetails"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"verifiableCredential": "eyJ.eyJ.x"}, {"PARSING_ERROR", "JSON_INVALID"}),
        ({"verifiableCredential": {"type": ["EPCISDocument"]}}, {"UNSUPPORTED_FORM"}),
        ({"verifiableCredential": {"verificationMethod": []}}, {"PARSING_ERROR"}),
    ],
)
async def test_what_is_wrong_is_told_once_and_not_again_by_every_step_that_did_not_run(
    served_node: Served, body: dict[str, Any], codes: set[str]
) -> None:
    answer = await served_node.ask("POST", "/credentials/verify", json=body)

    (problem,) = answer.json["problemDetails"]
    assert problem["code"] in codes
    assert "did not pass" not in problem["detail"]


async def test_what_is_wrong_is_told_before_what_could_not_be_told(served_node: Served) -> None:
    issuer = "did:webvh:abc:farm.test"
    expired = token(issuer=issuer, header={"kid": f"{issuer}#key-1"}, validUntil="2024-06-01T00:00:00Z")

    answer = await served_node.ask("POST", "/credentials/verify", json={"verifiableCredential": expired.decode()})

    assert [problem["code"] for problem in answer.json["problemDetails"]] == ["EXPIRED", "DID_DOCUMENT"]


async def test_a_bare_credential_may_be_the_body_of_verify(served_node: Served) -> None:
    issued = await served_node.issue(draft())
    shown = await served_node.ask("GET", issued.json["id"].removeprefix(URL))
    answer = await served_node.ask(
        "POST", "/credentials/verify", data=shown.body, headers={"Content-Type": "application/vc+jwt"}
    )
    assert answer.json["verified"] is True


async def test_a_revoked_credential_no_longer_verifies(served_node: Served) -> None:
    issued = await served_node.issue(draft())
    body = {
        "credentialId": issued.json["id"],
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
        "status": True,
    }
    changed = await served_node.ask("POST", "/credentials/status", token=served_node.token, json=body)
    answer = await served_node.ask(
        "POST", "/credentials/verify", json={"verifiableCredential": issued.json["verifiableCredential"]}
    )
    assert changed.status == 200
    assert answer.json["verified"] is False


async def test_the_status_of_an_unknown_credential_is_404(served_node: Served) -> None:
    body = {
        "credentialId": f"{URL}/credentials/none",
        "credentialStatus": {"statusPurpose": "revocation"},
        "status": True,
    }
    answer = await served_node.ask("POST", "/credentials/status", token=served_node.token, json=body)
    assert answer.status == 404


async def test_a_revocation_cannot_be_taken_back(served_node: Served) -> None:
    issued = await served_node.issue(draft())
    body = {"credentialId": issued.json["id"], "credentialStatus": {"statusPurpose": "revocation"}, "status": True}
    await served_node.ask("POST", "/credentials/status", token=served_node.token, json=body)
    answer = await served_node.ask(
        "POST", "/credentials/status", token=served_node.token, json=body | {"status": False}
    )
    assert (answer.status, answer.code) == (409, "CONFLICT")


async def test_a_dry_run_shows_what_would_be_signed_and_keeps_nothing(served_node: Served) -> None:
    before = await served_node.rows()
    answer = await served_node.issue(draft(), dryRun=True)
    assert answer.status == 200, answer.body
    assert "proof" not in answer.json["credential"]
    assert answer.json["lint"] == []
    assert await served_node.rows() == before


@pytest.mark.parametrize("dry_run", [True, False])
async def test_whoever_issues_is_warned_of_misspelt_members_with_the_nearest_term(
    served_node: Served, dry_run: bool
) -> None:
    misspelt = draft("yarn-passport")
    misspelt["credentialSubject"]["productionDatte"] = misspelt["credentialSubject"].pop("productionDate")
    answer = await served_node.issue(misspelt, dryRun=dry_run)
    assert answer.status in (200, 201), answer.body
    (told,) = (one for one in answer.json["lint"] if one["pointer"] == "/credentialSubject/productionDatte")
    assert (told["rule"], told["severity"], told["page"]) == ("VOC-02", "warn", "/rules#VOC-02")
    assert (told["detail"], told["fix"]) == (
        "UNTP defines no member 'productionDatte' here.",
        "Write productionDate.",
    )


async def test_one_idempotency_key_issues_once(served_node: Served) -> None:
    body, headers = {"credential": draft()}, {"Idempotency-Key": "a-1"}
    first = await served_node.ask("POST", "/credentials/issue", token=served_node.token, json=body, headers=headers)
    second = await served_node.ask("POST", "/credentials/issue", token=served_node.token, json=body, headers=headers)
    assert (first.status, second.status) == (201, 200)
    assert first.json["id"] == second.json["id"]


async def test_one_idempotency_key_with_another_draft_is_a_conflict(served_node: Served) -> None:
    headers = {"Idempotency-Key": "b-1"}
    for name, status in (("One", 201), ("Two", 409)):
        answer = await served_node.ask(
            "POST",
            "/credentials/issue",
            token=served_node.token,
            json={"credential": draft() | {"name": name}},
            headers=headers,
        )
        assert answer.status == status, answer.body


REFUSED = {
    "foreign issuer": {"issuer": {"id": "did:web:evil.test", "name": "Evil"}},
    "own proof": {"proof": {"type": "DataIntegrityProof"}},
    "own status": {"credentialStatus": {"type": "BitstringStatusListEntry"}},
    "no subject": {"credentialSubject": None},
    "unknown context": {"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.test/context"]},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
async def test_a_draft_that_must_not_be_signed_is_refused_and_leaves_no_row(
    served_node: Served, changes: dict[str, object]
) -> None:
    before = await served_node.rows()
    answer = await served_node.issue(draft() | changes)
    assert answer.status == 400, answer.body
    assert all(answer.json[name] for name in ("code", "detail", "fix", "type"))
    assert await served_node.rows() == before


BROKEN_BODIES = {
    "no JSON": (b"{", 400, "JSON_INVALID"),
    "an array": (b"[]", 400, "JSON_INVALID"),
    "a duplicate": (b'{"verifiableCredential":{},"verifiableCredential":{}}', 400, "JSON_DUPLICATE_KEY"),
    "too deep": (b'{"verifiableCredential":' + b"[" * 60 + b"]" * 60 + b"}", 400, "JSON_TOO_DEEP"),
    "nothing in it": (b"{}", 400, "MALFORMED_VALUE_ERROR"),
    "a number": (b'{"verifiableCredential":7}', 400, "MALFORMED_VALUE_ERROR"),
    "an unknown member": (b'{"verifiableCredential":{},"x":1}', 400, "MALFORMED_VALUE_ERROR"),
    "an unknown option": (b'{"verifiableCredential":{},"options":{"x":1}}', 400, "UNKNOWN_OPTION_PROVIDED"),
    "too large": (b'{"verifiableCredential":"' + b"a" * (1 << 20) + b'"}', 413, "TOO_LARGE"),
    "a big number": (b'{"verifiableCredential":{"a":1e999}}', 400, "JSON_NUMBER_RANGE"),
    "no UTF-8": (b'{"a":"\xff"}', 400, "JSON_TEXT"),
}


@pytest.mark.parametrize(("body", "status", "code"), BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
@pytest.mark.w3c("A7.0", "A7.1")
async def test_a_request_that_cannot_be_understood_is_a_named_problem(
    served_node: Served, body: bytes, status: int, code: str
) -> None:
    answer = await served_node.ask(
        "POST", "/credentials/verify", data=io.BytesIO(body), headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.code) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_body_that_is_not_json_is_415(served_node: Served) -> None:
    answer = await served_node.ask("POST", "/credentials/verify", data=b"{}", headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.code) == (415, "CONTENT_TYPE")


async def test_a_compressed_body_is_415(served_node: Served) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await served_node.ask("POST", "/credentials/verify", data=b"\x1f\x8b", headers=headers)
    assert answer.status == 415


async def test_a_presentation_without_proof_is_an_answer_and_not_verified(served_node: Served) -> None:
    credential = (await served_node.issue(draft())).json["verifiableCredential"]
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [credential],
    }
    answer = await served_node.ask(
        "POST", "/presentations/verify", json={"verifiablePresentation": presentation, "options": {"challenge": "c"}}
    )
    assert answer.status == 200, answer.body
    assert answer.json["verified"] is False


async def test_an_unknown_instance_is_404(served_node: Served) -> None:
    answer = await served_node.ask("POST", "/instances/other/credentials/verify", json={"verifiableCredential": {}})
    assert answer.status == 404


async def test_an_enveloped_object_verifies_like_the_token_in_it(served_node: Served) -> None:
    issued = await served_node.issue(draft())
    token = (await served_node.ask("GET", issued.json["id"].removeprefix(URL))).body.decode()
    envelope = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }
    answer = await served_node.ask(
        "POST",
        "/credentials/verify",
        data=json.dumps({"verifiableCredential": envelope}),
        headers={"Content-Type": "application/json"},
    )
    assert answer.json["verified"] is True, answer.json


@pytest.mark.w3c("A4.4", "A4.6", "A7.0")
@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("form", ["vc+sd-jwt", "vc+cose"])
async def test_a_credential_in_another_envelope_verifies_however_it_is_sent(
    served_node: Served, root: str, form: str
) -> None:
    sealed = {"vc+sd-jwt": in_sd_jwt, "vc+cose": in_cose}[form](credential(), signer=KEY, verification_method=METHOD)
    path, kind = f"{root}/credentials/verify", {"Content-Type": f"application/{form}"}
    answers = [
        await served_node.ask("POST", path, data=sealed, headers=kind),
        await served_node.ask("POST", path, json={"verifiableCredential": in_json(sealed)}),
    ]
    if form == "vc+sd-jwt":
        answers.append(await served_node.ask("POST", path, json={"verifiableCredential": sealed.decode()}))

    assert [(answer.status, answer.json["verified"]) for answer in answers] == [(200, True)] * len(answers)
    spoilt = await served_node.ask("POST", path, data=sealed[:-2] + b"\x00~", headers=kind)
    assert spoilt.json["verified"] is False


@pytest.mark.w3c("A7.0", "A7.5")
async def test_a_node_presents_as_itself_with_its_authentication_key(served_node: Served) -> None:
    held = (await served_node.issue(draft())).json["verifiableCredential"]
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [held],
    }
    asked = {"challenge": "c-1", "domain": "buyer.test"}
    body = {"presentation": document, "options": asked}

    made = await served_node.ask("POST", "/presentations", token=served_node.token, json=body)
    shown = made.json["verifiablePresentation"]
    answer = await served_node.ask(
        "POST", "/presentations/verify", json={"verifiablePresentation": shown, "options": asked}
    )

    assert (made.status, shown["holder"]) == (201, served_node.node.identity.did)
    assert shown["proof"]["verificationMethod"].endswith("#auth-1")
    assert (answer.status, answer.json["verified"]) == (200, True), answer.json
    assert (await served_node.ask("POST", "/presentations", json=body)).status == 401
    assert (await served_node.ask("GET", "/presentations", token=served_node.token)).status in (404, 405)


@pytest.mark.w3c("C1.1")
@pytest.mark.parametrize("root", ROOTS)
async def test_a_failed_verification_is_an_answer_to_the_world(served_node: Served, root: str) -> None:
    credential_ = (await served_node.issue(draft())).json["verifiableCredential"]
    asked = {"verifiableCredential": {**credential_, "name": "Another name"}}
    answer = await served_node.ask("POST", f"{root}/credentials/verify", json=asked)
    assert (answer.status, answer.json["verified"]) == (200, False)
