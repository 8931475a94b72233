"""The W3C's ecdsa-sd-2023 vector, stage by stage, from the base proof to the verifier's statements and back."""

from __future__ import annotations

from typing import Any

import pytest

from contexts.library import ContextLibrary
from credentials.encoding.multibase import decode_multibase, encode_base64url
from credentials.errors import ProofProblem
from credentials.keys.algorithms import OneTimeKey, PublicKey, SigningKey
from credentials.keys.codecs import from_multikey, to_multikey
from credentials.proofs.coverage import without_proof
from credentials.proofs.data_integrity import add_proof, check_proof
from credentials.proofs.derivation import derive_proof
from credentials.proofs.disclosable import Disclosable, hmac_label
from credentials.proofs.disclosure_values import (
    BaseValue,
    DerivedValue,
    read_base,
    read_derived,
    write_base,
    write_derived,
)
from credentials.proofs.ecdsa_sd_2023 import base_value, disclosure, proof_hash, shown_lines, signed_data, verify
from credentials.proofs.proof_options import ProofOptions, created_of
from credentials.proofs.selection import select
from credentials.proofs.suites import DISCLOSING_SUITES
from credentials.proofs.transforms import as_statements
from tests.credentials.proofs.vectors import key_pair
from tests.credentials.rdf.libraries import published_library
from tests.shared import needs_shared, shared_json, shared_path

pytestmark = needs_shared


def published(name: str) -> Any:
    return shared_json("vectors", "ecdsa-sd-2023", f"{name}.json")


def contexts() -> ContextLibrary:
    """The published contexts: the vector's own, citizenship, is none that this program pins."""
    return published_library()


def issuer() -> tuple[SigningKey, PublicKey]:
    return key_pair(published("SDKeyMaterial")["baseKeyPair"])


def one_time() -> OneTimeKey:
    return OneTimeKey(key_pair(published("SDKeyMaterial")["proofKeyPair"])[0].secret)


def hmac_key() -> bytes:
    return bytes.fromhex(published("SDKeyMaterial")["hmacKeyString"])


def credential() -> dict[str, Any]:
    return without_proof(published("addSignedSDBase"))


def disclosable() -> Disclosable:
    return Disclosable(credential(), hmac_key(), contexts())


def published_base() -> BaseValue:
    info = published("addRawBaseSignatureInfo")
    return BaseValue(
        signature=bytes.fromhex(info["baseSignature"]),
        public_key=from_multikey(info["publicKey"]),
        hmac_key=hmac_key(),
        signatures=tuple(map(bytes.fromhex, info["signatures"])),
        pointers=tuple(info["mandatoryPointers"]),
    )


def published_derived() -> DerivedValue:
    data = published("derivedDisclosureData")
    return DerivedValue(
        signature=bytes.fromhex(data["baseSignature"]),
        public_key=from_multikey(data["publicKey"]),
        signatures=tuple(map(bytes.fromhex, data["signatures"])),
        labels={int(label.removeprefix("c14n")): decode_multibase(value) for label, value in data["labelMap"]["value"]},
        mandatory=tuple(data["mandatoryIndexes"]),
    )


def test_the_document_has_the_published_canonical_form() -> None:
    text = as_statements(credential(), contexts(), "sha256").decode("utf-8")
    assert text == "".join(published("addBaseDocCanon"))


def test_blank_nodes_get_the_published_permanent_labels() -> None:
    assert list(disclosable().lines) == published("addBaseDocHMACCanon")


def test_a_permanent_label_is_the_hmac_of_the_canonical_one() -> None:
    labels = {hmac_label(f"_:c14n{number}", hmac_key()) for number in range(3)}
    assert labels == {line.split()[0] for line in published("addBaseDocHMACCanon") if line.startswith("_")}


def test_the_mandatory_pointers_select_the_published_values() -> None:
    selected = select(credential(), published("prCredMandatory"))
    assert [selected[entry["pointer"][1:]] for entry in published("addPointerValues")] == [
        entry["value"] for entry in published("addPointerValues")
    ]


def test_the_mandatory_pointers_select_the_published_statements() -> None:
    groups = published("addBaseTransform")
    statements = disclosable()
    mandatory = statements.matching(groups["mandatoryPointers"])
    assert [[index, statements.lines[index]] for index in mandatory] == groups["mandatory"]["value"]
    others = [[index, line] for index, line in enumerate(statements.lines) if index not in mandatory]
    assert others == groups["nonMandatory"]["value"]


def test_the_proof_options_transform_and_hash_as_published() -> None:
    config = published("addProofConfig")
    canonical = as_statements(config, contexts(), "sha256").decode("utf-8")
    assert canonical == shared_path("vectors", "ecdsa-sd-2023", "addProofConfigCanon.txt").read_text("utf-8")
    assert proof_hash(config, contexts()).hex() == published("addHashData")["proofHash"]


def test_the_mandatory_statements_hash_as_published() -> None:
    lines = [line for _, line in published("addBaseTransform")["mandatory"]["value"]]
    data = signed_data(b"", one_time().public_key, lines)
    assert data[35:].hex() == published("addHashData")["mandatoryHash"]
    assert data[:35] == decode_multibase(to_multikey(one_time().public_key))


def test_the_base_signature_and_those_of_the_statements_are_the_published_ones() -> None:
    made = base_value(
        credential(),
        published("addProofConfig"),
        published("prCredMandatory"),
        issuer()[0],
        contexts(),
        one_time=one_time(),
        hmac_key=hmac_key(),
    )
    assert made == published_base()


