"""Keys as text, both ways, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.multibase import encode_base58, encode_base64url
from credentials.errors import KeyProblem
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
KEYS = [KEY.public_key, P256_KEY.public_key, P384_KEY.public_key]


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


def test_a_key_for_tokens_only_has_no_multikey() -> None:
    key = SigningKey.generate(KeyKind.P521).public_key

    assert from_jwk(to_jwk(key)) == key
    with pytest.raises(KeyProblem, match="P-521"):
        to_multikey(key)
    with pytest.raises(KeyProblem, match="P-521"):
        from_multikey_bytes(b"\x82\x24" + key.raw)


def test_a_curve_we_do_not_use_is_refused_by_name() -> None:
    jwk = to_jwk(SigningKey.generate(KeyKind.P256).public_key)

    with pytest.raises(KeyProblem, match="secp256k1"):
        from_jwk({**jwk, "crv": "secp256k1"})


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
    own = {KeyKind.ED25519: 32, KeyKind.P256: 33, KeyKind.P384: 49}[kind]
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
