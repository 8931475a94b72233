"""Selective disclosure on our own documents: what is shown is believed, what was changed is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.library import standard_library
from credentials.encoding.document import walk
from credentials.encoding.multibase import decode_multibase, encode_base58, encode_base64url
from credentials.errors import CredentialsError, LimitReached, MalformedInput, ProofProblem
from credentials.keys.algorithms import KeyKind
from credentials.proofs.data_integrity import add_proof, check_proof, check_stated
from credentials.proofs.derivation import derive_proof
from credentials.proofs.disclosure_values import DerivedValue, read_base, read_derived, write_base, write_derived
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.selection import parse_pointer
from credentials.proofs.suites import DISCLOSING_SUITES, SUITES
from tests.credentials.proofs.test_data_integrity import AT, CREDENTIAL, KEYS, METHOD
from tests.credentials.rdf.libraries import CREDENTIALS, EXAMPLES, vector_contexts
from tests.shared import needs_shared, untp_samples

KEY = KEYS[KeyKind.P256]
MILL: dict[str, Any] = {
    **CREDENTIAL,
    "validUntil": "2027-01-01T00:00:00Z",
    "relatedResource": [
        {"id": "urn:x:1", "digestSRI": "sha256-a"},
        {"id": "urn:x:2", "digestSRI": "sha256-b"},
    ],
    "credentialSchema": {"id": "urn:x:schema", "type": "JsonSchema"},
    "credentialSubject": {"name": ["Yarn", "Garn"], "description": "40 % recycled"},
    "evidence": [
        {"type": "JsonSchema", "name": "first", "description": "a"},
        {"type": "JsonSchema", "name": "second", "description": "b"},
    ],
    "termsOfUse": [{"type": "JsonSchema"}, {"type": "JsonSchema"}],
}
MANDATORY = ("/issuer", "/validFrom")


def based(document: dict[str, Any] = MILL, *pointers: str, contexts: Any = None) -> dict[str, Any]:
    return add_proof(
        document,
        ProofOptions(verification_method=METHOD + "P-256", created=AT),
        suite=DISCLOSING_SUITES["ecdsa-sd-2023"],
        signer=KEY,
        mandatory_pointers=pointers or MANDATORY,
        contexts=contexts or standard_library(),
    )


@cache
def mill() -> dict[str, Any]:
    return based()


def derived(base: dict[str, Any], *pointers: str, contexts: Any = None) -> dict[str, Any]:
    return derive_proof(base, base["proof"], selective_pointers=pointers, contexts=contexts or standard_library())


def check(document: dict[str, Any], **options: Any) -> None:
    check_proof(document, document["proof"], **{"key": KEY.public_key, "contexts": standard_library(), **options})
    check_stated(document["proof"], kind=KEY.public_key.kind, at=AT)


def refused(document: dict[str, Any]) -> CredentialsError:
    with pytest.raises(CredentialsError) as caught:
        check(document)
    assert caught.value.problem.fix
    return caught.value


def pointers_of(document: dict[str, Any]) -> list[str]:
    found = [pointer for pointer, _ in walk(document) if pointer and not pointer.startswith(("/@context", "/proof"))]
    return sorted(found)


@pytest.mark.parametrize(
    "pointers",
    [
        ["/credentialSubject/description"],
        ["/credentialSubject/name/1"],
        ["/evidence/1/name"],
        ["/evidence/0", "/evidence/1"],
        ["/termsOfUse/0"],
        ["/relatedResource/1/digestSRI", "/credentialSchema"],
        [],
        [""],
    ],
    ids=str,
)
def test_what_is_derived_verifies_and_keeps_what_the_issuer_demands(pointers: list[str]) -> None:
    shown = derived(mill(), *pointers)
    check(shown)
    assert shown["issuer"] == MILL["issuer"]
    assert shown["validFrom"] == MILL["validFrom"]
    assert shown["proof"] == {**mill()["proof"], "proofValue": shown["proof"]["proofValue"]}
    assert read_derived(shown["proof"]["proofValue"]).public_key != KEY.public_key


def test_what_is_held_back_leaves_no_trace() -> None:
    shown = derived(mill(), "/evidence/1/name")
    assert shown["evidence"] == [{"type": "JsonSchema", "name": "second"}]
    assert "credentialSubject" not in shown
    raw = decode_multibase(shown["proof"]["proofValue"])
    base = read_base(mill()["proof"]["proofValue"])
    assert base.hmac_key not in raw
    assert len(read_derived(shown["proof"]["proofValue"]).signatures) < len(base.signatures)


@given(st.sets(st.sampled_from(pointers_of(MILL)), max_size=5))
@settings(max_examples=40, deadline=None)
def test_any_choice_of_what_is_shown_verifies(pointers: set[str]) -> None:
    check(derived(mill(), *sorted(pointers)))


@needs_shared
@pytest.mark.parametrize("sample", ["DigitalProductPassport_instance.json", "DigitalTraceabilityEvent_instance.json"])
def test_a_part_of_an_official_sample_verifies(sample: str) -> None:
    base = based(untp_samples()[sample])
    choices = pointers_of(untp_samples()[sample])
    for start in (0, 3):
        check(derived(base, *choices[start :: len(choices) // 7]))


def test_objects_that_look_alike_are_told_apart_by_their_place() -> None:
    alike = {**MILL, "evidence": [{"type": "JsonSchema", "name": "same"}] * 3}
    shown = derived(based(alike), "/evidence/1/name", "/evidence/2")
    check(shown)
    assert shown["evidence"] == [{"type": "JsonSchema", "name": "same"}] * 2


def test_a_json_literal_is_shown_whole_and_unchanged() -> None:
    schema = {"id": "urn:x:schema", "type": "JsonSchema", "jsonSchema": {"a": {"b": [{}]}, "c": 1}}
    document = {**MILL, "type": ["VerifiableCredential", "JsonSchemaCredential"], "credentialSubject": schema}
    base = based(document)
    check(derived(base, "/credentialSubject/jsonSchema"))
    with pytest.raises(CredentialsError):
        derived(base, "/credentialSubject/jsonSchema/a")


@pytest.mark.parametrize("pointer", ["/missing", "/evidence/2", "/credentialSubject/id", "issuer", "/proof/created"])
@pytest.mark.w3c("A3.4")
def test_a_pointer_at_nothing_neither_signs_nor_derives(pointer: str) -> None:
    for attempt in (lambda: based(MILL, pointer), lambda: derived(mill(), pointer)):
        with pytest.raises(ProofProblem) as caught:
            attempt()
        assert caught.value.problem.code == "PROOF_GENERATION_ERROR"


@pytest.mark.parametrize("subject", [{"id": "urn:bnid:0"}, {"name": "urn:bnid:1"}, {"name": "see urn:bnid:1"}])
def test_names_that_only_this_suite_gives_are_refused_in_a_document(subject: dict[str, Any]) -> None:
    with pytest.raises(ProofProblem):
        based({**MILL, "credentialSubject": subject})


@needs_shared
def test_objects_whose_id_is_a_text_are_told_apart_by_their_place() -> None:
    """UNTP's IdentifierScheme: its id is a member like any other, and it may say the same in several places."""
    sample = untp_samples()["DigitalProductPassport_instance.json"]
    schemes = [pointer for pointer, _ in walk(sample) if pointer.endswith("/idScheme")]
    assert len(schemes) > 2
    base = based(sample)
    for pointer in schemes:
        shown = derived(base, f"{pointer}/name")
        check(shown)
        wanted: Any = shown
        for token in parse_pointer(pointer):
            wanted = wanted[0] if isinstance(wanted, list) else wanted[token]
        assert wanted["id"].startswith("https://")


