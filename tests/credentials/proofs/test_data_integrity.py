"""Proofs on our own documents: sets, options, and every single change refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.encoding.multibase import decode_multibase, encode_base58, encode_base64url
from credentials.errors import CredentialsError, LimitReached, MalformedInput, ProofProblem
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey
from credentials.proofs.coverage import covered, proofs_of
from credentials.proofs.data_integrity import (
    Hashed,
    add_proof,
    check_proof,
    check_stated,
    hash_data,
    make_proof,
)
from credentials.proofs.derivation import derive_proof
from credentials.proofs.proof_options import MEMBERS, ProofOptions, created_of, verification_method_of
from credentials.proofs.suite import hash_pair, sign_base58
from credentials.proofs.suites import DISCLOSING_SUITES, SUITES
from credentials.proofs.transforms import as_statements
from credentials.rdf.jsonld import to_quads
from credentials.rdf.nquads import write_nquads
from tests.credentials.rdf.libraries import CREDENTIALS, EXAMPLES, vector_contexts
from tests.shared import needs_shared

AT = datetime(2026, 2, 1, tzinfo=UTC)
KEYS = {
    KeyKind.ED25519: SigningKey(KeyKind.ED25519, bytes(range(32))),
    KeyKind.P256: SigningKey(KeyKind.P256, bytes(range(1, 33))),
    KeyKind.P384: SigningKey(KeyKind.P384, bytes(range(1, 49))),
    KeyKind.P521: SigningKey(KeyKind.P521, bytes(1) + bytes(range(1, 66))),
}
METHOD = "did:web:mill.example#key-"
MULTIKEY = "https://w3id.org/security/multikey/v1"
#: A case is a suite, and a kind of key where the suite takes several.
WHOLE = sorted(f"{name} {kind}" for name, suite in SUITES.items() for kind in suite.key_kinds)
DISCLOSING = "ecdsa-sd-2023 P-256"
CASES = [*WHOLE, DISCLOSING]
EVERY = pytest.mark.parametrize("case", CASES)
EACH = pytest.mark.parametrize("case", WHOLE)
NAMES = {*SUITES, "ecdsa-sd-2023"}
JCS, RDFC = "eddsa-jcs-2022 Ed25519", "eddsa-rdfc-2022 Ed25519"
CREDENTIAL: dict[str, Any] = {
    "@context": [CREDENTIALS, MULTIKEY],
    "id": "urn:uuid:1b8a0f6e-0001-4000-8000-000000000001",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:mill.example", "name": "Mill"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "urn:x:yarn", "name": ["Yarn", "Garn"], "description": "40 % recycled"},
}


def secure(
    document: dict[str, Any], *cases: str, contexts: ContextLibrary | None = None, **options: Any
) -> dict[str, Any]:
    contexts = contexts or standard_library()
    for case in cases:
        name, kind = case.split()
        key = KEYS[KeyKind(kind)]
        stated = ProofOptions(**{"verification_method": METHOD + kind, "created": AT, **options})
        suite = SUITES.get(name) or DISCLOSING_SUITES[name]
        ways: Any = {"suite": suite, "signer": key, "contexts": contexts, "mandatory_pointers": ["/@context"]}
        document = add_proof(document, stated, **ways)
        if name in DISCLOSING_SUITES:
            document = derive_proof(document, proofs_of(document)[-1], selective_pointers=[""], contexts=contexts)
    return document


def name_of(case: str) -> str:
    return case.partition(" ")[0]


def kind_of(case: str) -> KeyKind:
    return KeyKind(case.partition(" ")[2])


def key_of(proof: Any) -> PublicKey:
    """The key that the proof was made with, even if it now says something else."""
    kinds = [kind for kind in KEYS if METHOD + kind in str(proof.get("verificationMethod"))]
    return KEYS[kinds[0] if kinds else KeyKind.ED25519].public_key


def check(document: dict[str, Any], proof: Any = None, **options: Any) -> None:
    """Does the proof hold under its key, and does it say of itself what is asked (at, domain, challenge)?"""
    proof = proofs_of(document)[0] if proof is None else proof
    asked = {name: options.pop(name) for name in ("at", "domain", "challenge") if name in options}
    key = options.pop("key", key_of(proof))
    check_proof(document, proof, key=key, **{"contexts": standard_library(), **options})
    check_stated(proof, kind=key.kind, purpose=proof["proofPurpose"], **asked)


def refused(document: dict[str, Any], proof: Any = None, **options: Any) -> CredentialsError:
    with pytest.raises(CredentialsError) as caught:
        check(document, proof, **options)
    assert caught.value.problem.fix
    return caught.value


@EVERY
@pytest.mark.w3c("A2.1")
def test_what_is_signed_verifies(case: str) -> None:
    document = secure(CREDENTIAL, case)
    check(document, at=AT)
    (proof,) = proofs_of(document)
    assert (verification_method_of(proof), created_of(proof)) == (METHOD + kind_of(case), AT)
    assert "proof" not in CREDENTIAL


def test_a_document_may_carry_a_proof_of_each_suite() -> None:
    document = secure(CREDENTIAL, JCS, RDFC)
    assert [proof["cryptosuite"] for proof in proofs_of(document)] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
    for proof in proofs_of(document):
        check(document, proof, at=AT)
    for proof in document["proof"]:
        check({**document, "proof": proof}, proof)
    check({**document, "proof": document["proof"][::-1]})


@EVERY
@pytest.mark.w3c("A2.8")
def test_a_good_proof_is_not_spoilt_by_a_bad_one_beside_it_and_does_not_mend_it(case: str) -> None:
    document = secure(CREDENTIAL, case)
    bad = {**document["proof"], "created": "2026-01-31T00:00:00Z"}
    both = {**document, "proof": [bad, document["proof"]]}
    check(both, document["proof"])
    assert isinstance(refused(both, bad), ProofProblem)


@EACH
@pytest.mark.w3c("A2.8")
def test_a_chain_covers_the_proofs_it_names(case: str) -> None:
    first = secure(CREDENTIAL, JCS, id="urn:x:first")
    chain = secure(first, case, id="urn:x:second", previous_proof=["urn:x:first"])
    last = proofs_of(chain)[1]
    check(chain, last)
    assert refused({**chain, "proof": [last]}, last).problem.pointer == "/previousProof"
    changed = {**chain["proof"][0], "proofValue": encode_base58(bytes(64))}
    assert refused({**chain, "proof": [changed, last]}, last).problem.code == "PROOF_VERIFICATION_ERROR"


@EVERY
@pytest.mark.w3c("A2.8")
def test_rings_and_proofs_that_build_on_themselves_are_refused(case: str) -> None:
    proof = {**secure(CREDENTIAL, case)["proof"]}
    ring = [{**proof, "id": f"urn:x:{index}", "previousProof": f"urn:x:{(index + 1) % 3}"} for index in range(3)]
    assert refused({**CREDENTIAL, "proof": ring}, ring[0]).problem.pointer == "/previousProof"
    alone = {**proof, "id": "urn:x:0", "previousProof": ["urn:x:0"]}
    assert refused({**CREDENTIAL, "proof": alone}, alone).problem.pointer == "/previousProof"


@pytest.mark.parametrize("proof", [[], None, "text", [{}, "text"], 5, [{}] * 9, [{"id": "urn:x:1"}] * 2])
@pytest.mark.w3c("A2.5")
def test_what_is_no_set_of_proofs_is_refused(proof: object) -> None:
    with pytest.raises(ProofProblem):
        proofs_of({**CREDENTIAL, "proof": proof})


def test_a_ninth_proof_is_not_added() -> None:
    document = secure(CREDENTIAL, *[JCS] * 8)
    with pytest.raises(ProofProblem):
        secure(document, JCS)


@EACH
@pytest.mark.parametrize("kind", KeyKind)
@pytest.mark.w3c("A3.7")
def test_a_key_of_the_wrong_kind_neither_signs_nor_verifies(case: str, kind: KeyKind) -> None:
    suite, wrong = SUITES[name_of(case)], KEYS[kind]
    document = secure(CREDENTIAL, case)
    if kind not in suite.key_kinds:
        with pytest.raises(ProofProblem) as caught:
            secure(CREDENTIAL, f"{suite.name} {kind}")
        assert caught.value.problem.code == "PROOF_GENERATION_ERROR"
        assert refused(document, key=wrong.public_key).problem.pointer == "/verificationMethod"
    elif kind is not kind_of(case):
        refused(document, key=wrong.public_key)


@pytest.mark.parametrize("kind", [KeyKind.ED25519, KeyKind.P384, KeyKind.P521])
def test_statements_are_signed_with_p_256_only(kind: KeyKind) -> None:
    with pytest.raises(ProofProblem) as caught:
        secure(CREDENTIAL, f"ecdsa-sd-2023 {kind}")
    assert caught.value.problem.code == "PROOF_GENERATION_ERROR"
    assert refused(secure(CREDENTIAL, DISCLOSING), key=KEYS[kind].public_key)


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
    {"cryptosuite": "bbs-2023"},
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


@EVERY
@pytest.mark.parametrize("change", CHANGED_OPTIONS, ids=str)
@pytest.mark.w3c("A2.1", "A3.6")
def test_a_changed_proof_option_is_refused(case: str, change: dict[str, Any]) -> None:
    document = secure(CREDENTIAL, case, id="urn:x:proof", domain="https://mill.example", challenge="c1")
    check(document)
    changed = {**document["proof"], **change}
    changed = {key: value for key, value in changed.items() if value is not None}
    refused({**document, "proof": changed}, changed, key=KEYS[kind_of(case)].public_key)


@EVERY
def test_the_value_of_one_suite_is_not_taken_for_another(case: str) -> None:
    document = secure(CREDENTIAL, case)
    for other in NAMES - {name_of(case)}:
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
    yield "z" + "1" * len(raw)


@EACH
def test_a_proof_value_is_exactly_the_base58_form_of_the_signature(case: str) -> None:
    document = secure(CREDENTIAL, case)
    for value in _spoilt(document["proof"]["proofValue"]):
        proof = {**document["proof"], "proofValue": value}
        error = refused({**document, "proof": proof}, proof)
        assert error.problem.code in {"MALFORMED_VALUE_ERROR", "PROOF_VERIFICATION_ERROR"}
        assert isinstance(error, MalformedInput) or set(value) == {"z", "1"}


@EACH
def test_any_flipped_bit_of_the_signature_is_noticed(case: str) -> None:
    document = secure(CREDENTIAL, case)
    raw = decode_multibase(document["proof"]["proofValue"])
    for index in range(0, len(raw), 7):
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


@EVERY
@pytest.mark.parametrize("change", CHANGED_DOCUMENTS, ids=lambda change: next(iter(change)))
def test_a_changed_claim_or_context_is_refused(case: str, change: dict[str, Any]) -> None:
    document = {**secure(CREDENTIAL, case), **change}
    refused(document)


@pytest.mark.parametrize("listed", [[CREDENTIALS], [MULTIKEY, CREDENTIALS], [], [CREDENTIALS, "urn:x:1", MULTIKEY]])
@pytest.mark.w3c("A3.2")
def test_the_contexts_must_begin_with_those_the_jcs_proof_keeps(listed: list[str]) -> None:
    document = {**secure(CREDENTIAL, JCS), "@context": listed}
    assert refused(document).problem.code == "CONTEXT_NOT_ALLOWED"


def test_contexts_behind_those_of_a_jcs_proof_are_not_covered_by_it_as_the_specification_has_it() -> None:
    listed = [*CREDENTIAL["@context"], "https://w3id.org/security/data-integrity/v2"]
    check({**secure(CREDENTIAL, JCS), "@context": listed})


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4) | st.sampled_from([CREDENTIALS, "urn:x:1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "type", "@context"]), inner),
    max_leaves=4,
)


@given(st.sampled_from(CASES), st.sampled_from(sorted(MEMBERS)), _ANYTHING)
@settings(max_examples=150, deadline=None)
@pytest.mark.w3c("A2.2", "A2.5")
def test_any_value_of_any_proof_member_ends_in_a_named_problem_or_changes_nothing(
    case: str, member: str, value: object
) -> None:
    document = secure(CREDENTIAL, case, id="urn:x:proof")
    changed = {**document["proof"], member: value}
    if changed != document["proof"]:
        refused({**document, "proof": changed}, changed, key=KEYS[kind_of(case)].public_key)


@pytest.mark.w3c("A2.3")
def test_a_credential_whose_terms_would_be_lost_is_not_signed_with_rdfc() -> None:
    with pytest.raises(CredentialsError) as caught:
        secure({**CREDENTIAL, "zz": "x"}, RDFC)
    assert caught.value.problem.code == "DATA_LOSS_DETECTION_ERROR"


@EVERY
@pytest.mark.w3c("A2.7")
def test_a_proof_has_its_time(case: str) -> None:
    document = secure(CREDENTIAL, case, expires=AT + timedelta(days=1))
    check(document, at=AT)
    check(document, at=AT + timedelta(days=1))
    assert refused(document, at=AT + timedelta(days=2)).problem.pointer == "/expires"
    assert refused(document, at=AT - timedelta(days=1)).problem.pointer == "/created"


@EVERY
@pytest.mark.w3c("A2.7")
def test_a_presentation_proof_answers_its_domain_and_challenge(case: str) -> None:
    asked = {"domain": "https://buyer.example", "challenge": "c1"}
    unsecured = {"@context": [CREDENTIALS], "type": ["VerifiablePresentation"]}
    document = secure(unsecured, case, **asked, proof_purpose="authentication")
    expected = {**asked, "purpose": "authentication"}
    check(document, **expected)
    assert refused(document, **{**expected, "domain": "https://x.example"}).problem.code == "INVALID_DOMAIN_ERROR"
    assert refused(document, **{**expected, "challenge": "c2"}).problem.code == "INVALID_CHALLENGE_ERROR"
    assert refused(document).problem.pointer == "/proofPurpose"


@EVERY
def test_every_option_stands_in_the_proof_in_the_words_of_the_specification_and_is_signed(case: str) -> None:
    stated = {"id": "urn:x:proof", "nonce": "n1", "domain": ["https://a.example", "https://b.example"]}
    document = secure(CREDENTIAL, case, **stated, challenge="c1", expires=AT + timedelta(days=1))
    proof = document["proof"]
    expected = {**stated, "challenge": "c1", "expires": "2026-02-02T00:00:00Z"}
    assert {name: proof[name] for name in expected} == expected
    for nonce in ({"nonce": "n2"}, {}):
        changed = {**{name: value for name, value in proof.items() if name != "nonce"}, **nonce}
        refused({**document, "proof": changed})


@pytest.mark.w3c("A2.7")
def test_the_domain_is_the_one_that_was_asked_for_and_no_other_besides() -> None:
    check(secure(CREDENTIAL, JCS, domain=["https://a.example"]), domain="https://a.example")
    document = secure(CREDENTIAL, JCS, domain=["https://a.example", "https://b.example"])
    for other in ("https://a.example", "https://b.example", "https://c.example"):
        assert refused(document, domain=other).problem.code == "INVALID_DOMAIN_ERROR"


@pytest.mark.w3c("A2.1")
def test_a_challenge_without_a_domain_is_not_signed() -> None:
    with pytest.raises(ProofProblem) as caught:
        secure(CREDENTIAL, JCS, challenge="c1")
    assert caught.value.problem.code == "PROOF_GENERATION_ERROR"


@EACH
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"created": "2026-02-01"}, "PROOF_GENERATION_ERROR"),
        ({"created": 5}, "PROOF_GENERATION_ERROR"),
        ({"proofPurpose": 5}, "PROOF_GENERATION_ERROR"),
        ({"verificationMethod": "key-1"}, "PROOF_GENERATION_ERROR"),
        ({"type": "Ed25519Signature2020"}, "PROOF_TRANSFORMATION_ERROR"),
        ({"cryptosuite": "eddsa-2099"}, "PROOF_TRANSFORMATION_ERROR"),
    ],
)
@pytest.mark.w3c("A2.1", "A2.4", "A3.6")
def test_options_that_are_none_make_no_proof(case: str, change: dict[str, Any], code: str) -> None:
    suite, kind = SUITES[name_of(case)], kind_of(case)
    options = {**ProofOptions(verification_method=METHOD + kind, created=AT).members(suite.name), **change}
    with pytest.raises(ProofProblem) as caught:
        make_proof(CREDENTIAL, options, suite=suite, signer=KEYS[kind], contexts=standard_library())
    assert caught.value.problem.code == code


@needs_shared
@pytest.mark.w3c("A3.3")
def test_with_p_384_the_canonical_form_itself_depends_on_sha_384() -> None:
    document = {
        **CREDENTIAL,
        "@context": [CREDENTIALS, EXAMPLES],
        "credentialSubject": {"a": [{"b": {"c": {"d": number}}} for number in range(4)], "e": [{}, {"f": {}}]},
    }
    by_256, by_384 = (as_statements(document, vector_contexts(), name) for name in ("sha256", "sha384"))
    assert by_256 != by_384
    quads = parse(write_nquads(to_quads(document, contexts=vector_contexts())), format=RdfFormat.N_QUADS)
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_384)
    assert sorted(by_384.decode().splitlines()) == sorted(f"{quad} ." for quad in dataset)
    options = {"contexts": vector_contexts()}
    secured = secure(document, "ecdsa-rdfc-2019 P-384", **options)
    check(secured, **options)
    _, proof_options = covered(secured, secured["proof"], SUITES["ecdsa-rdfc-2019"])
    mixed = hash_pair(as_statements(proof_options, vector_contexts(), "sha384"), by_256, "sha384")
    forged = {**secured["proof"], "proofValue": sign_base58(mixed, KEYS[KeyKind.P384])}
    refused({**secured, "proof": forged}, forged, **options)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), st.sampled_from(CASES))
@settings(max_examples=40, deadline=None)
@pytest.mark.w3c("A3.6")
def test_any_text_can_be_signed_and_verified(text: str, case: str) -> None:
    check(secure({**CREDENTIAL, "description": text}, case))


def _alike(width: int, depth: int) -> dict[str, Any]:
    return {"part": [_alike(width, depth - 1) for _ in range(width)]} if depth else {}


@needs_shared
@pytest.mark.parametrize(("width", "depth"), [(5, 3), (8, 2)])
def test_alike_objects_without_ids_are_refused_when_telling_them_apart_costs_too_much(width: int, depth: int) -> None:
    poison = {**CREDENTIAL, "@context": [CREDENTIALS, EXAMPLES], "credentialSubject": _alike(width, depth)}
    with pytest.raises(LimitReached) as caught:
        add_proof(
            poison,
            ProofOptions(verification_method=METHOD, created=AT),
            suite=SUITES["eddsa-rdfc-2022"],
            signer=KEYS[KeyKind.ED25519],
            contexts=vector_contexts(),
        )
    assert caught.value.problem.code == "CANON_LIMIT"


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_hash_data_are_the_same_whether_or_not_the_document_was_hashed_before(suite: str) -> None:
    options = ProofOptions(verification_method=METHOD + "1", created=AT)
    key, ways = KEYS[KeyKind.ED25519], {"suite": SUITES[suite], "contexts": standard_library()}
    signed = add_proof(CREDENTIAL, options, signer=key, **ways)
    fresh = hash_data(signed, signed["proof"], kind=KeyKind.ED25519, **ways)

    for value in (CREDENTIAL, {**CREDENTIAL, "name": "Another"}):
        before = Hashed(value, sha256_hex(canonical_json(value)))
        assert hash_data(signed, signed["proof"], kind=KeyKind.ED25519, **ways, hashed=before) == fresh
