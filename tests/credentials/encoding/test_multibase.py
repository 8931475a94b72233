"""Multibase decodes exactly, or not at all."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.multibase import (
    decode_base64url,
    decode_multibase,
    digest_matches,
    digest_multibase,
    encode_base58,
    encode_base64url,
)
from credentials.errors import MalformedInput


@given(st.binary(min_size=1, max_size=100))
def test_bytes_come_back_from_both_alphabets(raw: bytes) -> None:
    assert decode_multibase(encode_base58(raw)) == raw
    assert decode_multibase("u" + encode_base64url(raw)) == raw


#: Letters of one alphabet or the other, and some of neither: text drawn from all of Unicode never decodes.
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl-_=+ é"


@given(st.text(_LETTERS[:58], max_size=40) | st.text(_LETTERS, max_size=8))
def test_whatever_decodes_encodes_back_to_the_same_text(text: str) -> None:
    for prefix in ("z", "u"):
        try:
            raw = decode_multibase(prefix + text)
        except MalformedInput:
            continue
        again = encode_base58(raw) if prefix == "z" else "u" + encode_base64url(raw)
        assert again == prefix + text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "m1",
        "z0",
        "zO",
        "zI",
        "zl",
        "z1 ",
        " z1",
        "z1\n",
        "z" + "1" * 200,
        "uA",
        "uAA=",
        "uA+A",
        "uAB",
        None,
        5,
    ],
)
def test_what_is_not_exact_is_refused(text: object) -> None:
    with pytest.raises(MalformedInput):
        decode_multibase(text)


@pytest.mark.parametrize("text", ["A", "AB=", "A A", "AA\n", "ÄÄ", "+/+/", "AB"])
def test_base64url_is_canonical(text: str) -> None:
    with pytest.raises(MalformedInput):
        decode_base64url(text)


@pytest.mark.parametrize(
    ("prefix", "name"), [(b"\x12\x20", "sha256"), (b"\x20\x30", "sha384"), (b"\x13\x40", "sha512")]
)
def test_a_digest_names_the_bytes_it_was_made_of(prefix: bytes, name: str) -> None:
    stated = "u" + encode_base64url(prefix + hashlib.new(name, b"evidence").digest())

    assert digest_matches(b"evidence", stated)
    assert not digest_matches(b"Evidence", stated)


def test_our_own_digest_is_sha_256() -> None:
    assert digest_matches(b"x", digest_multibase(b"x"))


@pytest.mark.parametrize("raw", [b"\x11\x14" + bytes(20), b"\x12\x20" + bytes(31), bytes(32), b"\x12\x10" + bytes(16)])
def test_another_hash_or_length_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedInput):
        digest_matches(b"x", encode_base58(raw))
