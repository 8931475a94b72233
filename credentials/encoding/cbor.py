"""The part of CBOR that proofs are made of: integers, byte strings, texts, arrays and maps.

The rule: definite lengths, no tags, no repeated keys, nothing behind the end. A proof value has one encoding besides:
numbers are as short as they can be and not negative, keys are numbers, so that what decodes must encode back to the
same bytes but for the order of map keys. A header is signed as bytes, which its maker may have written otherwise.
Specification: RFC 8949 sections 3 and 4.2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, TypeAlias

from credentials.errors import MalformedInput

Cbor: TypeAlias = "int | bytes | str | Sequence[Cbor] | Mapping[int | str, Cbor] | Mapping[int, Cbor]"
MAX_DEPTH: Final = 4
HEADER_SIZE: Final = 8192
_DIRECT: Final = 24  # smaller numbers stand in the first byte itself
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}


class _Major(IntEnum):
    """Major types (section 3.1) of this subset."""

    INTEGER = 0
    NEGATIVE = 1
    BYTES = 2
    TEXT = 3
    ARRAY = 4
    MAP = 5


def encode_cbor(value: Cbor) -> bytes:
    """The deterministic encoding of ``value`` (integers of 64 bits; map keys in ascending order)."""
    if isinstance(value, int):
        return _head(_Major.INTEGER, value) if value >= 0 else _head(_Major.NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return _head(_Major.BYTES, len(value)) + value
    if isinstance(value, str):
        text = value.encode("utf-8")
        return _head(_Major.TEXT, len(text)) + text
    if isinstance(value, Mapping):
        entries = sorted((encode_cbor(key), encode_cbor(item)) for key, item in value.items())
        return _head(_Major.MAP, len(value)) + b"".join(key + item for key, item in entries)
    return _head(_Major.ARRAY, len(value)) + b"".join(map(encode_cbor, value))


def decode_cbor(raw: bytes) -> Cbor:
    """The one value that ``raw`` encodes; arrays become lists.

    Raises:
        MalformedInput: it is not CBOR, not of this subset, not the shortest form, or something follows.
    """
    return _decoded(_Reader(raw, is_header=False))


def decode_header(raw: bytes) -> Mapping[int | str, Cbor]:
    """The header of a COSE structure that ``raw`` encodes, without maps in it; an empty byte string is the empty one.

    Raises:
        MalformedInput: as :func:`decode_cbor`, but of any length and sign of numbers; PARSING_ERROR or TOO_LARGE.
    """
    if len(raw) > HEADER_SIZE:
        raise MalformedInput(f"The header has {len(raw)} bytes; the limit is {HEADER_SIZE}.", code="TOO_LARGE")
    try:
        header = _decoded(_Reader(raw, is_header=True)) if raw else {}
    except MalformedInput as error:
        raise _no_header(error.problem.detail) from error
    if not isinstance(header, Mapping):
        raise _no_header("It is no map.")
    return dict(header.items())


def _decoded(reader: _Reader) -> Cbor:
    value = reader.value(1)
    if reader.position != len(reader.raw):
        raise _refused(f"{len(reader.raw) - reader.position} bytes follow the CBOR value.")
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

    def __init__(self, raw: bytes, *, is_header: bool) -> None:
        self.raw = raw
        self._is_header = is_header
        self.position = 0

    def value(self, depth: int) -> Cbor:
        if depth > MAX_DEPTH:
            raise _refused(f"The CBOR value nests deeper than {MAX_DEPTH} levels.")
        major, number = self._read_head()
        if major == _Major.INTEGER:
            return number
        if major == _Major.NEGATIVE and self._is_header:
            return -1 - number
        if major == _Major.BYTES:
            return self._take(number)
        if major == _Major.TEXT:
            return self._text(number)
        if major == _Major.ARRAY:
            return [self.value(depth + 1) for _ in range(self._countable(number))]
        if major == _Major.MAP and not (self._is_header and depth > 1):
            return self._map(number, depth)
        raise _refused(f"CBOR major type {major} is not read here.")

    def _read_head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, info = first >> 5, first & 0x1F
        if info < _DIRECT:
            return major, info
        width = _WIDTHS.get(info)
        if width is None:
            raise _refused("A CBOR length is indefinite or reserved.")
        number = int.from_bytes(self._take(width), "big")
        if not self._is_header and (number < _DIRECT or (width > 1 and number < 1 << 4 * width)):
            raise _refused("A CBOR number is not in its shortest form.")
        return major, number

    def _map(self, entries: int, depth: int) -> dict[int | str, Cbor]:
        keys = (int, str) if self._is_header else int
        found: dict[int | str, Cbor] = {}
        for _ in range(self._countable(entries)):
            key = self.value(depth + 1)
            if not isinstance(key, keys) or key in found:
                raise _refused("A CBOR map has a key of another kind, or one key twice.")
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


def _no_header(why: str) -> MalformedInput:
    return MalformedInput(
        f"The protected header cannot be read: {why}", code="PARSING_ERROR", fix="Encode it as RFC 9052 does."
    )
