"""Proofs on our own documents: sets, options, and every single change refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.library import standard_library
from credentials.encoding.multibase import decode_multibase, encode_base58, encode_base64url
from credentials.errors import CredentialsError, LimitReached, MalformedInput, ProofProblem
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.integrity import add_proof, check_proof, created_of, proofs_of, verification_method_of
from credentials.proofs.options import MEMBERS
from credentials.proofs.registry import SUITES
from tests.credentials.rdf.libraries import CREDENTIALS, EXAMPLES, vector_contexts
from tests.shared import needs_shared

AT = datetime(2026, 2, 1, tzinfo=UTC)
KEY = SigningKey(KeyKind.ED25519, bytes(range(32)))
METHOD = "did:web:mill.example#key-1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
BOTH = pytest.mark.parametrize("name", sorted(SUITES))
CREDENTIAL: dict[str, Any] = {
    "@context": [CREDENTIALS, MULTIKEY],
    "id": "urn:uuid:1b8a0f6e-0001-4000-8000-000000000001",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:mill.example", "name": "Mill"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "urn:x:yarn", "name": ["Yarn", "Garn"], "description": "40 % recycled"},
}


def secure(document: dict[str, Any], *names: str, **options: Any) -> dict[str, Any]:
    for name in names:
        document = add_proof(
            document,
            suite=SUITES[name],
            signer=KEY,
            verification_method=METHOD,
            created=AT,
            contexts=standard_library(),
            **options,
        )
    return document


def check(document: dict[str, Any], proof: Any = None, **options: Any) -> None:
    proof = proofs_of(document)[0] if proof is None else proof
    check_proof(document, proof, key=KEY.public_key, contexts=standard_library(), **options)


def refused(document: dict[str, Any], proof: Any = None, **options: Any) -> CredentialsError:
    with pytest.raises(CredentialsError) as caught:
        check(document, proof, **options)
    assert caught.value.problem.fix
    return caught.value


@BOTH
def test_what_is_signed_verifies(name: str) -> None:
    document = secure(CREDENTIAL, name)
    check(document, at=AT)
    (proof,) = proofs_of(document)
    assert (verification_method_of(proof), created_of(proof)) == (METHOD, AT)
    assert "proof" not in CREDENTIAL


def test_a_document_may_carry_a_proof_of_each_suite() -> None:
    document = secure(CREDENTIAL, "eddsa-jcs-2022", "eddsa-rdfc-2022")
    assert [proof["cryptosuite"] for proof in proofs_of(document)] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    for proof in proofs_of(document):
        check(document, proof, at=AT)
    for proof in document["proof"]:
        check({**document, "proof": proof}, proof)
    check({**document, "proof": document["proof"][::-1]})


@BOTH
def test_a_good_proof_is_not_spoilt_by_a_bad_one_beside_it_and_does_not_mend_it(name: str) -> None:
    document = secure(CREDENTIAL, name)
    bad = {**document["proof"], "proofValue": encode_base58(bytes(64))}
    both = {**document, "proof": [bad, document["proof"]]}
    check(both, document["proof"])
    assert isinstance(refused(both, bad), ProofProblem)


@BOTH
def test_a_chain_covers_the_proofs_it_names(name: str) -> None:
    first = secure(CREDENTIAL, "eddsa-jcs-2022", proof_id="urn:x:first")
    chain = secure(first, name, proof_id="urn:x:second", previous=["urn:x:first"])
    last = proofs_of(chain)[1]
    check(chain, last)
    assert refused({**chain, "proof": [last]}, last).problem.pointer == "/previousProof"
    changed = {**chain["proof"][0], "proofValue": encode_base58(bytes(64))}
    assert refused({**chain, "proof": [changed, last]}, last).problem.code == "PROOF_VERIFICATION_ERROR"


@BOTH
def test_rings_and_proofs_that_build_on_themselves_are_refused(name: str) -> None:
    proof = {**secure(CREDENTIAL, name)["proof"]}
    ring = [{**proof, "id": f"urn:x:{index}", "previousProof": f"urn:x:{(index + 1) % 3}"} for index in range(3)]
    assert refused({**CREDENTIAL, "proof": ring}, ring[0]).problem.pointer == "/previousProof"
    alone = {**proof, "id": "urn:x:0", "previousProof": ["urn:x:0"]}
    assert refused({**CREDENTIAL, "proof": alone}, alone).problem.pointer == "/previousProof"


@pytest.mark.parametrize("proof", [[], None, "text", [{}, "text"], 5, [{}] * 9, [{"id": "urn:x:1"}] * 2])
def test_what_is_no_set_of_proofs_is_refused(proof: object) -> None:
    with pytest.raises(ProofProblem):
        proofs_of({**CREDENTIAL, "proof": proof})


def test_a_ninth_proof_is_not_added() -> None:
    document = secure(CREDENTIAL, *["eddsa-jcs-2022"] * 8)
    with pytest.raises(ProofProblem):
        secure(document, "eddsa-jcs-2022")


@BOTH
def test_a_key_of_the_wrong_kind_neither_signs_nor_verifies(name: str) -> None:
    wrong = SigningKey.generate(KeyKind.P256)
    with pytest.raises(ProofProblem) as caught:
        add_proof(
            CREDENTIAL,
            suite=SUITES[name],
            signer=wrong,
            verification_method=METHOD,
            created=AT,
            contexts=standard_library(),
        )
    assert caught.value.problem.code == "PROOF_GENERATION_ERROR"
    document = secure(CREDENTIAL, name)
    with pytest.raises(ProofProblem):
        check_proof(document, document["proof"], key=wrong.public_key, contexts=standard_library())


CHANGED_OPTIONS: list[dict[str, Any]] = [
    {"created": "2026-02-01T00:00:01Z"},
    {"created": "2026-02-01T00:00:00+00:00"},
    {"created": None},
    {"expires": "2030-01-01T00:00:00Z"},
    {"domain": "https://other.example"},
    {"domain": ["https://mill.example", "https://other.example"]},
    {"domain": []},
    {"domain": None},
    {"challenge": "other"},
    {"challenge": None},
    {"nonce": "n"},
    {"verificationMethod": METHOD + "2"},
    {"verificationMethod": METHOD + " "},
    {"verificationMethod": {"id": METHOD}},
    {"verificationMethod": None},
    {"proofPurpose": "authentication"},
    {"proofPurpose": "assertionMethod "},
    {"proofPurpose": ["assertionMethod"]},
    {"proofPurpose": None},
    {"type": "Ed25519Signature2018"},
    {"type": ["DataIntegrityProof"]},
    {"type": None},
    {"cryptosuite": "ecdsa-rdfc-2019"},
    {"cryptosuite": ["eddsa-jcs-2022"]},
    {"cryptosuite": None},
    {"id": "urn:x:other"},
    {"id": None},
    {"id": "not an id"},
    {"previousProof": []},
    {"previousProof": "urn:x:missing"},
    {"zz": "x"},
    {"@context": CREDENTIALS},
    {"@context": [CREDENTIALS, MULTIKEY, "https://w3id.org/security/data-integrity/v2"]},
    {"@context": {"@vocab": "urn:x:"}},
    {"proofValue": None},
    {"proofValue": 5},
]


@BOTH
@pytest.mark.parametrize("change", CHANGED_OPTIONS, ids=str)
def test_a_changed_proof_option_is_refused(name: str, change: dict[str, Any]) -> None:
    document = secure(CREDENTIAL, name, proof_id="urn:x:proof", domain="https://mill.example", challenge="c1")
    check(document)
    changed = {**document["proof"], **change}
    changed = {key: value for key, value in changed.items() if value is not None}
    refused({**document, "proof": changed}, changed)


@BOTH
def test_the_value_of_one_suite_is_not_taken_for_the_other(name: str) -> None:
    other = next(suite for suite in SUITES if suite != name)
    document = secure(CREDENTIAL, name)
    swapped = {**document["proof"], "cryptosuite": other}
    assert refused({**document, "proof": swapped}, swapped)


def _spoilt(value: str) -> Iterator[str]:
    raw = decode_multibase(value)
    yield from (
        value + " ",
        value + "\n",
        " " + value,
        value[1:],
        "u" + encode_base64url(raw),
        "Z" + value[1:],
        "z",
        "",
    )
    yield from (encode_base58(raw[:-1]), encode_base58(raw + b"\0"), value[:-1] + "0", value[:-1] + "\uff11")
    yield "z" + "1" * 64


@BOTH
def test_a_proof_value_is_exactly_the_base58_form_of_64_bytes(name: str) -> None:
    document = secure(CREDENTIAL, name)
    for value in _spoilt(document["proof"]["proofValue"]):
        proof = {**document["proof"], "proofValue": value}
        error = refused({**document, "proof": proof}, proof)
        assert error.problem.code in {"MALFORMED_VALUE_ERROR", "PROOF_VERIFICATION_ERROR"}
        assert isinstance(error, MalformedInput) or value == "z" + "1" * 64


@BOTH
def test_any_flipped_bit_of_the_signature_is_noticed(name: str) -> None:
    document = secure(CREDENTIAL, name)
    raw = decode_multibase(document["proof"]["proofValue"])
    for index in range(0, 64, 7):
        flipped = bytes([*raw[:index], raw[index] ^ 1, *raw[index + 1 :]])
        proof = {**document["proof"], "proofValue": encode_base58(flipped)}
        assert refused({**document, "proof": proof}, proof).problem.code == "PROOF_VERIFICATION_ERROR"


CHANGED_DOCUMENTS: list[dict[str, Any]] = [
    {"@context": [CREDENTIALS, "https://unknown.example/v1"]},
    {"@context": [{"@vocab": "urn:x:"}, CREDENTIALS, MULTIKEY]},
    {"id": "urn:uuid:1b8a0f6e-0001-4000-8000-000000000002"},
    {"id": "urn:uuid:1b8a0f6e-0001-4000-8000-000000000001 "},
    {"type": ["VerifiableCredential", "BitstringStatusListCredential"]},
    {"issuer": {"id": "did:web:other.example", "name": "Mill"}},
    {"issuer": "did:web:mill.example"},
    {"validFrom": "2026-01-01T00:00:01Z"},
    {"validUntil": "2027-01-01T00:00:00Z"},
    {"credentialSubject": {**CREDENTIAL["credentialSubject"], "description": "41 % recycled"}},
    {"credentialSubject": {**CREDENTIAL["credentialSubject"], "description": "40 % recycled "}},
    {"credentialSubject": {**CREDENTIAL["credentialSubject"], "zz": "x"}},
    {"credentialSubject": [CREDENTIAL["credentialSubject"], {"id": "urn:x y", "name": "More"}]},
    {"zz": "x"},
    {"name": None},
]


@BOTH
@pytest.mark.parametrize("change", CHANGED_DOCUMENTS, ids=lambda change: next(iter(change)))
def test_a_changed_claim_or_context_is_refused(name: str, change: dict[str, Any]) -> None:
    document = {**secure(CREDENTIAL, name), **change}
    refused(document)


@pytest.mark.parametrize("listed", [[CREDENTIALS], [MULTIKEY, CREDENTIALS], [], [CREDENTIALS, "urn:x:1", MULTIKEY]])
def test_the_contexts_must_begin_with_those_the_jcs_proof_keeps(listed: list[str]) -> None:
    document = {**secure(CREDENTIAL, "eddsa-jcs-2022"), "@context": listed}
    assert refused(document).problem.code == "CONTEXT_NOT_ALLOWED"


def test_contexts_behind_those_of_a_jcs_proof_are_not_covered_by_it_as_the_specification_has_it() -> None:
    listed = [*CREDENTIAL["@context"], "https://w3id.org/security/data-integrity/v2"]
    check({**secure(CREDENTIAL, "eddsa-jcs-2022"), "@context": listed})


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4) | st.sampled_from([CREDENTIALS, "urn:x:1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "type", "@context"]), inner),
    max_leaves=4,
)


@given(st.sampled_from(sorted(SUITES)), st.sampled_from(sorted(MEMBERS)), _ANYTHING)
@settings(max_examples=150, deadline=None)
def test_any_value_of_any_proof_member_ends_in_a_named_problem_or_changes_nothing(
    name: str, member: str, value: object
) -> None:
    document = secure(CREDENTIAL, name, proof_id="urn:x:proof")
    changed = {**document["proof"], member: value}
    if changed != document["proof"]:
        refused({**document, "proof": changed}, changed)


def test_a_credential_whose_terms_would_be_lost_is_not_signed_with_rdfc() -> None:
    with pytest.raises(CredentialsError) as caught:
        secure({**CREDENTIAL, "zz": "x"}, "eddsa-rdfc-2022")
    assert caught.value.problem.code == "DATA_LOSS_DETECTION_ERROR"


@BOTH
def test_a_proof_has_its_time(name: str) -> None:
    document = secure(CREDENTIAL, name, expires=AT + timedelta(days=1))
    check(document, at=AT)
    check(document, at=AT + timedelta(days=1))
    assert refused(document, at=AT + timedelta(days=2)).problem.pointer == "/expires"
    assert refused(document, at=AT - timedelta(days=1)).problem.pointer == "/created"


@BOTH
def test_a_presentation_proof_answers_its_domain_and_challenge(name: str) -> None:
    options = {"purpose": "authentication", "domain": "https://buyer.example", "challenge": "c1"}
    document = secure({"@context": [CREDENTIALS], "type": ["VerifiablePresentation"]}, name, **options)
    check(document, **options)
    assert refused(document, **{**options, "domain": "https://x.example"}).problem.code == "INVALID_DOMAIN_ERROR"
    assert refused(document, **{**options, "challenge": "c2"}).problem.code == "INVALID_CHALLENGE_ERROR"
    assert refused(document).problem.pointer == "/proofPurpose"


def test_a_challenge_without_a_domain_is_not_signed() -> None:
    with pytest.raises(ProofProblem):
        secure(CREDENTIAL, "eddsa-jcs-2022", challenge="c1")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), st.sampled_from(sorted(SUITES)))
@settings(max_examples=40, deadline=None)
def test_any_text_can_be_signed_and_verified(text: str, name: str) -> None:
    check(secure({**CREDENTIAL, "description": text}, name))


def _alike(width: int, depth: int) -> dict[str, Any]:
    return {"part": [_alike(width, depth - 1) for _ in range(width)]} if depth else {}


@needs_shared
@pytest.mark.parametrize(("width", "depth"), [(5, 3), (8, 2)])
def test_alike_objects_without_ids_are_refused_when_telling_them_apart_costs_too_much(width: int, depth: int) -> None:
    poison = {**CREDENTIAL, "@context": [CREDENTIALS, EXAMPLES], "credentialSubject": _alike(width, depth)}
    with pytest.raises(LimitReached) as caught:
        add_proof(
            poison,
            suite=SUITES["eddsa-rdfc-2022"],
            signer=KEY,
            verification_method=METHOD,
            created=AT,
            contexts=vector_contexts(),
        )
    assert caught.value.problem.code == "CANON_LIMIT"
