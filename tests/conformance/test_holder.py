"""The holder's side over HTTP: presentations are made for whoever asked, kept, shown, and deleted for good."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.conformance.suite import BASE, NAMES, Suite

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = {"challenge": "theirs", "domain": "shop.example"}


def _draft(*held: Any, **members: Any) -> dict[str, Any]:
    return {"@context": [BASE], "type": ["VerifiablePresentation"], "verifiableCredential": list(held), **members}


async def _present(at_work: Suite, name: str, draft: dict[str, Any], **options: str) -> Any:
    body = {"presentation": draft, "options": options}
    return await at_work.call("POST", f"/instances/{name}/presentations", json=body)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.w3c("A7.0", "A7.5", "A1.12")
async def test_what_an_instance_presents_holds_for_whom_it_was_made_and_for_nobody_else(
    at_work: Suite, name: str
) -> None:
    made = await _present(at_work, name, _draft(await at_work.shown(name)), **ASKED)
    presentation = made.json["verifiablePresentation"]

    assert made.status == 201, made.json
    assert presentation["holder"] == at_work.issuer(name)
    assert presentation["proof"]["proofPurpose"] == "authentication"
    assert {key: presentation["proof"][key] for key in ASKED} == ASKED
    assert (await at_work.present(name, presentation, **ASKED)).json["verified"] is True
    refused = await at_work.present(name, presentation, challenge="another", domain=ASKED["domain"])
    assert refused.status == 400


@pytest.mark.w3c("A7.5")
@pytest.mark.parametrize(
    ("members", "options", "pointer"),
    [
        ({"holder": "did:example:other"}, {}, "/holder"),
        ({"proof": {"type": "DataIntegrityProof"}}, {}, "/proof"),
        ({"type": ["Presentation"]}, {}, "/type"),
        ({"verifiableCredential": ["eyJ.e30.AA"]}, {}, "/verifiableCredential/0"),
        ({}, {"challenge": "theirs"}, "/challenge"),
        ({}, {"proofPurpose": "assertionMethod"}, "/options/proofPurpose"),
    ],
    ids=str,
)
async def test_what_is_not_this_holders_to_present_is_not_signed(
    at_work: Suite, members: dict[str, Any], options: dict[str, str], pointer: str
) -> None:
    heard = await _present(at_work, "vcdm", _draft(**members), **options)
    assert heard.status == 400
    assert pointer in {problem["pointer"] for problem in heard.json.get("problems", [heard.json])}


@pytest.mark.w3c("A7.0")
@pytest.mark.parametrize(
    "name", [{"id": "urn:uuid:7c1b2f0e-53a5-4a52-8f6a-8f6f7c2ad001"}, {}], ids=["named", "unnamed"]
)
async def test_a_presentation_is_kept_until_it_is_deleted_for_good(at_work: Suite, name: dict[str, str]) -> None:
    made = await _present(at_work, "eddsa-jcs", _draft(**name))
    path = made.headers["Location"].removeprefix(at_work.served.addresses.plain)
    listed = await at_work.call("GET", "/instances/eddsa-jcs/presentations")
    shown = await at_work.call("GET", path)

    assert made.json["verifiablePresentation"] in listed.json
    assert (shown.status, shown.json) == (200, made.json["verifiablePresentation"])
    assert (await at_work.call("DELETE", path)).status == 202
    assert [(await at_work.call(verb, path)).status for verb in ("GET", "DELETE")] == [410, 410]
    again = await at_work.call("GET", "/instances/eddsa-jcs/presentations")
    assert made.json["verifiablePresentation"] not in again.json


@pytest.mark.w3c("A7.0")
async def test_a_credential_is_kept_under_its_id_until_it_is_deleted_for_good(at_work: Suite) -> None:
    name = "urn:uuid:7c1b2f0e-53a5-4a52-8f6a-8f6f7c2ad002"
    heard = await at_work.issue("ecdsa-jcs", at_work.draft("ecdsa-jcs", id=name))
    path = f"/instances/ecdsa-jcs/credentials/{quote(name, safe='')}"

    assert heard.headers["Location"] == at_work.served.addresses.plain + path
    assert (await at_work.call("GET", path)).json == heard.json
    assert (await at_work.call("GET", path.replace("ecdsa-jcs", "jose"))).status == 404
    assert (await at_work.call("DELETE", path)).status == 202
    assert (await at_work.call("GET", path)).status == 410
    assert (
        await at_work.verify("ecdsa-jcs", heard.json["verifiableCredential"])
    ).status == 200  # given out is given out


@pytest.mark.parametrize("path", ["presentations/none", "credentials/none"])
async def test_what_was_never_kept_is_404(at_work: Suite, path: str) -> None:
    for verb in ("GET", "DELETE"):
        assert (await at_work.call(verb, f"/instances/vcdm/{path}")).status == 404


@pytest.mark.w3c("A7.6")
async def test_a_presentation_must_answer_the_request_that_comes_with_it(at_work: Suite) -> None:
    made = (await _present(at_work, "vcdm", _draft(await at_work.issued("vcdm")), **ASKED)).json
    query = {"type": "QueryByExample", "credentialQuery": {"example": {"credentialSubject": {"name": "A subject"}}}}
    other = {"type": "QueryByExample", "credentialQuery": {"example": {"type": "DigitalProductPassport"}}}
    good, bad = [
        await at_work.present(
            "vcdm",
            made["verifiablePresentation"],
            verifiablePresentationRequest={"query": [{"type": "DIDAuthentication"}, asked], **ASKED},
        )
        for asked in (query, other)
    ]
    unread = await at_work.present(
        "vcdm",
        made["verifiablePresentation"],
        verifiablePresentationRequest={"query": [query], "challenge": "x"},
        **ASKED,
    )

    assert (good.status, good.json["verified"]) == (200, True), good.json
    assert (bad.status, [problem["code"] for problem in bad.json["problemDetails"]]) == (400, ["REQUEST_UNANSWERED"])
    assert (unread.status, unread.json["pointer"]) == (400, "/options/verifiablePresentationRequest/challenge")