def test_nothing_at_all_is_not_shown() -> None:
    base = add_proof(
        MILL,
        ProofOptions(verification_method=METHOD + "P-256", created=AT),
        suite=DISCLOSING_SUITES["ecdsa-sd-2023"],
        signer=KEY,
        mandatory_pointers=(),
        contexts=standard_library(),
    )
    check(derived(base, "/issuer"))
    with pytest.raises(ProofProblem):
        derived(base)


def test_a_proof_that_builds_on_others_does_not_disclose() -> None:
    first = add_proof(
        MILL,
        ProofOptions(verification_method=METHOD + "P-256", created=AT, id="urn:x:first"),
        suite=SUITES["ecdsa-jcs-2019"],
        signer=KEY,
        contexts=standard_library(),
    )
    shown = derived(mill(), "/evidence")
    chained = {**shown["proof"], "previousProof": "urn:x:first"}
    with pytest.raises(ProofProblem) as caught:
        check_proof(
            {**shown, "proof": [first["proof"], chained]}, chained, key=KEY.public_key, contexts=standard_library()
        )
    assert caught.value.problem.pointer == "/previousProof"


def test_another_suite_does_not_derive() -> None:
    secured = add_proof(
        MILL,
        ProofOptions(verification_method=METHOD + "P-256", created=AT),
        suite=SUITES["ecdsa-rdfc-2019"],
        signer=KEY,
        contexts=standard_library(),
    )
    with pytest.raises(ProofProblem) as caught:
        derived(secured, "/issuer")
    assert caught.value.problem.pointer == "/cryptosuite"


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "did:web:other.example"},
        {"issuer": {**MILL["issuer"], "name": "Other"}},
        {"issuer": {"id": "did:web:mill.example"}},
        {"validFrom": "2026-01-01T00:00:01Z"},
        {"type": ["VerifiableCredential", "BitstringStatusListCredential"]},
        {"id": "urn:x:other"},
        {"credentialSubject": {"description": "41 % recycled"}},
        {"credentialSubject": {"description": "40 % recycled", "name": "Yarn"}},
        {"credentialSubject": {"id": "urn:x:yarn", "description": "40 % recycled"}},
        {"evidence": [{"type": "JsonSchema", "name": "first"}, {"type": "JsonSchema", "name": "second"}]},
        {"evidence": {"type": "JsonSchema"}},
        {"evidence": {"type": "JsonSchema", "name": "second", "description": "a"}},
        {"@context": [CREDENTIALS, "https://unknown.example/v1"]},
        {"@context": [CREDENTIALS, {"@vocab": "urn:x:"}]},
        {"zz": "x"},
    ],
    ids=str,
)
def test_what_was_changed_after_deriving_is_refused(change: dict[str, Any]) -> None:
    shown = derived(mill(), "/credentialSubject/description", "/evidence/1/name")
    check(shown)
    refused({**shown, **change})


