"""A presentation holds only if its own proof and every credential in it hold."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.did.documents import jwk_method, multikey_method
from credentials.envelopes.jose import write_compact
from credentials.evidence import Evidence, Need
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.verdict import Check, Outcome
from credentials.verify import PRESENTATION, PresentationVerdict, check, held, needs_presentation, read
from tests.corpus.making import V2, enveloped, to_bytes
from tests.credentials.verify.world import (
    AT,
    FARM,
    KEY,
    MILL,
    MILL_KEY,
    did_document,
    did_need,
    evidence,
    found,
    presented,
    proofed,
    signed,
)

BOTH = evidence().with_answers({did_need(MILL): found(did_document(MILL, MILL_KEY))})


def presentation(*held: Any, **changes: Any) -> dict[str, Any]:
    value = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": MILL, "verifiableCredential": list(held)}
    return {name: item for name, item in {**value, **changes}.items() if item is not None}


def by_mill(value: dict[str, Any], suite: str = "eddsa-jcs-2022", **options: Any) -> bytes:
    secured = add_proof(
        value,
        ProofOptions(
            verification_method=multikey_method(MILL, "cred-1"),
            **{"created": AT, "proof_purpose": "authentication", **options},
        ),
        suite=SUITES[suite],
        signer=MILL_KEY,
        contexts=standard_library(),
    )
    return to_bytes(secured)


def as_token(value: dict[str, Any], **claims: Any) -> bytes:
    header = {"kid": f"{MILL}#cred-1", "typ": "vp+jwt", "cty": "vp"}
    return write_compact(header, to_bytes({**value, **claims}), signer=MILL_KEY)


def judged(raw: bytes, given: Evidence = BOTH, **asked: Any) -> PresentationVerdict:
    return presented(raw, None, given, **asked)


def wanted(raw: bytes, given: Evidence) -> frozenset[Need]:
    presentation = check(read(raw, None, role=PRESENTATION), given)
    return needs_presentation(presentation, [check(read(one, None), given) for one in held(presentation)], given)


def bad(verdict: PresentationVerdict) -> Check:
    return next(check for check in verdict.checks if check.outcome is not Outcome.PASSED)


def test_it_needs_the_holders_and_every_issuers_did_document() -> None:
    raw = by_mill(presentation(enveloped(signed()), proofed()))

    assert wanted(raw, Evidence()) == {did_need(), did_need(MILL)}
    assert wanted(raw, BOTH) == frozenset()


@pytest.mark.w3c("A1.12")
def test_a_presentation_of_both_forms_passes() -> None:
    verdict = judged(by_mill(presentation(enveloped(signed()), proofed())))

    assert verdict.outcome is Outcome.PASSED, verdict.checks
    assert [inner.form for inner in verdict.credentials] == ["vc+jwt", "eddsa-jcs-2022"]
    assert (verdict.holder, verdict.form) == (MILL, "eddsa-jcs-2022")


@pytest.mark.w3c("A1.13", "A4.1")
def test_a_presentation_as_token_passes_raw_and_enveloped() -> None:
    raw = as_token(presentation(enveloped(signed())))
    outer = {
        "@context": [V2],
        "type": "EnvelopedVerifiablePresentation",
        "id": f"data:application/vp+jwt,{raw.decode()}",
    }

    assert judged(raw).outcome is Outcome.PASSED
    assert judged(to_bytes(outer)).outcome is Outcome.PASSED


def test_a_presentation_under_rdf_canonicalisation_passes_and_any_change_inside_fails() -> None:
    raw = by_mill(presentation(enveloped(signed()), proofed()), suite="eddsa-rdfc-2022")

    assert judged(raw).outcome is Outcome.PASSED
    changed = judged(raw.replace(b"Cotton lot 1", b"Cotton lot 2"))
    assert [one.name for one in changed.checks if one.outcome is Outcome.FAILED] == ["proof"]


def test_without_a_holder_whoever_signed_presents() -> None:
    verdict = judged(by_mill(presentation(proofed(), holder=None)))

    assert (verdict.outcome, verdict.holder) == (Outcome.PASSED, MILL)


@pytest.mark.parametrize(("domain", "challenge"), [("shop.test", "c1"), (None, "c1"), ("shop.test", None)])
@pytest.mark.w3c("A2.7")
def test_what_was_asked_for_is_answered(domain: str | None, challenge: str | None) -> None:
    proof = by_mill(presentation(proofed()), domain="shop.test", challenge="c1")
    token = as_token(presentation(enveloped(signed())), aud="shop.test", nonce="c1")

    for raw in (proof, token):
        assert judged(raw, domain=domain, challenge=challenge).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"domain": "other.test", "challenge": "c1"}, "INVALID_DOMAIN_ERROR"),
        ({"domain": "shop.test", "challenge": "c2"}, "INVALID_CHALLENGE_ERROR"),
        ({"challenge": ""}, "INVALID_CHALLENGE_ERROR"),
    ],
)
def test_a_good_credential_does_not_save_a_presentation_for_somebody_else(asked: dict[str, str], code: str) -> None:
    proof = by_mill(presentation(proofed()), domain="shop.test", challenge="c1")
    token = as_token(presentation(enveloped(signed())), aud="shop.test", nonce="c1")

    for raw in (proof, token):
        verdict = judged(raw, **asked)
        assert verdict.outcome is Outcome.FAILED
        assert bad(verdict).problem is not None
        assert bad(verdict).problem.code == code  # type: ignore[union-attr]
        assert verdict.credentials[0].outcome is Outcome.PASSED


def test_one_bad_credential_among_good_ones_is_found_wherever_it_stands() -> None:
    good, broken = proofed(), {**proofed(), "validFrom": "2024-01-02T00:00:00Z"}

    for position in range(3):
        held = [good, good]
        held.insert(position, broken)
        verdict = judged(by_mill(presentation(*held)))
        assert verdict.outcome is Outcome.FAILED
        assert [inner.outcome for inner in verdict.credentials].index(Outcome.FAILED) == position


@pytest.mark.w3c("A4.3")
def test_an_unsecured_credential_inside_is_refused() -> None:
    unsecured = {name: item for name, item in proofed().items() if name != "proof"}

    assert judged(by_mill(presentation(unsecured))).outcome is Outcome.FAILED


def test_a_presentation_without_proof_is_refused() -> None:
    verdict = judged(to_bytes(presentation(proofed())))

    assert bad(verdict).problem is not None
    assert verdict.outcome is Outcome.FAILED


def test_a_presentation_inside_a_presentation_is_refused() -> None:
    inner = json.loads(by_mill(presentation(proofed())))

    assert judged(by_mill(presentation(inner))).outcome is Outcome.FAILED


@pytest.mark.w3c("A1.12", "A4.3")
def test_bare_tokens_inside_are_refused() -> None:
    assert judged(by_mill(presentation(signed().decode()))).outcome is Outcome.FAILED


def test_fifty_one_credentials_are_refused_without_judging_any() -> None:
    raw = by_mill(presentation(*[enveloped(signed())] * 51))

    verdict = judged(raw)

    assert verdict.outcome is Outcome.FAILED
    assert verdict.credentials == ()
    assert wanted(raw, Evidence()) == frozenset()


@pytest.mark.w3c("A1.12")
def test_a_presentation_signed_for_another_holder_is_refused() -> None:
    verdict = judged(by_mill(presentation(proofed(), holder=FARM)))

    assert bad(verdict).problem is not None
    assert bad(verdict).problem.code == "ISSUER_MISMATCH"  # type: ignore[union-attr]


@pytest.mark.w3c("A2.6")
def test_a_proof_for_assertion_presents_nothing() -> None:
    assert judged(by_mill(presentation(proofed()), proof_purpose="assertionMethod")).outcome is Outcome.FAILED


@pytest.mark.w3c("A4.1")
def test_a_credential_token_is_no_presentation_and_the_other_way_round() -> None:
    assert judged(signed()).outcome is Outcome.FAILED
    disguised = write_compact(
        {"kid": jwk_method(FARM, "cred-1"), "typ": "vp+jwt"}, to_bytes(presentation(holder=FARM)), signer=KEY
    )
    assert judged(disguised).outcome is Outcome.FAILED, "the key is for assertion, not for authentication"


def test_a_presentation_verdict_has_no_truth_value() -> None:
    with pytest.raises(RuntimeError):
        bool(judged(by_mill(presentation(proofed()))))


@pytest.mark.w3c("A4.1")
@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": int(AT.timestamp()) - 3600}, "EXPIRED"),
        ({"nbf": int(AT.timestamp()) + 3600}, "NOT_YET_VALID"),
        ({"nbf": int(AT.timestamp()) - 3600, "exp": int(AT.timestamp()) + 3600}, None),
    ],
)
def test_a_token_s_own_times_bind_the_presentation_in_it(claims: dict[str, int], code: str | None) -> None:
    verdict = judged(as_token(presentation(enveloped(signed())), **claims))

    assert [one.problem.code for one in verdict.checks if one.problem] == ([code] if code else [])
    assert verdict.outcome is (Outcome.FAILED if code else Outcome.PASSED)


def test_a_proof_s_own_end_binds_the_presentation_it_is_on() -> None:
    verdict = judged(
        by_mill(presentation(enveloped(signed())), expires=AT - timedelta(hours=1), created=AT - timedelta(days=1))
    )

    assert verdict.outcome is Outcome.FAILED
    assert "EXPIRED" in {one.problem.code for one in verdict.checks if one.problem}
