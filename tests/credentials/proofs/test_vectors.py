"""The W3C's vectors of the suites that sign whole documents, by stage and both ways, and proof sets and chains."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from contexts.library import ContextLibrary
from credentials.encoding.document import walk
from credentials.encoding.multibase import decode_multibase, encode_base58, encode_base64url
from credentials.errors import CredentialsError, ProofProblem
from credentials.keys.algorithms import PublicKey
from credentials.proofs.coverage import covered, proofs_of
from credentials.proofs.data_integrity import add_proof, check_proof, make_proof, with_proof
from credentials.proofs.proof_options import ProofOptions, created_of
from credentials.proofs.suite import hash_pair, sign_base58, verify_base58
from credentials.proofs.suites import SUITES
from tests.credentials.proofs.vectors import key_pair, proof_config, signed, stage, vector_key
from tests.credentials.rdf.libraries import published_library, vector_contexts
from tests.shared import needs_shared, shared_json

pytestmark = needs_shared
EACH = pytest.mark.parametrize("name", sorted(SUITES))


def _without_proof(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "proof"}


@EACH
@pytest.mark.w3c("A3.1", "A3.2", "A3.3")
def test_the_document_transforms_to_the_published_canonical_form(name: str) -> None:
    canonical = SUITES[name].transform(_without_proof(signed(name)), vector_contexts(), "sha256")
    assert canonical.decode("utf-8") == stage(name, "canonDoc")
    assert hashlib.sha256(canonical).hexdigest() == stage(name, "docHash")


@EACH
def test_the_proof_options_transform_to_the_published_canonical_form(name: str) -> None:
    canonical = SUITES[name].transform(proof_config(name), vector_contexts(), "sha256")
    assert canonical.decode("utf-8") == stage(name, "proofCanon")
    assert hashlib.sha256(canonical).hexdigest() == stage(name, "proofHash")


@EACH
@pytest.mark.w3c("A3.1", "A3.2", "A3.3")
def test_the_hash_data_is_the_published_one(name: str) -> None:
    options, document = stage(name, "proofCanon").encode("utf-8"), stage(name, "canonDoc").encode("utf-8")
    assert hash_pair(options, document, "sha256").hex() == stage(name, "combinedHash")


@EACH
def test_the_signature_over_the_hash_data_is_the_published_one(name: str) -> None:
    value = sign_base58(bytes.fromhex(stage(name, "combinedHash")), vector_key(name)[0])
    assert value == stage(name, "sigBTC58")
    assert decode_multibase(value).hex() == stage(name, "sigHex")


@EACH
def test_the_published_signature_verifies_over_the_published_hash_data(name: str) -> None:
    data = bytes.fromhex(stage(name, "combinedHash"))
    verify_base58(data, stage(name, "sigBTC58"), vector_key(name)[1])
    with pytest.raises(ProofProblem):
        verify_base58(data[::-1], stage(name, "sigBTC58"), vector_key(name)[1])


@EACH
def test_signing_the_document_gives_the_published_document(name: str) -> None:
    expected = signed(name)
    created = created_of(expected["proof"])
    assert created is not None
    secured = add_proof(
        _without_proof(expected),
        ProofOptions(verification_method=expected["proof"]["verificationMethod"], created=created),
        suite=SUITES[name],
        signer=vector_key(name)[0],
        contexts=vector_contexts(),
    )
    assert secured == expected


@EACH
@pytest.mark.w3c("A3.1", "A3.2", "A3.3")
def test_the_published_document_verifies(name: str) -> None:
    document = signed(name)
    check_proof(document, document["proof"], key=vector_key(name)[1], contexts=vector_contexts())


@EACH
def test_the_published_document_does_not_verify_under_another_key(name: str) -> None:
    other = key_pair(shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")["keyPair1"])[1]
    document = signed(name)
    with pytest.raises(ProofProblem):
        check_proof(document, document["proof"], key=other, contexts=vector_contexts())


def _flipped(value: str) -> Iterator[str]:
    """The proof value with one bit of one byte changed, for every byte."""
    raw = decode_multibase(value)
    write = encode_base58 if value[0] == "z" else lambda changed: "u" + encode_base64url(changed)
    for index in range(len(raw)):
        yield write(bytes([*raw[:index], raw[index] ^ 4, *raw[index + 1 :]]))


def _changed_proofs(proof: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from ({**proof, "proofValue": value} for value in _flipped(proof["proofValue"]))
    yield {**proof, "created": proof["created"].replace("2023", "2024")}
    yield {**proof, "expires": "2033-01-01T00:00:00Z"}
    yield {**proof, "verificationMethod": proof["verificationMethod"] + "x"}
    yield {**proof, "proofPurpose": "authentication"}
    yield {**proof, "nonce": "n"}
    yield {**proof, "domain": "https://other.example"}
    yield {**proof, "id": "urn:x:proof"}
    yield {**proof, "@context": "https://www.w3.org/ns/credentials/v2"}
    yield from ({**proof, "cryptosuite": other} for other in (*SUITES, "bbs-2023") if other != proof["cryptosuite"])
    yield from ({key: value for key, value in proof.items() if key != left_out} for left_out in proof)


def _changed_documents(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one text changed, one member less, one more, or another context; arrays keep their order."""
    for pointer, value in walk(_without_proof(document)):
        if isinstance(value, str) and not pointer.startswith("/@context"):
            yield _with(document, pointer, value + "x")
        if isinstance(value, dict):
            yield from (_with(document, f"{pointer}/{key}", None) for key in value)
            yield _with(document, f"{pointer}/zz", "x")
    yield {**document, "@context": document["@context"][:1]}
    yield {**document, "@context": ["https://unknown.example/v1", *document["@context"]]}
    if "@context" not in document["proof"]:  # contexts behind those that a proof keeps are none of its business
        yield {**document, "@context": [*document["@context"], "https://unknown.example/v1"]}
    yield {**document, "@context": [document["@context"][0], {"@vocab": "urn:x:"}]}


