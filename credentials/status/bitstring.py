"""A list of bits as the status list text carries it: base64url of GZIP, most significant bit first, bounded.

Specification: Bitstring Status List 1.0 sections 3.2 to 3.4 (Bitstring Generation and Expansion) and 3.1 (encodedList).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from typing import Final

from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.errors import MalformedInput, StatusProblem

MINIMUM_BITS: Final = 131_072
INFLATE_LIMIT: Final = 4 << 20
TEXT_LIMIT: Final = 2 << 20


def encode_list(bits: bytes) -> str:
    """``encodedList`` of a packed list: ``u`` + base64url(GZIP), the same text every time (no clock in the header)."""
    return "u" + encode_base64url(gzip.compress(bits, compresslevel=9, mtime=0))


def decode_list(text: object, *, pointer: str = "") -> bytes:
    """The packed bits of an ``encodedList``.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR for anything that is not exactly one GZIP member in base64url.
        StatusProblem: STATUS_VERIFICATION_ERROR above 4 MiB, STATUS_LIST_LENGTH_ERROR below 131,072 entries.
    """
    if not isinstance(text, str) or not text.startswith("u") or len(text) > TEXT_LIMIT:
        raise _malformed("encodedList is not base64url with the multibase letter u.", pointer)
    bits = _inflate(decode_base64url(text[1:], pointer=pointer), pointer)
    if len(bits) * 8 < MINIMUM_BITS:
        raise StatusProblem(
            f"The status list has {len(bits) * 8} entries; the minimum is {MINIMUM_BITS}.",
            code="STATUS_LIST_LENGTH_ERROR",
            pointer=pointer,
            fix="The issuer must publish a list of at least 16 KiB.",
        )
    return bits


def value_at(bits: bytes, index: int, size: int) -> int:
    """The ``size``-bit value of entry ``index``. Raises StatusProblem (RANGE_ERROR) outside the list."""
    first = index * size
    if index < 0 or size < 1 or first + size > len(bits) * 8:
        raise StatusProblem(
            f"The status list has no entry {index}.",
            code="RANGE_ERROR",
            fix="Ask the issuer which list and index belong to this credential.",
        )
    value = 0
    for position in range(first, first + size):
        value = value << 1 | (bits[position // 8] >> (7 - position % 8) & 1)
    return value


def pack_values(values: Mapping[int, int], *, entries: int, size: int = 1) -> bytes:
    """A packed list of ``entries`` values of ``size`` bits, most significant first; what is not named is 0.

    Raises:
        StatusProblem: RANGE_ERROR for an index outside the list or a value that does not fit.
    """
    packed = bytearray((entries * size + 7) // 8)
    for index, value in values.items():
        if not (0 <= index < entries and 0 <= value < 1 << size):
            raise StatusProblem(f"Entry {index} of the list cannot be {value}.", code="RANGE_ERROR")
        for offset in range(size):
            if value >> (size - 1 - offset) & 1:
                position = index * size + offset
                packed[position // 8] |= 0x80 >> position % 8
    return bytes(packed)


def _inflate(packed: bytes, pointer: str) -> bytes:
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # GZIP only: a zlib header is not accepted
    try:
        bits = inflater.decompress(packed, INFLATE_LIMIT)
    except zlib.error as error:
        raise _malformed("encodedList is not GZIP.", pointer) from error
    if inflater.unconsumed_tail:
        raise StatusProblem(
            f"The status list inflates to more than {INFLATE_LIMIT} bytes.",
            pointer=pointer,
            fix="The issuer must split the list.",
        )
    if not inflater.eof or inflater.unused_data:
        raise _malformed("encodedList is cut off, or something follows the GZIP data.", pointer)
    return bits


def _malformed(detail: str, pointer: str) -> MalformedInput:
    return MalformedInput(
        detail, pointer=pointer, fix="Write u and base64url of the GZIP-compressed bits, without padding."
    )
