"""A list of bits as text: exact, bounded, most significant bit first."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.encoding.multibase import encode_base64url
from credentials.errors import CredentialsError, MalformedInput, StatusProblem
from credentials.status.bitstring import INFLATE_LIMIT, MINIMUM_BITS, decode_list, encode_list, pack_values, value_at
from tests.credentials.status.bits import bit_at, empty_list, with_bit

# The all-zero example of Bitstring Status List 1.0 section 2.2 (a test vector, one line of base64).
SPECIFICATION_EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def text_of(raw: bytes) -> str:
    return "u" + encode_base64url(raw)


@pytest.mark.w3c("A5.4")
def test_the_specifications_example_is_131072_zeros() -> None:
    assert decode_list(SPECIFICATION_EXAMPLE) == empty_list()


def test_the_same_bits_give_the_same_text_every_time() -> None:
    bits = with_bit(empty_list(), 7, 1)

    assert encode_list(bits) == encode_list(bits)
    assert decode_list(encode_list(bits)) == bits


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, MINIMUM_BITS - 1), max_size=20))
def test_exactly_the_bits_that_were_set_are_read(indexes: set[int]) -> None:
    read = decode_list(encode_list(pack_values(dict.fromkeys(indexes, 1), entries=MINIMUM_BITS)))

    assert {index for index in range(MINIMUM_BITS) if read[index // 8] and bit_at(read, index)} == indexes


@pytest.mark.w3c("A5.4")
def test_index_zero_is_the_left_most_bit() -> None:
    for index, first in ((0, b"\x80\x00"), (7, b"\x01\x00"), (8, b"\x00\x80")):
        assert pack_values({index: 1}, entries=MINIMUM_BITS)[:2] == first
        assert bit_at(first, index) == 1


@pytest.mark.parametrize(("index", "value"), [(0, 0b10), (1, 0b01), (2, 0b11), (3, 0b00), (4, 0b01)])
def test_entries_of_two_bits_are_read_across_bytes(index: int, value: int) -> None:
    assert value_at(b"\x9c\x40", index, 2) == value


def test_entries_of_three_bits_cross_byte_borders() -> None:
    assert value_at(b"\x01\x80", 2, 3) == 0b011


@pytest.mark.parametrize("index", [-1, MINIMUM_BITS, MINIMUM_BITS + 1, 10**18])
@pytest.mark.w3c("A5.5")
def test_outside_the_list_there_is_no_answer(index: int) -> None:
    for ask in (lambda: bit_at(empty_list(), index), lambda: pack_values({index: 1}, entries=MINIMUM_BITS)):
        with pytest.raises(StatusProblem) as caught:
            ask()
        assert caught.value.problem.code == "RANGE_ERROR"


def test_a_value_that_ends_outside_the_list_is_no_value() -> None:
    with pytest.raises(StatusProblem):
        value_at(b"\x00", 2, 3)


@pytest.mark.parametrize("bits", [8, MINIMUM_BITS - 8])
@pytest.mark.w3c("A5.4", "A5.5")
def test_a_list_below_the_minimum_is_refused(bits: int) -> None:
    with pytest.raises(StatusProblem) as caught:
        decode_list(encode_list(bytes(bits // 8)))

    assert caught.value.problem.code == "STATUS_LIST_LENGTH_ERROR"


@pytest.mark.w3c("A5.5")
def test_a_bomb_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(bytes(64 << 20), mtime=0)

    with pytest.raises(StatusProblem) as caught:
        decode_list(text_of(bomb))

    assert caught.value.problem.code == "STATUS_VERIFICATION_ERROR"


def test_exactly_the_limit_is_read() -> None:
    assert len(decode_list(text_of(gzip.compress(bytes(INFLATE_LIMIT), mtime=0)))) == INFLATE_LIMIT


GOOD = gzip.compress(empty_list(), mtime=0)


@pytest.mark.parametrize(
    "text",
    [
        text_of(GOOD)[1:],
        "z" + text_of(GOOD)[1:],
        text_of(GOOD) + "=",
        text_of(GOOD) + "\n",
        "u" + base64.b64encode(GOOD + b"\xff\xff\xff").decode(),
        text_of(GOOD[:-1]),
        text_of(GOOD[:-8]),
        text_of(GOOD[:-8] + bytes(8)),
        text_of(GOOD + b"x"),
        text_of(GOOD + GOOD),
        text_of(zlib.compress(empty_list())),
        text_of(empty_list()),
        "u",
        "",
        None,
        5,
        ["u"],
    ],
)
def test_anything_but_one_gzip_member_in_base64url_is_malformed(text: object) -> None:
    with pytest.raises(MalformedInput):
        decode_list(text)


@given(st.text(max_size=60))
def test_arbitrary_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(CredentialsError):
        decode_list(text)
