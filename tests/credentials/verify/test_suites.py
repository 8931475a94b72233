"""Every cryptosuite is judged alike: by did:web and did:key, alone, in sets and in chains, whole and in part."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.did.documents import multikey_method
from credentials.did.key import did_of_key, method_of_key
from credentials.encoding.multibase import decode_multibase, encode_base58
from credentials.errors import ProofProblem
from credentials.evidence import Absent, Evidence, Found, Need
from credentials.issue import secure_with_proofs
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.coverage import proofs_of
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.derivation import derive_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.verdict import Outcome, Verdict
from credentials.verify import judge, read
from tests.corpus.making import credential, to_bytes
from tests.credentials.verify.world import AT, FARM, KEY, MILL, MILL_KEY, did_document, did_need, found, wanted

KEYS = {
    KeyKind.ED25519: KEY,
    KeyKind.P256: SigningKey(KeyKind.P256, b"\x07" * 32),
    KeyKind.P384: SigningKey(KeyKind.P384, b"\x07" * 48),
}
CASES = [(name, kind) for name, suite in SUITES.items() for kind in sorted(suite.key_kinds)]
EVERY = pytest.mark.parametrize(("suite", "kind"), CASES)
DISCLOSING = [("ecdsa-sd-2023", KeyKind.P256)]


def _issued(suite: str, kind: KeyKind, *, did: str = FARM, **changes: Any) -> dict[str, Any]:
    method = method_of_key(KEYS[kind].public_key) if did.startswith("did:key") else multikey_method(did, "cred-1")
    raw = secure_with_proofs(
        credential(issuer=did, **changes),
        signer=KEYS[kind],
        verification_method=method,
        created=AT,
        suites=[suite],
        mandatory_pointers=["/issuer", "/validFrom"],
    )
    value: dict[str, Any] = json.loads(raw)
    if suite in SUITES:
        return value
    return derive_proof(
        value, value["proof"], selective_pointers=["/credentialSubject/id"], contexts=standard_library()
    )


def _farm(kind: KeyKind, **published: Any) -> Evidence:
    return Evidence({did_need(): found(did_document(key=KEYS[kind], **published))})


def _judged(value: dict[str, Any], evidence: Evidence) -> Verdict:
    return judge(read(to_bytes(value), None), evidence, at=AT)


@pytest.mark.parametrize(("suite", "kind"), [*CASES, *DISCLOSING])
def test_a_did_web_issuer_may_use_any_suite_and_the_verdict_names_it(suite: str, kind: KeyKind) -> None:
    value = _issued(suite, kind)
    assert wanted(to_bytes(value), Evidence({})) == {did_need()}
    verdict = _judged(value, _farm(kind))
    assert [check.outcome for check in verdict.checks] == [Outcome.PASSED] * 6
    assert (verdict.form, verdict.issuer) == (suite, FARM)


@pytest.mark.parametrize(("suite", "kind"), [*CASES, *DISCLOSING])
def test_a_did_key_issuer_needs_nothing_looked_up(suite: str, kind: KeyKind) -> None:
    value = _issued(suite, kind, did=did_of_key(KEYS[kind].public_key))
    assert wanted(to_bytes(value), Evidence({})) == frozenset()
    assert _judged(value, Evidence({})).outcome is Outcome.PASSED


@pytest.mark.parametrize(("suite", "kind"), [*CASES, *DISCLOSING])
def test_a_changed_claim_is_refused_whatever_the_suite(suite: str, kind: KeyKind) -> None:
    value = _issued(suite, kind)
    verdict = _judged({**value, "validFrom": "2020-01-01T00:00:00Z"}, _farm(kind))
    assert verdict.check("proof").outcome is Outcome.FAILED


@EVERY
def test_another_key_of_the_same_kind_is_refused(suite: str, kind: KeyKind) -> None:
    other = SigningKey.generate(kind)
    verdict = _judged(_issued(suite, kind), Evidence({did_need(): found(did_document(key=other))}))
    assert verdict.check("proof").outcome is Outcome.FAILED


@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.P384])
def test_a_key_counts_in_its_time_only(kind: KeyKind) -> None:
    value = _issued("ecdsa-rdfc-2019", kind)
    for life in ({"revoked": AT}, {"expires": AT}, {"revoked": AT - timedelta(days=1)}):
        assert _judged(value, _farm(kind, **life)).check("key").outcome is Outcome.FAILED
    later = _judged(value, _farm(kind, revoked=AT + timedelta(days=1)))
    assert later.outcome is Outcome.PASSED


@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.P384])
def test_a_key_for_authentication_makes_no_credential(kind: KeyKind) -> None:
    verdict = _judged(_issued("ecdsa-jcs-2019", kind), _farm(kind, purposes=("authentication",)))
    problem = verdict.check("key").problem
    assert problem is not None
    assert problem.code == "KEY_NOT_AUTHORIZED"


def test_what_was_disclosed_is_what_is_judged() -> None:
    value = _issued("ecdsa-sd-2023", KeyKind.P256, name="A name held back")
    verdict = _judged(value, _farm(KeyKind.P256))
    assert verdict.document is not None
    assert verdict.document.value == {name: item for name, item in value.items() if name != "proof"}
    assert "name" not in verdict.document.value
    assert verdict.require().id == value["id"]


def test_a_base_proof_is_not_accepted_in_place_of_a_derived_one() -> None:
    raw = secure_with_proofs(
        credential(issuer=FARM),
        signer=KEYS[KeyKind.P256],
        verification_method=multikey_method(FARM, "cred-1"),
        created=AT,
        suites=["ecdsa-sd-2023"],
    )
    verdict = judge(read(raw, None), _farm(KeyKind.P256), at=AT)
    assert verdict.check("proof").outcome is Outcome.FAILED


def _chain(*, first_by: str = MILL, last_by: str = FARM, **last: Any) -> dict[str, Any]:
    """A credential of the farm with a proof by ``first_by`` and one by ``last_by`` that builds on it."""
    value: dict[str, Any] = credential(issuer=FARM)
    for did, options in ((first_by, {"id": "urn:x:1"}), (last_by, {"previous_proof": ["urn:x:1"], **last})):
        value = add_proof(
            value,
            ProofOptions(verification_method=multikey_method(did, "cred-1"), created=AT, **options),
            suite=SUITES["eddsa-jcs-2022"],
            signer=MILL_KEY if did == MILL else KEY,
            contexts=standard_library(),
        )
    return value


def _both() -> Evidence:
    answers: dict[Need, Found | Absent] = {
        did_need(): found(did_document()),
        did_need(MILL): found(did_document(MILL, MILL_KEY)),
    }
    return Evidence(answers)


def test_a_chain_holds_when_the_proofs_it_builds_on_hold() -> None:
    value = _chain()
    assert _judged(value, _both()).outcome is Outcome.PASSED
    assert _judged(_chain(first_by=FARM), _both()).outcome is Outcome.PASSED


def test_the_key_of_a_proof_that_was_built_on_is_looked_up_only_once_the_signers_proof_holds() -> None:
    value = _chain()
    assert wanted(to_bytes(value), Evidence({})) == {did_need()}
    farm = Evidence({did_need(): found(did_document())})
    assert wanted(to_bytes(value), farm) == {did_need(MILL)}
    assert wanted(to_bytes({**value, "validFrom": "2020-01-01T00:00:00Z"}), farm) == frozenset()
    assert wanted(to_bytes(value), _both()) == frozenset()


def test_a_chain_cannot_be_told_without_the_key_of_what_it_builds_on() -> None:
    verdict = _judged(_chain(), Evidence({did_need(): found(did_document())}))
    assert verdict.check("key").outcome is Outcome.UNDETERMINED


def test_a_chain_on_a_proof_by_another_key_than_it_names_is_refused() -> None:
    answers: dict[Need, Found | Absent] = {
        did_need(): found(did_document()),
        did_need(MILL): found(did_document(MILL, SigningKey.generate())),
    }
    assert _judged(_chain(), Evidence(answers)).check("proof").outcome is Outcome.FAILED


def test_a_chain_on_a_broken_proof_is_refused_though_the_signers_own_covers_it() -> None:
    broken = _chain()
    broken["proof"] = [{**broken["proof"][0], "proofValue": encode_base58(bytes(64))}]
    value = add_proof(
        broken,
        ProofOptions(verification_method=multikey_method(FARM, "cred-1"), created=AT, previous_proof=["urn:x:1"]),
        suite=SUITES["eddsa-jcs-2022"],
        signer=KEY,
        contexts=standard_library(),
    )
    assert _judged(value, _both()).check("proof").outcome is Outcome.FAILED


def test_a_chain_with_a_missing_link_is_refused() -> None:
    value = _chain()
    alone = {**value, "proof": proofs_of(value)[1]}
    assert _judged(alone, _both()).check("proof").outcome is Outcome.FAILED
    assert wanted(to_bytes(alone), Evidence({did_need(): found(did_document())})) == frozenset()


def test_a_third_partys_proof_that_nobody_builds_on_decides_nothing() -> None:
    value = _chain(first_by=FARM, last_by=MILL)
    assert wanted(to_bytes(value), Evidence({})) == {did_need()}
    assert _judged(value, Evidence({did_need(): found(did_document())})).outcome is Outcome.PASSED


def test_the_other_half_of_an_ecdsa_signature_secures_the_same_credential() -> None:
    """(r, n−s) verifies wherever (r, s) does, so credentials are told apart by what is secured, never by signature."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    value = _issued("ecdsa-rdfc-2019", KeyKind.P256)
    raw = decode_multibase(value["proof"]["proofValue"])
    mirrored = raw[:32] + (order - int.from_bytes(raw[32:])).to_bytes(32)
    other = {**value, "proof": {**value["proof"], "proofValue": encode_base58(mirrored)}}
    first, second = _judged(value, _farm(KeyKind.P256)), _judged(other, _farm(KeyKind.P256))
    assert (first.outcome, second.outcome) == (Outcome.PASSED, Outcome.PASSED)
    assert first.object_digest != second.object_digest
    assert first.credential_digest == second.credential_digest


@pytest.mark.w3c("A3.5")
@pytest.mark.parametrize("suite", ["bbs-2023", "eddsa-2022", "ecdsa-2019", "Ed25519Signature2020"])
def test_a_suite_that_is_not_offered_is_named_when_checking_and_refused_when_signing(suite: str) -> None:
    document = _issued("eddsa-rdfc-2022", KeyKind.ED25519)
    document["proof"]["cryptosuite"] = suite

    verdict = judge(read(to_bytes(document), None), Evidence({did_need(): found(did_document())}), at=AT)

    problem = verdict.check("proof").problem
    assert problem is not None
    assert (verdict.outcome, problem.pointer) == (Outcome.UNDETERMINED, "/proof/cryptosuite")
    assert (problem.code, suite in problem.detail) == ("UNSUPPORTED_SUITE", True)
    with pytest.raises(ProofProblem, match=suite):
        _issued(suite, KeyKind.ED25519)
