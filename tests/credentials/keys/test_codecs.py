"""Keys as text, both ways, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.multibase import encode_base58, encode_base64url
from credentials.errors import KeyProblem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey
from credentials.keys.codecs import (
    MULTIKEY_PREFIXES,
    from_jwk,
    from_multikey,
    from_multikey_bytes,
    to_jwk,
    to_multikey,
)
from tests.corpus.making import KEY, P256_KEY
from tests.shared import shared_json

P384_KEY = SigningKey(KeyKind.P384, bytes(range(1, 49)))
P521_KEY = SigningKey(KeyKind.P521, bytes(range(66)))
KEYS = [KEY.public_key, P256_KEY.public_key, P384_KEY.public_key, P521_KEY.public_key]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.kind.value)
def test_a_key_comes_back_from_both_forms(key: PublicKey) -> None:
    assert from_multikey(to_multikey(key)) == key
    assert from_jwk(to_jwk(key)) == key
    assert from_multikey("u" + encode_base64url(MULTIKEY_PREFIXES[key.kind] + key.raw)) == key


@pytest.mark.parametrize(
    ("name", "kind"), [("vm-ed25519", "Ed25519"), ("vm-p256", "P-256"), ("vm-p384", "P-384"), ("vm-p521", "P-521")]
)
def test_official_keys_are_read(name: str, kind: str) -> None:
    jwk = shared_json("vectors", "vc-jose-cose", f"{name}.json")["publicKeyJwk"]

    assert from_jwk(jwk).kind == kind


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "Ed448", "x": "AA"},
        {"kty": "RSA", "n": "AA", "e": "AQAB"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"},
    ],
    ids=lambda jwk: jwk["kty"],
)
def test_a_kind_of_key_with_which_others_sign_is_not_supported_rather_than_wrong(jwk: dict[str, str]) -> None:
    with pytest.raises(Unsupported, match=jwk.get("crv", jwk["kty"])) as caught:
        from_jwk(jwk, pointer="/publicKeyJwk")

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("UNSUPPORTED_KEY", "/publicKeyJwk")


@pytest.mark.parametrize("raw", [b"\xe7\x01" + b"\x02" * 33, b"\x83\x24" + b"\x02" * 57, b"\x90\x24" + b"\x02" * 130])
def test_a_multikey_with_which_others_sign_is_not_supported_rather_than_wrong(raw: bytes) -> None:
    with pytest.raises(Unsupported):
        from_multikey_bytes(raw)


@pytest.mark.parametrize(
    "raw", [b"\xec\x01" + b"\x02" * 32, b"\x84\x24" + b"\x02" * 56, b"\x12\x20" + b"\x02" * 32, b""]
)
def test_what_signs_nothing_is_no_key_at_all(raw: bytes) -> None:
    with pytest.raises(KeyProblem):
        from_multikey_bytes(raw)


@pytest.mark.parametrize("member", ["d", "k"])
def test_a_published_private_key_is_refused(member: str) -> None:
    with pytest.raises(KeyProblem, match="private"):
        from_jwk({**to_jwk(KEYS[0]), member: "AAAA"})


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"crv": "P-256"},
        {"crv": "X25519"},
        {"x": ""},
        {"x": "A"},
        {"x": 5},
        {"use": "enc"},
        {"crv": None},
    ],
)
def test_a_jwk_that_is_not_of_one_kind_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(KeyProblem):
        from_jwk({**to_jwk(KEYS[0]), **changes})


@given(kind=st.sampled_from(list(MULTIKEY_PREFIXES)), length=st.integers(0, 120))
def test_a_codec_with_another_length_than_its_own_is_refused(kind: KeyKind, length: int) -> None:
    own = {KeyKind.ED25519: 32, KeyKind.P256: 33, KeyKind.P384: 49, KeyKind.P521: 67}[kind]
    if length == own:
        return
    with pytest.raises(KeyProblem):
        from_multikey(encode_base58(MULTIKEY_PREFIXES[kind] + b"\x02" * length))


@pytest.mark.parametrize(
    "text", [None, 5, "", "z", "m" + "A" * 44, "z6Mk", " " + to_multikey(KEYS[0]), to_multikey(KEYS[0]) + "\n"]
)
def test_text_that_is_no_multikey_is_refused(text: object) -> None:
    with pytest.raises(KeyProblem):
        from_multikey(text)