@pytest.mark.parametrize("left_out", ["issuer", "validFrom", "id", "credentialSubject", "evidence"])
def test_what_was_left_out_after_deriving_is_missed(left_out: str) -> None:
    shown = derived(mill(), "/credentialSubject/description", "/evidence/1/name")
    refused({key: value for key, value in shown.items() if key != left_out})


def test_parts_of_two_disclosures_do_not_make_a_third() -> None:
    one, other = derived(mill(), "/evidence/0/name"), derived(mill(), "/evidence/1/description")
    mixed = {**one, "evidence": [{**one["evidence"][0], **other["evidence"][0]}]}
    value = read_derived(one["proof"]["proofValue"])
    more = read_derived(other["proof"]["proofValue"])
    for signatures in ((*value.signatures, *more.signatures), tuple({*value.signatures, *more.signatures})):
        text = write_derived(replace(value, signatures=signatures))
        refused({**mixed, "proof": {**one["proof"], "proofValue": text}})


def _swapped(value: DerivedValue) -> DerivedValue:
    first, second, *rest = value.signatures
    return replace(value, signatures=(second, first, *rest))


def _two_labels_swapped(value: DerivedValue) -> DerivedValue:
    return replace(value, labels={**value.labels, 0: value.labels[1], 1: value.labels[0]})


