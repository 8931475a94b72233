"""Selective disclosure over HTTP: what is mandatory stays, what is chosen is shown, and nothing else."""

from __future__ import annotations

import pytest

from tests.conformance.suite import Suite

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.w3c("A3.4")]


@pytest.mark.w3c("A7.0", "A3.4")
async def test_a_holder_shows_the_mandatory_and_the_chosen_part(at_work: Suite) -> None:
    draft = at_work.draft("ecdsa-sd", credentialSubject={"name": "A", "description": "B"})
    secured = await at_work.issued("ecdsa-sd", draft, mandatoryPointers=["/issuer"])
    derived = await at_work.derive(secured, "/credentialSubject/name")
    shown = derived.json["verifiableCredential"]
    assert derived.status == 201
    assert shown["issuer"] == draft["issuer"]
    assert shown["credentialSubject"] == {"name": "A"}
    assert (await at_work.verify("ecdsa-sd", shown)).json["verified"] is True


async def test_a_base_proof_is_for_no_verifier(at_work: Suite) -> None:
    assert (await at_work.verify("ecdsa-sd", await at_work.issued("ecdsa-sd"))).status == 400


async def test_a_pointer_to_nothing_is_refused_when_issuing_and_when_deriving(at_work: Suite) -> None:
    issued = await at_work.issue("ecdsa-sd", at_work.draft("ecdsa-sd"), mandatoryPointers=["/nothing"])
    derived = await at_work.derive(await at_work.issued("ecdsa-sd"), "/nothing")
    assert (issued.status, derived.status) == (400, 400)


async def test_a_suite_that_shows_all_takes_no_mandatory_pointers(at_work: Suite) -> None:
    heard = await at_work.issue("eddsa-rdfc", at_work.draft("eddsa-rdfc"), mandatoryPointers=["/issuer"])
    assert (heard.status, heard.json["code"]) == (400, "PROOF_GENERATION_ERROR")


async def test_a_credential_without_a_base_proof_cannot_be_shown_in_part(at_work: Suite) -> None:
    heard = await at_work.derive(await at_work.issued("eddsa-rdfc"), "/issuer")
    assert (heard.status, heard.json["code"]) == (400, "PROOF_GENERATION_ERROR")
