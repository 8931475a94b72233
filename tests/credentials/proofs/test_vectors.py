"""The W3C's vectors of the suites that sign whole documents, by stage and both ways, and proof sets and chains."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from credentials.encoding.multibase import decode_multibase
from credentials.errors import CredentialsError, ProofProblem
from credentials.proofs.integrity import add_proof, check_proof, created_of, make_proof, proofs_of
from credentials.proofs.registry import SUITES
from credentials.proofs.suite import hash_pair, sign_base58, verify_base58
from tests.credentials.proofs.vectors import key_pair, proof_config, signed, stage, vector_key
from tests.credentials.rdf.libraries import vector_contexts
from tests.shared import needs_shared, shared_json

pytestmark = needs_shared
EACH = pytest.mark.parametrize("name", sorted(SUITES))


def _without_proof(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "proof"}


@EACH
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
        suite=SUITES[name],
        signer=vector_key(name)[0],
        verification_method=expected["proof"]["verificationMethod"],
        created=created,
        contexts=vector_contexts(),
    )
    assert secured == expected


@EACH
def test_the_published_document_verifies(name: str) -> None:
    document = signed(name)
    check_proof(document, document["proof"], key=vector_key(name)[1], contexts=vector_contexts())


@EACH
def test_the_published_document_does_not_verify_under_another_key(name: str) -> None:
    other = key_pair(shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")["keyPair1"])[1]
    document = signed(name)
    with pytest.raises(ProofProblem):
        check_proof(document, document["proof"], key=other, contexts=vector_contexts())


@pytest.mark.parametrize("file", ["signedProofSet1.json", "signedProofSet2.json", "signedProofChain1.json"])
def test_every_proof_of_a_published_set_or_chain_verifies(file: str) -> None:
    keys = shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")
    document = shared_json("vectors", "proof-set-chain", file)
    for number, proof in enumerate(proofs_of(document), start=1):
        check_proof(document, proof, key=key_pair(keys[f"keyPair{number}"])[1], contexts=vector_contexts())


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


def test_a_link_of_the_published_chain_cannot_be_taken_out_or_changed() -> None:
    keys = shared_json("vectors", "proof-set-chain", "multiKeyPairs.json")
    document = shared_json("vectors", "proof-set-chain", "signedProofChain1.json")
    first, second, last = document["proof"]
    key = key_pair(keys["keyPair3"])[1]
    for proofs in ([first, last], [{**first, "created": "2023-02-25T23:36:38Z"}, second, last]):
        with pytest.raises(CredentialsError) as caught:
            check_proof({**document, "proof": proofs}, last, key=key, contexts=vector_contexts())
        assert caught.value.problem.code == "PROOF_VERIFICATION_ERROR"
