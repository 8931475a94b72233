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
#: One class of bytes each: digits, signs, and the first bytes of characters from U+E000 on. Nothing is taken out, which
#: would take several times as long.
_CLASSES: Final = bytes.maketrans(b"123456789+" + bytes(range(0xEE, 0x100)), b"0" * 9 + b"-" + b"\xff" * 18)
#: What integers of 16 digits, which may be beyond 2^53-1, and floats with an exponent, which ECMAScript writes
#: otherwise, look like once digits are classed; and what they and whole floats (5.0) are, which takes longer to find.
_LONG, _EXPONENT = b"0" * 16, b"0e-0"
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
        if not _is_doubtful(raw):
            return raw
        if _WHOLE_FLOAT.search(raw) is not None:
            raw = orjson.dumps(_with_integers(value), option=_OPTIONS)
            return None if _is_doubtful(raw) else raw
    except orjson.JSONEncodeError:
        pass  # no JSON, half of a surrogate pair: the library's answer counts
    return None


def _with_integers(value: Json) -> Json:
    """``value`` with its whole floats as the integers that RFC 8785 writes them as; as deep as ``orjson`` wrote it."""
    if type(value) is dict:
        return {key: _with_integers(item) for key, item in value.items()}
    if type(value) is list or type(value) is tuple:
        return [_with_integers(item) for item in value]
    return int(value) if type(value) is float and value.is_integer() else value


def _is_doubtful(raw: bytes) -> bool:
    """Might RFC 8785 write it otherwise, or not at all? Texts that look like a number cost time, never bytes.

    From U+E000 on, UTF-16 code units, by which RFC 8785 sorts, and code points are ordered differently. NaN is written
    as null.
    """
    classes = raw.translate(_CLASSES)
    if b"\xff" in classes or b"null" in raw:
        return True
    marked = _EXPONENT in classes or _LONG in classes or _WHOLE_FLOAT.search(raw) is not None
    return marked and _DOUBTFUL_NUMBER.search(raw) is not None


def _exact(value: Json) -> bytes:
    try:
        return rfc8785.dumps(dict(value) if isinstance(value, Mapping) else value)
    except rfc8785.CanonicalizationError as error:
        raise MalformedInput(str(error), code="JSON_NUMBER_RANGE", fix="Use numbers within ±(2^53−1).") from error
