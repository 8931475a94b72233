"""The quick reader: what ``orjson`` read, where the strict reader would have read the same; else nothing.

The rule: :mod:`credentials.encoding.strict` decides, and alone says what is wrong. ``orjson`` is several times as fast
but lets in what the strict reader refuses: the last of equal keys, numbers that cannot be kept, any depth and length.
Each of those leaves a mark on the bytes; where a mark is found, the strict reader reads again. What ``orjson`` writes
again byte for byte was written once only and means what it says.
"""

from __future__ import annotations

import re
from typing import Final

import orjson

from credentials.encoding.json_values import Json, Limits, walk_objects

UNSURE: Final = object()  # no JSON value: the strict reader must answer

_FORBIDDEN_ESCAPE: Final = re.compile(rb"\\(?:[bf]|u(?:00[01]|007[fF]|[dD][89a-fA-F]))")  # and some that may stay
_BUT_STRUCTURE: Final = bytes(set(range(256)) - set(b'[]{}"'))
_ONE_KIND: Final = bytes.maketrans(b"[]", b"{}")
_DIGITS: Final = bytes.maketrans(b"123456789.", b"0" * 10)
_LONG: Final = b"0" * 16  # digits and points; without them there is no long number either
#: Digits and points are one class, brackets and commas another; without spaces and signs, a number in an array or a
#: member begins right after the one or the other of these.
_CLASSES: Final = bytes.maketrans(b"123456789.[", b"0" * 10 + b",")
_BETWEEN: Final = b" \t\r\n-"
#: Numbers of 16 digits: 15 every reader keeps, and so does RDF.
_LONG_NUMBERS: Final = (b'":' + b"0" * 16, b"," + b"0" * 16)
_EXPONENTS: Final = (re.compile(rb'":0+[eE]'), re.compile(rb",0+[eE]"))


def read_quickly(raw: bytes, limits: Limits) -> Json:
    """The value of ``raw``, of at most ``limits.size`` bytes, or :data:`UNSURE`; never raises."""
    bare = _unescaped(raw)
    if _may_be_refused(raw, bare, limits) or (_LONG in raw.translate(_DIGITS) and _has_long_number(raw)):
        return UNSURE
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return UNSURE
    written = orjson.dumps(value)
    if written != raw and not _means_all(raw, bare, written):
        return UNSURE
    return UNSURE if _is_long(bare, limits.key) and _has_long_key(value, limits.key) else value


def _may_be_refused(raw: bytes, bare: bytes, limits: Limits) -> bool:
    """Can a limit be broken or a text be refused? False is certain; True may be for nothing."""
    return (
        raw[:1] not in (b"{", b"[")
        or b"\x7f" in raw
        or (b"\\" in raw and _FORBIDDEN_ESCAPE.search(raw) is not None)
        or _holds_many(raw, limits.values)
        or (len(raw) > limits.text and _is_long(bare, limits.text))
        or _is_deep(bare, limits.depth)
    )


def _has_long_number(raw: bytes) -> bool:
    classes = raw.translate(_CLASSES, _BETWEEN)
    return any(number in classes for number in _LONG_NUMBERS)


def _means_all(raw: bytes, bare: bytes, written: bytes) -> bool:
    """Did everything come in, so that what came may differ from ``written`` in spaces and escapes only?

    A key that was dropped because it came again took its two quotation marks with it; no number has an exponent.
    """
    if bare.count(b'"') != _unescaped(written).count(b'"'):
        return False
    classes = raw.translate(_CLASSES, _BETWEEN)
    marked = b"0e" in classes or b"0E" in classes
    return not (marked and any(mark.search(classes) for mark in _EXPONENTS))


def _unescaped(raw: bytes) -> bytes:
    """``raw`` with no quotation mark but those that begin and end a text, and no text shorter than it was."""
    return raw.replace(b"\\\\", b"__").replace(b'\\"', b"__") if b"\\" in raw else raw


def _holds_many(raw: bytes, limit: int) -> bool:
    """Every value takes a byte and follows a comma, a colon or a bracket."""
    return len(raw) // 2 >= limit and raw.count(b",") + raw.count(b":") + raw.count(b"[") >= limit


def _is_long(bare: bytes, limit: int) -> bool:
    """Are there more than ``limit`` bytes without a quotation mark?"""
    start, last = 0, len(bare) - limit
    while start < last:
        start = bare.rfind(b'"', start, start + limit + 1) + 1
        if start == 0:
            return True
    return False


def _has_long_key(value: Json, limit: int) -> bool:
    return any(len(key) > limit for _, item in walk_objects(value) for key in item)


def _is_deep(bare: bytes, limit: int) -> bool:
    """Do brackets outside texts nest deeper than ``limit``?"""
    structure = bare.translate(_ONE_KIND, _BUT_STRUCTURE)
    brackets = structure.replace(b'""', b"")
    if b'"' in brackets:  # a text holds a bracket
        brackets = b"".join(structure.split(b'"')[::2])
    for _ in range(limit):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"")  # the innermost level
    return brackets != b""
