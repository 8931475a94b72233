"""did:key stands for its own document."""

from __future__ import annotations

import json

import pytest

from credentials.did.key import did_of_key, document_of_key, method_of_key
from credentials.did.methods import local_document, resolution_url
from credentials.did.syntax import parse_did
from credentials.encoding.multibase import decode_multibase, encode_base58
from credentials.errors import CredentialsError, IdentifierProblem, KeyProblem, Unsupported
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import to_multikey
from credentials.keys.controller import parse_controller_document
from tests.corpus.making import KEY, P256_KEY
from tests.shared import shared_json

P384_KEY = SigningKey(KeyKind.P384, bytes(range(1, 49)))
P521_KEY = SigningKey(KeyKind.P521, bytes(range(66)))


@pytest.mark.parametrize("key", [KEY, P256_KEY, P384_KEY, P521_KEY], ids=lambda key: key.kind.value)
@pytest.mark.w3c("A6.2")
def test_the_document_lists_the_key_for_assertion_and_authentication(key: SigningKey) -> None:
    did = did_of_key(key.public_key)

    document = parse_controller_document(json.dumps(document_of_key(parse_did(did))).encode(), id=did)

    for purpose in ("assertionMethod", "authentication"):
        assert document.method_for(method_of_key(key.public_key), purpose).key == key.public_key


@pytest.mark.w3c("A6.2")
def test_official_seeds_give_official_identifiers() -> None:
    vectors = shared_json("vectors", "did-key", "ed25519-x25519.json")
    seeded = {did: entry["seed"] for did, entry in vectors.items() if "seed" in entry}
    assert seeded

    for did, seed in seeded.items():
        key = SigningKey(KeyKind.ED25519, bytes.fromhex(seed)).public_key
        assert did_of_key(key) == did
        assert method_of_key(key) == did + "#" + did.removeprefix("did:key:")


def test_it_needs_no_url() -> None:
    did = did_of_key(KEY.public_key)

    assert resolution_url(did) is None
    assert local_document(did) == document_of_key(parse_did(did))


def _multicodec(prefix: bytes, length: int) -> str:
    return "did:key:" + encode_base58(prefix + b"\x02" * length)


@pytest.mark.parametrize(
    "did",
    [
        _multicodec(b"\xec\x01", 32),
        _multicodec(b"\x12\x20", 32),
        _multicodec(b"\x82\x24", 49),
        _multicodec(b"\xed\x01", 31),
        _multicodec(b"\xed\x01", 33),
        _multicodec(b"\x80\x24", 32),
        _multicodec(b"\x80\x24", 65),
        _multicodec(b"\xed\x81\x00", 32),
        _multicodec(b"\xed", 32),
        "did:key:z",
        "did:key:z0OIl",
        "did:key:" + encode_base58(b"\xed\x01" + bytes(32)),
        "did:key:" + encode_base58(b"\xed\x01" + b"\x01" + bytes(31)),
    ],
)
@pytest.mark.w3c("A6.2")
def test_a_did_key_that_is_no_usable_key_is_refused(did: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        local_document(did)

    assert caught.value.problem.code in {"KEY_INVALID", "DID_INVALID"}


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        (b"\xe7\x01", "secp256k1"),
        (b"\xea\x01", "BLS12-381 G1"),
        (b"\xeb\x01", "BLS12-381 G2"),
        (b"\x83\x24", "Ed448"),
        (b"\x85\x24", "RSA"),
        (b"\x91\x24", "ML-DSA-65"),
    ],
)
@pytest.mark.w3c("A6.2")
def test_a_kind_of_others_is_not_supported_and_named(prefix: bytes, name: str) -> None:
    with pytest.raises(Unsupported, match=name) as caught:
        local_document(_multicodec(prefix, 32))
    assert caught.value.problem.code == "UNSUPPORTED_KEY"


def test_base64url_and_overlong_identifiers_are_refused_before_decoding() -> None:
    with pytest.raises(IdentifierProblem):
        local_document("did:key:u7QE" + "A" * 43)
    with pytest.raises(IdentifierProblem):
        local_document("did:key:z" + "6" * 200)


@pytest.mark.parametrize("did", ["did:example:1", "did:webvh:x:farm.test"])
def test_a_method_that_is_not_known_is_not_supported(did: str) -> None:
    with pytest.raises(Unsupported, match="not supported"):
        local_document(did)
    with pytest.raises(Unsupported, match="not supported"):
        resolution_url(did)


def test_leading_zero_letters_do_not_make_a_second_name_for_one_key() -> None:
    text = to_multikey(KEY.public_key)

    with pytest.raises((KeyProblem, IdentifierProblem)):
        local_document("did:key:z1" + text[1:])
    assert decode_multibase(text)
