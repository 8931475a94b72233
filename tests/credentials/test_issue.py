"""Issuing refuses what verifying would only remark on, and signs exactly what it was given."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials.did.documents import jwk_method, multikey_method
from credentials.envelopes.jose import read_compact
from credentials.errors import ContextProblem, ProofProblem
from credentials.issue import check_draft, secure_as_jwt, secure_with_proofs
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.disclosure_values import read_base
from credentials.verdict import Outcome
from tests.corpus.making import AT, V2, credential, to_bytes
from tests.credentials.verify.world import FARM, KEY, judged
from tests.shared import untp_samples

UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
METHOD = multikey_method(FARM, "cred-1")


def codes(draft: dict[str, Any], **options: Any) -> list[str]:
    return [problem.code for problem in check_draft(draft, **options)]


def test_a_good_draft_has_no_problem() -> None:
    assert check_draft(credential(issuer=FARM)) == ()


def test_the_token_says_what_it_is_and_keeps_the_drafts_own_order() -> None:
    draft = credential(issuer=FARM, name="Łódź")

    token = read_compact(secure_as_jwt(draft, signer=KEY, verification_method=jwk_method(FARM, "cred-1")))

    assert dict(token.header) == {"alg": "EdDSA", "kid": f"{FARM}#cred-1-jwk", "typ": "vc+jwt", "cty": "vc"}
    assert token.payload == to_bytes(draft)
    assert list(json.loads(token.payload)) == list(draft)


def test_the_proof_set_has_one_proof_per_suite_over_the_same_draft() -> None:
    draft = credential(issuer=FARM)

    value = json.loads(secure_with_proofs(draft, signer=KEY, verification_method=METHOD, created=AT))

    assert [proof["cryptosuite"] for proof in value["proof"]] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    assert {proof["created"] for proof in value["proof"]} == {"2026-03-01T12:00:00Z"}
    assert {name: item for name, item in value.items() if name != "proof"} == draft


@pytest.mark.parametrize("suites", [("eddsa-jcs-2022",), ("eddsa-rdfc-2022",), ("eddsa-rdfc-2022", "eddsa-jcs-2022")])
def test_whatever_is_signed_is_accepted_by_the_verifier(suites: tuple[str, ...]) -> None:
    raw = secure_with_proofs(credential(issuer=FARM), signer=KEY, verification_method=METHOD, created=AT, suites=suites)

    assert judged(raw).outcome is Outcome.PASSED


@pytest.mark.parametrize("suites", [(), ("eddsa-2099",), ("eddsa-jcs-2022", "bbs-2023")])
def test_an_unknown_suite_or_none_signs_nothing(suites: tuple[str, ...]) -> None:
    with pytest.raises(ProofProblem) as caught:
        secure_with_proofs(credential(issuer=FARM), signer=KEY, verification_method=METHOD, created=AT, suites=suites)

    assert caught.value.problem.code == "PROOF_GENERATION_ERROR"


@pytest.mark.parametrize(
    "secure",
    [
        lambda draft: secure_as_jwt(draft, signer=KEY, verification_method=METHOD),
        lambda draft: secure_with_proofs(draft, signer=KEY, verification_method=METHOD, created=AT),
    ],
)
def test_what_carries_a_proof_is_not_signed_again(secure: Callable[[dict[str, Any]], bytes]) -> None:
    with pytest.raises(ProofProblem):
        secure(credential(issuer=FARM, proof={"type": "DataIntegrityProof"}))


def test_a_draft_with_an_undefined_term_gets_no_rdf_proof() -> None:
    with pytest.raises(ContextProblem):
        secure_with_proofs(
            credential(issuer=FARM, undefinedTerm="x"), signer=KEY, verification_method=METHOD, created=AT
        )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"undefinedTerm": "x"}, "DATA_LOSS_DETECTION_ERROR"),
        ({"@context": [V2, "https://context.invalid/v1"]}, "UNSUPPORTED_CONTEXT"),
        ({"@context": [UNTP, V2]}, "CONTEXT_NOT_ALLOWED"),
        ({"id": "relative"}, "TERM_INVALID"),
        ({"issuer": None}, "MALFORMED_VALUE_ERROR"),
        ({"validFrom": "2026-01-01"}, "MALFORMED_VALUE_ERROR"),
        ({"credentialSubject": {}}, "MALFORMED_VALUE_ERROR"),
        ({"type": ["VerifiableCredential", "Undefined"]}, "TERM_INVALID"),
        ({"proof": {}}, "MALFORMED_VALUE_ERROR"),
        ({"credentialStatus": {"type": "BitstringStatusListEntry"}}, "MALFORMED_VALUE_ERROR"),
    ],
)
def test_a_draft_that_should_not_be_signed_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    assert code in codes(credential(**{"issuer": FARM, **changes}))


def test_the_issuing_node_may_add_status_itself() -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://farm.test/status/1",
    }
    draft = credential(issuer=FARM, credentialStatus=entry)

    assert check_draft(draft, allow_status=True) == ()
    assert codes(draft) == ["MALFORMED_VALUE_ERROR"]


def test_every_problem_names_its_place_and_its_cure() -> None:
    problems = check_draft({"@context": [V2, UNTP], "type": ["VerifiableCredential", "DigitalProductPassport"]})

    assert problems
    assert all(problem.detail and problem.fix for problem in problems)
    assert len({(problem.code, problem.pointer, problem.detail) for problem in problems}) == len(problems)


def test_one_mistake_seen_by_two_checks_is_told_once() -> None:
    assert codes(credential(issuer=FARM, id="relative")) == ["TERM_INVALID"]


def test_lint_errors_and_strict_schema_refuse_a_passport() -> None:
    samples = untp_samples()
    passport = next(dict(value) for name, value in samples.items() if name.startswith("DigitalProductPassport_inst"))
    passport["credentialSubject"] = {**passport["credentialSubject"], "idGranularity": "item"}
    passport["credentialSubject"].pop("producedAtFacility")

    found = check_draft(passport)

    assert any(problem.detail.startswith("DPP-01") for problem in found)
    assert any("producedAtFacility" in problem.detail for problem in found)


P256 = SigningKey(KeyKind.P256, b"\x07" * 32)


def test_the_issuer_may_say_what_cannot_be_held_back() -> None:
    raw = secure_with_proofs(
        credential(issuer=FARM),
        signer=P256,
        verification_method=METHOD,
        created=AT,
        suites=["ecdsa-sd-2023"],
        mandatory_pointers=["/credentialSubject"],
    )

    assert read_base(json.loads(raw)["proof"]["proofValue"]).pointers == ("/credentialSubject",)


@pytest.mark.parametrize("suite", ["ecdsa-jcs-2019", "ecdsa-rdfc-2019", "ecdsa-sd-2023"])
def test_an_edwards_key_makes_no_ecdsa_proof(suite: str) -> None:
    with pytest.raises(ProofProblem):
        secure_with_proofs(credential(issuer=FARM), signer=KEY, verification_method=METHOD, created=AT, suites=[suite])
