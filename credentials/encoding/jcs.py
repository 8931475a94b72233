"""JSON Canonicalization Scheme (RFC 8785): one door to the library, one error for what it refuses.

The rule: ``rfc8785`` decides. ``orjson``, thirty times as fast, writes the same bytes for most documents; it is used
only where it cannot differ: it writes some numbers otherwise, refuses few, and sorts by code points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import orjson
import rfc8785

from credentials.encoding.document import Json
from credentials.errors import MalformedInput

_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
#: One class of bytes each: digits, signs, and the first bytes of characters from U+E000 on; what is left of them when
#: everything is dropped that is no part of a number or of null and does not stand between two of them.
_CLASSES: Final = bytes.maketrans(b"123456789+" + bytes(range(0xEE, 0x100)), b"0" * 9 + b"-" + b"\xff" * 18)
_BESIDE: Final = bytes(set(range(0xEE)) - set(b'0123456789.+-enul",'))
#: What integers of 16 digits, which may be beyond 2^53-1, and floats that ECMAScript writes otherwise (5.0, 1e+16)
#: look like once digits are classed; and what they are, which takes longer to find. NaN is written as null.
_MARKS: Final = (b"0" * 16, b"0e-0")
_WHOLE_FLOAT: Final = re.compile(rb"\.0[,}\]]")
_DOUBTFUL_NUMBER: Final = re.compile(rb"[:,\[]-?(?:\d{16}|\d[\d.]*e|\d+\.0[,}\]])")


def canonical_json(value: Json) -> bytes:
    """The RFC 8785 form of ``value`` as UTF-8 bytes.

    Raises:
        MalformedInput: JSON_NUMBER_RANGE or JSON_TEXT for what has no canonical form.
    """
    return _fast(value) or _exact(value)


def _fast(value: Json) -> bytes | None:
    """The same bytes by ``orjson``, or None where they might not be the same."""
    if not isinstance(value, dict):
        return None
    try:
        raw = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError:
        return None  # no JSON, half of a surrogate pair: the library's answer counts
    return None if _is_doubtful(raw) else raw


def _is_doubtful(raw: bytes) -> bool:
    """Might RFC 8785 write it otherwise, or not at all? Texts that look like a number cost time, never bytes.

    From U+E000 on, UTF-16 code units, by which RFC 8785 sorts, and code points are ordered differently.
    """
    classes = raw.translate(_CLASSES, _BESIDE)
    if b"\xff" in classes or (b"null" in classes and b"null" in raw):
        return True
    marked = any(mark in classes for mark in _MARKS) or _WHOLE_FLOAT.search(raw) is not None
    return marked and _DOUBTFUL_NUMBER.search(raw) is not None


def _exact(value: Json) -> bytes:
    try:
        return rfc8785.dumps(dict(value) if isinstance(value, Mapping) else value)
    except rfc8785.CanonicalizationError as error:
        raise MalformedInput(str(error), code="JSON_NUMBER_RANGE", fix="Use numbers within ±(2^53−1).") from error