def _with(document: dict[str, Any], pointer: str, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    here: Any = changed
    for token in path:
        here = here[int(token)] if isinstance(here, list) else here[token]
    if value is None:
        del here[last]
    else:
        here[int(last) if isinstance(here, list) else last] = value
    return changed


def _vectors() -> Iterator[tuple[dict[str, Any], PublicKey, ContextLibrary]]:
    for name in SUITES:
        yield signed(name), vector_key(name)[1], vector_contexts()
    keys = shared_json("vectors", "ecdsa-sd-2023", "SDKeyMaterial.json")
    document = shared_json("vectors", "ecdsa-sd-2023", "derivedRevealDocument.json")
    yield document, key_pair(keys["baseKeyPair"])[1], published_library()


@pytest.mark.w3c("A3.1", "A3.2", "A3.3")
def test_every_published_document_with_any_one_thing_changed_is_refused() -> None:
    for document, key, contexts in _vectors():
        check_proof(document, document["proof"], key=key, contexts=contexts)
        for proof in _changed_proofs(document["proof"]):
            with pytest.raises(CredentialsError):
                check_proof({**document, "proof": proof}, proof, key=key, contexts=contexts)
        for changed in _changed_documents(document):
            with pytest.raises(CredentialsError):
                check_proof(changed, document["proof"], key=key, contexts=contexts)


@pytest.mark.parametrize("file", ["signedProofSet1.json", "signedProofSet2.json", "signedProofChain1.json"])
@pytest.mark.w3c("A2.8")
def test_every_proof_of_a_published_set_or_chain_verifies(file: str) -> None:
    keys = shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")
    document = shared_json("vectors", "proof-set-chain", file)
    for number, proof in enumerate(proofs_of(document), start=1):
        check_proof(document, proof, key=key_pair(keys[f"keyPair{number}"])[1], contexts=vector_contexts())


def test_the_published_sets_are_made_again_from_their_configurations() -> None:
    keys = shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")
    document = shared_json("vectors", "proof-set-chain", "unsigned.json")
    for number in (1, 2):
        proof = make_proof(
            document,
            shared_json("vectors", "proof-set-chain", f"proofSetConfig{number}.json"),
            suite=SUITES["eddsa-rdfc-2022"],
            signer=key_pair(keys[f"keyPair{number}"])[0],
            contexts=vector_contexts(),
        )
        assert proof == shared_json("vectors", "proof-set-chain", f"proofSetConfigSigned{number}.json")
        expected = shared_json("vectors", "proof-set-chain", f"signedProofSet{number}.json")
        document = with_proof(document, proof)
        assert list(proofs_of(document)) == list(proofs_of(expected))


def test_a_proof_of_a_published_chain_covers_the_document_with_what_it_builds_on() -> None:
    document = shared_json("vectors", "proof-set-chain", "signedProofSet2.json")
    config = shared_json("vectors", "proof-set-chain", "proofChainConfig1.json")
    unsecured, _ = covered(document, config, SUITES["eddsa-rdfc-2022"])
    assert unsecured == shared_json("vectors", "proof-set-chain", "proofChainTempDoc1.json")


def test_the_published_chain_is_made_again_from_its_configuration() -> None:
    keys = shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")
    expected = shared_json("vectors", "proof-set-chain", "signedProofChain1.json")
    proof = make_proof(
        shared_json("vectors", "proof-set-chain", "signedProofSet2.json"),
        shared_json("vectors", "proof-set-chain", "proofChainConfig1.json"),
        suite=SUITES["eddsa-rdfc-2022"],
        signer=key_pair(keys["keyPair3"])[0],
        contexts=vector_contexts(),
    )
    assert proof == expected["proof"][2]
    assert proof == shared_json("vectors", "proof-set-chain", "proofChainConfigSigned1.json")


def test_a_link_of_the_published_chain_cannot_be_taken_out_or_changed() -> None:
    keys = shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")
    document = shared_json("vectors", "proof-set-chain", "signedProofChain1.json")
    first, second, last = document["proof"]
    key = key_pair(keys["keyPair3"])[1]
    for proofs in ([first, last], [{**first, "created": "2023-02-25T23:36:38Z"}, second, last]):
        with pytest.raises(CredentialsError) as caught:
            check_proof({**document, "proof": proofs}, last, key=key, contexts=vector_contexts())
        assert caught.value.problem.code == "PROOF_VERIFICATION_ERROR"
