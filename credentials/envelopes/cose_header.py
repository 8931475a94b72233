"""The protected header of a COSE envelope: a map of labels to integers, texts, bytes, and lists of these.

The rule: definite lengths, shallow, no label twice and nothing behind the end. Its bytes are what is signed, so a value
may be written in more than one way; read it is in one only.
Specification: RFC 9052 section 3; RFC 8949 section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from credentials.encoding.cbor import encode_cbor
from credentials.errors import MalformedInput

HeaderValue: TypeAlias = "int | str | bytes | Sequence[HeaderValue]"
_SIZE: Final = 8192
_DEPTH: Final = 3
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_POSITIVE, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = range(6)


def encode_header(header: Mapping[int, HeaderValue]) -> bytes:
    """The header with its labels in ascending order."""
    entries = b"".join(_encoded(label) + _encoded(header[label]) for label in sorted(header))
    return bytes([_MAP << 5 | len(header)]) + entries


def decode_header(raw: bytes) -> Mapping[int | str, HeaderValue]:
    """The header that ``raw`` encodes; an empty byte string is the empty one.

    Raises:
        MalformedInput: PARSING_ERROR or TOO_LARGE.
    """
    if len(raw) > _SIZE:
        raise MalformedInput(f"The header has {len(raw)} bytes; the limit is {_SIZE}.", code="TOO_LARGE")
    if not raw:
        return {}
    reader = _Reader(raw)
    header = reader.map()
    if reader.position != len(raw):
        raise _refused("something follows it")
    return header


def _encoded(value: HeaderValue) -> bytes:
    if isinstance(value, int) and value < 0:
        head = bytearray(encode_cbor(-1 - value))
        head[0] |= _NEGATIVE << 5
        return bytes(head)
    if isinstance(value, (int, str, bytes)):
        return encode_cbor(value)
    raise TypeError(value)


class _Reader:
    """Reads items one after the other; ``position`` is the next byte."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.position = 0

    def map(self) -> dict[int | str, HeaderValue]:
        major, entries = self._head()
        if major != _MAP or entries > len(self._raw):
            raise _refused("it is no map")
        found: dict[int | str, HeaderValue] = {}
        for _ in range(entries):
            label = self._item(1)
            if not isinstance(label, (int, str)) or label in found:
                raise _refused("a label is no number or text, or stands there twice")
            found[label] = self._item(1)
        return found

    def _item(self, depth: int) -> HeaderValue:
        major, number = self._head()
        if major == _POSITIVE:
            return number
        if major == _NEGATIVE:
            return -1 - number
        if major == _BYTES:
            return self._take(number)
        if major == _TEXT:
            return self._text(number)
        if major == _ARRAY and depth < _DEPTH and number <= len(self._raw):
            return [self._item(depth + 1) for _ in range(number)]
        raise _refused("a value is of a kind that is not read here")

    def _head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, info = first >> 5, first & 0x1F
        if info < min(_WIDTHS):
            return major, info
        if info not in _WIDTHS:
            raise _refused("a length is indefinite or reserved")
        return major, int.from_bytes(self._take(_WIDTHS[info]), "big")

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise _refused("a text is not UTF-8") from error

    def _take(self, length: int) -> bytes:
        taken = self._raw[self.position : self.position + length]
        if len(taken) != length:
            raise _refused("it ends too early")
        self.position += length
        return taken


def _refused(why: str) -> MalformedInput:
    return MalformedInput(
        f"The protected header cannot be read: {why}.", code="PARSING_ERROR", fix="Encode it as RFC 9052 does."
    )
