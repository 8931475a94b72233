"""The part of CBOR that proof values are made of: integers, byte strings, texts, arrays and maps with integer keys.

The rule: one value, one encoding. Lengths are definite and as short as they can be, there are no tags, no negative
numbers, no repeated keys and nothing behind the end, so that what decodes must encode back to the same bytes but for
the order of map keys.
Specification: RFC 8949 sections 3 and 4.2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, TypeAlias

from credentials.errors import MalformedInput

Cbor: TypeAlias = "int | bytes | str | Sequence[Cbor] | Mapping[int, Cbor]"
MAX_DEPTH: Final = 4
_DIRECT: Final = 24  # smaller numbers stand in the first byte itself
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}


class _Major(IntEnum):
    """Major types (section 3.1) of this subset."""

    INTEGER = 0
    BYTES = 2
    TEXT = 3
    ARRAY = 4
    MAP = 5


def encode_cbor(value: Cbor) -> bytes:
    """The deterministic encoding of ``value`` (integers from 0 to 2^64-1; map keys in ascending order)."""
    if isinstance(value, int):
        return _head(_Major.INTEGER, value)
    if isinstance(value, bytes):
        return _head(_Major.BYTES, len(value)) + value
    if isinstance(value, str):
        text = value.encode("utf-8")
        return _head(_Major.TEXT, len(text)) + text
    if isinstance(value, Mapping):
        entries = (encode_cbor(key) + encode_cbor(value[key]) for key in sorted(value))
        return _head(_Major.MAP, len(value)) + b"".join(entries)
    return _head(_Major.ARRAY, len(value)) + b"".join(map(encode_cbor, value))


def decode_cbor(raw: bytes) -> Cbor:
    """The one value that ``raw`` encodes; arrays become lists.

    Raises:
        MalformedInput: it is not CBOR, not of this subset, not the shortest form, or something follows.
    """
    reader = _Reader(raw)
    value = reader.value(1)
    if reader.position != len(raw):
        raise _refused(f"{len(raw) - reader.position} bytes follow the CBOR value.")
    return value


def _head(major: _Major, number: int) -> bytes:
    if number < _DIRECT:
        return bytes([major << 5 | number])
    for info, width in _WIDTHS.items():
        if number < 1 << 8 * width:
            return bytes([major << 5 | info]) + number.to_bytes(width, "big")
    raise OverflowError(number)


class _Reader:
    """Reads values one after the other; ``position`` is the next byte."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.position = 0

    def value(self, depth: int) -> Cbor:
        if depth > MAX_DEPTH:
            raise _refused(f"The CBOR value nests deeper than {MAX_DEPTH} levels.")
        major, number = self._read_head()
        if major == _Major.INTEGER:
            return number
        if major == _Major.BYTES:
            return self._take(number)
        if major == _Major.TEXT:
            return self._text(number)
        if major == _Major.ARRAY:
            return [self.value(depth + 1) for _ in range(self._countable(number))]
        if major == _Major.MAP:
            return self._map(number, depth)
        raise _refused(f"CBOR major type {major} is not used in proof values.")

    def _read_head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, info = first >> 5, first & 0x1F
        if info < _DIRECT:
            return major, info
        width = _WIDTHS.get(info)
        if width is None:
            raise _refused("A CBOR length is indefinite or reserved.")
        number = int.from_bytes(self._take(width), "big")
        if number < _DIRECT or (width > 1 and number < 1 << 4 * width):
            raise _refused("A CBOR number is not in its shortest form.")
        return major, number

    def _map(self, entries: int, depth: int) -> dict[int, Cbor]:
        found: dict[int, Cbor] = {}
        for _ in range(self._countable(entries)):
            key = self.value(depth + 1)
            if not isinstance(key, int) or key in found:
                raise _refused("A CBOR map has a key that is no number, or one key twice.")
            found[key] = self.value(depth + 1)
        return found

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise _refused("A CBOR text is not UTF-8.") from error

    def _countable(self, number: int) -> int:
        if number > len(self.raw) - self.position:  # every item takes a byte at least
            raise _refused("The CBOR value ends too early.")
        return number

    def _take(self, length: int) -> bytes:
        taken = self.raw[self.position : self.position + length]
        if len(taken) != length:
            raise _refused("The CBOR value ends too early.")
        self.position += length
        return taken


def _refused(detail: str) -> MalformedInput:
    return MalformedInput(detail, fix="Encode the value as the specification of its proof demands.")