SPOILT: list[Callable[[DerivedValue], DerivedValue]] = [
    lambda value: replace(value, signatures=value.signatures[1:]),
    lambda value: replace(value, signatures=(*value.signatures, value.signatures[0])),
    lambda value: replace(value, signatures=()),
    _swapped,
    lambda value: replace(value, signature=bytes(64)),
    lambda value: replace(value, signature=value.signatures[0]),
    lambda value: replace(value, public_key=KEY.public_key),
    lambda value: replace(value, mandatory=value.mandatory[1:]),
    lambda value: replace(value, mandatory=(*value.mandatory, value.mandatory[0])),
    lambda value: replace(value, mandatory=(*value.mandatory, 4000)),
    lambda value: replace(value, mandatory=(*value.mandatory[:-1], 4000)),
    lambda value: replace(value, mandatory=tuple(index + 1 for index in value.mandatory)),
    lambda value: replace(value, mandatory=()),
    lambda value: replace(value, labels={}),
    lambda value: replace(value, labels={**value.labels, 9: bytes(32)}),
    lambda value: replace(value, labels={**value.labels, 0: bytes(32)}),
    lambda value: replace(value, labels=dict.fromkeys(value.labels, value.labels[0])),
    lambda value: replace(value, labels={number + 1: label for number, label in value.labels.items()}),
    _two_labels_swapped,
]


@pytest.mark.parametrize("number", range(len(SPOILT)))
@pytest.mark.w3c("A3.4")
def test_a_derived_proof_with_any_part_changed_is_refused(number: int) -> None:
    shown = derived(mill(), "/evidence/1/name", "/credentialSubject/description")
    value = SPOILT[number](read_derived(shown["proof"]["proofValue"]))
    error = refused({**shown, "proof": {**shown["proof"], "proofValue": write_derived(value)}})
    assert error.problem.code == "PROOF_VERIFICATION_ERROR"


def test_one_object_cannot_be_shown_as_two() -> None:
    """Each of its statements is signed, but under one label: a map that gives two objects one label is refused."""
    value = read_derived(derived(mill(), "/evidence/1")["proof"]["proofValue"])
    shown = derived(mill(), "/evidence/1")
    split = [{"type": "JsonSchema", "name": "second"}, {"type": "JsonSchema", "description": "b"}]
    labels = {**value.labels, len(value.labels): value.labels[0]}
    for index, label in value.labels.items():
        doubled = {**labels, len(value.labels): label}
        text = write_derived(replace(value, labels=doubled))
        assert index in doubled
        error = refused({**shown, "evidence": split, "proof": {**shown["proof"], "proofValue": text}})
        assert "label map" in error.problem.detail


def test_every_byte_of_a_derived_proof_counts() -> None:
    shown = derived(mill(), "/credentialSubject/description")
    raw = decode_multibase(shown["proof"]["proofValue"])
    for index in range(0, len(raw), 3):
        flipped = bytes([*raw[:index], raw[index] ^ 1, *raw[index + 1 :]])
        refused({**shown, "proof": {**shown["proof"], "proofValue": "u" + encode_base64url(flipped)}})


@pytest.mark.parametrize("header", ["d95d00", "d95d02", "d95d03", "d95c01", "", "d95d"])
def test_another_header_is_another_proof(header: str) -> None:
    shown = derived(mill(), "/credentialSubject/description")
    raw = bytes.fromhex(header) + decode_multibase(shown["proof"]["proofValue"])[3:]
    refused({**shown, "proof": {**shown["proof"], "proofValue": "u" + encode_base64url(raw)}})