@pytest.mark.w3c("A3.4")
def test_the_base_proof_value_is_written_and_read_as_published() -> None:
    text = published("addSignedSDBase")["proof"]["proofValue"]
    assert write_base(published_base()) == text
    assert read_base(text) == published_base()


def test_the_parts_of_the_base_proof_are_recovered_as_published() -> None:
    recovered, base = (
        published("derivedRecoveredBaseData"),
        read_base(published("addSignedSDBase")["proof"]["proofValue"]),
    )
    assert base.signature.hex() == recovered["baseSignature"]
    assert to_multikey(base.public_key) == recovered["proofPublicKey"]
    assert base.hmac_key.hex() == recovered["hmacKey"]
    assert [signature.hex() for signature in base.signatures] == recovered["signatures"]
    assert list(base.pointers) == recovered["mandatoryPointers"]


def test_the_statements_fall_into_the_published_groups() -> None:
    indexes, statements = published("derivedGroupIndexes"), disclosable()
    mandatory, selective = published("prCredMandatory"), published("prCredSelective")
    assert statements.matching(mandatory) == indexes["mandatoryIndexes"]
    assert statements.matching(selective) == indexes["selectiveIndexes"]
    assert statements.matching([*mandatory, *selective]) == indexes["combinedIndexes"]
    for group, pointers in (("mandatory", mandatory), ("selective", selective)):
        matching = [[index, statements.lines[index]] for index in statements.matching(pointers)]
        assert matching == published("derivedAllGroupData")["groups"][group]["matching"]["value"]


def test_what_is_disclosed_is_the_published_data() -> None:
    shown, value = disclosure(credential(), published_base(), published("prCredSelective"), contexts())
    assert shown == published("derivedUnsignedReveal")
    assert value == published_derived()
    assert list(value.mandatory) == published("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
    assert [item.hex() for item in value.signatures] == published("derivedAdjSignatures")["filteredSignatures"]


def test_the_derived_proof_value_is_written_and_read_as_published() -> None:
    text = published("derivedRevealDocument")["proof"]["proofValue"]
    assert write_derived(published_derived()) == text
    assert read_derived(text) == published_derived()


def test_deriving_from_the_published_credential_gives_the_published_document() -> None:
    base = published("addSignedSDBase")
    derived = derive_proof(base, base["proof"], selective_pointers=published("prCredSelective"), contexts=contexts())
    assert derived == published("derivedRevealDocument")


def test_the_verifier_sees_the_published_statements() -> None:
    value = published("verifyDerivedProofValue")
    derived = read_derived(published("derivedRevealDocument")["proof"]["proofValue"])
    assert derived.signature.hex() == value["baseSignature"]
    assert [[f"c14n{number}", "u" + encode_base64url(label)] for number, label in derived.labels.items()] == value[
        "labelMap"
    ]
    lines = shown_lines(published("derivedUnsignedReveal"), derived, contexts())
    assert lines == published("verifyNQuads")
    others = [line for index, line in enumerate(lines) if index not in derived.mandatory]
    assert others == published("verifyCreateVerifyData")["nonMandatory"]


@pytest.mark.w3c("A3.4")
def test_the_published_derived_document_verifies() -> None:
    document = published("derivedRevealDocument")
    check_proof(document, document["proof"], key=issuer()[1], contexts=contexts())
    value = document["proof"]["proofValue"]
    verify(without_proof(document), published("addProofConfig"), value, issuer()[1], contexts())


def test_the_published_derived_document_does_not_verify_under_another_key() -> None:
    document = published("derivedRevealDocument")
    with pytest.raises(ProofProblem):
        check_proof(document, document["proof"], key=one_time().public_key, contexts=contexts())


def test_a_base_proof_is_not_shown_and_a_derived_one_not_derived_from() -> None:
    base, derived = published("addSignedSDBase"), published("derivedRevealDocument")
    with pytest.raises(ProofProblem) as caught:
        check_proof(base, base["proof"], key=issuer()[1], contexts=contexts())
    assert caught.value.problem.detail == "This is a base proof."
    with pytest.raises(ProofProblem) as caught:
        derive_proof(derived, derived["proof"], selective_pointers=["/validFrom"], contexts=contexts())
    assert caught.value.problem.detail == "This is a derived proof."


@pytest.mark.w3c("A3.4")
def test_keys_are_fresh_for_every_base_proof() -> None:
    config = published("addSignedSDBase")["proof"]
    created = created_of(config)
    assert created is not None
    first, second = (
        read_base(
            add_proof(
                credential(),
                ProofOptions(verification_method=config["verificationMethod"], created=created),
                suite=DISCLOSING_SUITES["ecdsa-sd-2023"],
                signer=issuer()[0],
                mandatory_pointers=["/issuer"],
                contexts=contexts(),
            )["proof"]["proofValue"]
        )
        for _ in range(2)
    )
    assert first.public_key != second.public_key
    assert first.hmac_key != second.hmac_key
    assert not set(first.signatures) & set(second.signatures)


def test_other_labels_hide_how_many_objects_were_held_back() -> None:
    """What is shown has canonical labels of its own, so its numbers begin at nought and have no holes."""
    _, value = disclosure(credential(), published_base(), ["/credentialSubject/permanentResidentCard"], contexts())
    assert sorted(value.labels) == [0, 1, 2]
    _, value = disclosure(credential(), published_base(), [], contexts())
    assert sorted(value.labels) == [0]
