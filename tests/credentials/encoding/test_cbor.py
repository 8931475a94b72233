"""CBOR as proof values use it: one encoding for one value, and everything else refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from credentials.encoding.cbor import Cbor, decode_cbor, encode_cbor
from credentials.errors import MalformedInput

_LEAVES = st.integers(0, 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=40)
_VALUES = _LEAVES | st.lists(_LEAVES, max_size=30) | st.dictionaries(st.integers(0, 2**64 - 1), _LEAVES, max_size=30)


@given(st.lists(_VALUES, max_size=30))
def test_what_is_encoded_decodes_to_the_same(value: list[Cbor]) -> None:
    assert decode_cbor(encode_cbor(value)) == value


def _with_a_byte_changed(raw: bytes, place: int, byte: int) -> bytes:
    place %= len(raw)
    return raw[:place] + bytes([byte]) + raw[place + 1 :]


#: Half of them decode, so that both answers are met; bytes drawn at random hardly ever do.
_NEARLY_RIGHT = st.builds(_with_a_byte_changed, _VALUES.map(encode_cbor), st.integers(0, 9), st.integers(0, 255))


@given(_NEARLY_RIGHT | st.binary(max_size=60))
@example(b"\x18\x17")  # 23 in two bytes
@example(b"\xa2\x00\x00\x00\x00")  # one key twice
def test_any_bytes_are_refused_or_are_the_one_encoding_of_a_value(raw: bytes) -> None:
    try:
        value = decode_cbor(raw)
    except MalformedInput:
        return
    assert sorted(encode_cbor(value)) == sorted(raw)  # the order of map keys is the sender's


@pytest.mark.parametrize(
    ("value", "encoded"),
    [  # RFC 8949 appendix A
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65536, "1a00010000"),
        (2**64 - 1, "1bffffffffffffffff"),
        (b"\x01\x02\x03\x04", "4401020304"),
        ("\u00fc", "62c3bc"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({1: 2, 3: 4}, "a201020304"),
    ],
)
def test_the_examples_of_the_specification(value: Cbor, encoded: str) -> None:
    assert encode_cbor(value).hex() == encoded
    assert decode_cbor(bytes.fromhex(encoded)) == value


@pytest.mark.parametrize(
    "encoded",
    [
        "",  # nothing
        "18",  # ends within a number
        "4401",  # ends within bytes
        "8401",  # ends within an array
        "9b7fffffffffffffff",  # an array of more items than there are bytes
        "bb7fffffffffffffff",
        "0000",  # something follows
        "1817",  # 23 in two bytes
        "1900ff",  # 255 in three
        "1a0000ffff",
        "1b00000000ffffffff",
        "5f4101ff",  # indefinite bytes
        "9fff",  # indefinite array
        "1c",  # reserved
        "20",  # a negative number
        "c000",  # a tag
        "d84041ff",  # tag 64, which older implementations put before byte strings
        "f4",  # false
        "f97e00",  # a float
        "61ff",  # not UTF-8
        "a2010201 03".replace(" ", ""),  # a key twice
        "a1616101",  # a key that is text
        "818181818101",  # deep
    ],
)
def test_what_has_another_form_is_refused(encoded: str) -> None:
    with pytest.raises(MalformedInput):
        decode_cbor(bytes.fromhex(encoded))