def test_a_proof_value_has_one_spelling() -> None:
    shown = derived(mill(), "/credentialSubject/description")
    value = shown["proof"]["proofValue"]
    raw = decode_multibase(value)
    spellings = [value + "=", value + " ", value[1:], "z" + value[1:], encode_base58(raw[:90]), "u", "", value + "AA"]
    for text in [*spellings, "u" + encode_base64url(raw + b"\0"), "u" + encode_base64url(raw[:-1])]:
        error = refused({**shown, "proof": {**shown["proof"], "proofValue": text}})
        assert isinstance(error, MalformedInput)


def test_a_base_proof_with_fewer_signatures_than_statements_derives_nothing() -> None:
    value = read_base(mill()["proof"]["proofValue"])
    for signatures in (value.signatures[1:], (*value.signatures, bytes(64))):
        proof = {**mill()["proof"], "proofValue": write_base(replace(value, signatures=signatures))}
        with pytest.raises(ProofProblem):
            derived({**mill(), "proof": proof}, "/evidence")


def test_a_document_changed_before_deriving_does_not_verify_where_it_shows() -> None:
    changed = {**mill(), "credentialSubject": {**MILL["credentialSubject"], "description": "41 % recycled"}}
    refused(derived(changed, "/credentialSubject/description"))


@needs_shared
def test_alike_objects_without_ids_are_refused_when_telling_them_apart_costs_too_much() -> None:
    def alike(width: int, depth: int) -> dict[str, Any]:
        return {"part": [alike(width, depth - 1) for _ in range(width)]} if depth else {}

    poison = {**CREDENTIAL, "@context": [CREDENTIALS, EXAMPLES], "credentialSubject": alike(8, 2)}
    with pytest.raises(LimitReached):
        based(poison, contexts=vector_contexts())


@needs_shared
def test_a_document_of_another_engine_discloses_as_well() -> None:
    """Contexts within a document are for test vectors only, and for the reference engine."""
    inline = {"id": "@id", "type": "@type", "@vocab": "urn:x:"}
    document = {"@context": inline, "type": "A", "z": {"c": [{"d": 1}, {"d": 2}]}, "a": {"b": {"e": 1}}}
    base = based(document, "/a", contexts=vector_contexts())
    shown = derived(base, "/z/c/1", contexts=vector_contexts())
    check(shown, contexts=vector_contexts())
    assert shown["z"] == {"c": [{"d": 2}]}


@needs_shared
@pytest.mark.parametrize("inline", [{"@vocab": "urn:x:"}, {"a": "urn:x:a", "b": "urn:x:b"}], ids=str)
def test_objects_that_cannot_have_an_id_cannot_be_told_apart(inline: dict[str, Any]) -> None:
    with pytest.raises(ProofProblem) as caught:
        based({"@context": inline, "a": {"b": 1}}, "/a", contexts=vector_contexts())
    assert caught.value.problem.code == "PROOF_GENERATION_ERROR"


@needs_shared
def test_an_ordered_list_is_signed_but_not_shown() -> None:
    """Its cells are objects that stand nowhere in the JSON, so a part of them cannot be found again."""
    listed = {"@id": "urn:x:list", "@container": "@list"}
    document = {"@context": {"id": "@id", "@vocab": "urn:x:", "list": listed}, "a": 1, "list": ["b", "b"]}
    base = based(document, "/a", contexts=vector_contexts())
    check(derived(base, contexts=vector_contexts()), contexts=vector_contexts())
    for pointer in ("/list", "/list/0", ""):
        with pytest.raises(ProofProblem) as caught:
            derived(base, pointer, contexts=vector_contexts())
        assert caught.value.problem.code == "PROOF_GENERATION_ERROR"


def test_a_base_proof_that_nobody_could_read_is_not_made() -> None:
    with pytest.raises(LimitReached):
        based({**MILL, "name": [f"name {number}" for number in range(900)]})
    check(derived(based({**MILL, "name": [f"name {number}" for number in range(900)]}, "/name"), "/issuer"))
