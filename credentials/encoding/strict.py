"""The strict reader: what two JSON parsers could read differently does not enter.

UTF-8 without BOM, no duplicate keys, no unsafe numbers, no control characters, bounded depth, size and count, all
checked before anything else runs (docs/requirements.md S1 to S16).
"""

from __future__ import annotations

import json
import re
from typing import Final

from credentials.encoding.json_values import SAFE_INTEGER, Json, Limits, walk
from credentials.errors import MalformedInput

_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_NO_DIGITS: Final = re.compile("[^0-9]")
_FORBIDDEN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_strictly(raw: bytes, limits: Limits) -> Json:
    """The value of ``raw``, of at most ``limits.size`` bytes.

    Raises:
        MalformedInput: TOO_LARGE, JSON_TEXT, JSON_TOO_DEEP, JSON_INVALID, JSON_DUPLICATE_KEY, JSON_NUMBER_RANGE.
    """
    text = _decode(raw)
    _refuse_deep(_outside(raw), limits.depth)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedInput(
            f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            code="JSON_INVALID",
            fix="Check the document with a JSON linter; comments and trailing commas are not JSON.",
        ) from error
    _refuse_oversized(value, limits)
    return value


def _decode(raw: bytes) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        raise MalformedInput(
            "The document starts with a byte order mark.", code="JSON_TEXT", fix="Save it as UTF-8 without BOM."
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedInput(
            f"Byte {error.start} is not UTF-8.", code="JSON_TEXT", fix="Encode the document as UTF-8."
        ) from error


def _outside(raw: bytes) -> bytes:
    """What stands outside texts. True up to the first mistake, where the decoder stops: a backslash is in a text."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(raw.split(b'"')[::2])


def _refuse_deep(outside: bytes, limit: int) -> None:
    """Count brackets on the bytes, so that no recursive parser ever sees a deep document."""
    depth = 0
    for bracket in outside.translate(None, _NO_BRACKETS):
        if bracket in b"[{":
            depth += 1
            if depth > limit:
                raise MalformedInput(
                    f"The document nests deeper than {limit} levels.",
                    code="JSON_TOO_DEEP",
                    fix="Flatten it: refer to objects by id instead of nesting them.",
                )
        else:
            depth -= 1


def _object_without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise MalformedInput(
            f"The key {twice[:80]!r} appears twice in one object.",
            code="JSON_DUPLICATE_KEY",
            fix="Keep one of them; parsers disagree on which one counts.",
        )
    return result


def _safe_integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > SAFE_INTEGER:
        raise MalformedInput(
            f"The integer {digits[:24]}… is outside ±(2^53−1)."
            if len(digits) > 24
            else f"The integer {digits} is outside ±(2^53−1).",
            code="JSON_NUMBER_RANGE",
            fix="Write large numbers as text, or in a larger unit.",
        )
    return int(digits)


def _safe_float(digits: str) -> float:
    number = float(digits)
    # 17 significant digits tell every double from every other: longer ones are rounded by most readers. RDF keeps
    # fewer, which concerns those who sign it.
    significant = len(_NO_DIGITS.sub("", digits.lower().partition("e")[0]).lstrip("0"))
    if number in (float("inf"), float("-inf")) or significant > 17 or (number == 0 and significant):
        raise MalformedInput(
            f"The number {digits[:40]} cannot be kept exactly.",
            code="JSON_NUMBER_RANGE",
            fix="Round it to at most 17 significant digits.",
        )
    return number


def _no_constant(word: str) -> float:
    raise MalformedInput(f"{word} is not a JSON number.", code="JSON_INVALID", fix="Leave the member out.")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object_without_duplicates,
    parse_int=_safe_integer,
    parse_float=_safe_float,
    parse_constant=_no_constant,
)


def _refuse_oversized(value: Json, limits: Limits) -> None:
    for count, (pointer, item) in enumerate(walk(value), start=1):
        if count > limits.values:
            raise MalformedInput(
                f"The document holds more than {limits.values} values.",
                code="TOO_LARGE",
                fix="Split it into several credentials.",
            )
        if isinstance(item, str):
            _refuse_text(item, pointer, limits.text)
        elif isinstance(item, dict):
            for key in item:
                _refuse_text(key, pointer, limits.key)


def _refuse_text(text: str, pointer: str, limit: int) -> None:
    if len(text) > limit:
        raise MalformedInput(
            f"A text of {len(text)} characters is longer than {limit}.",
            code="TOO_LARGE",
            pointer=pointer,
            fix="Shorten it, or link it by URL and digest.",
        )
    if _FORBIDDEN_TEXT.search(text):
        raise MalformedInput(
            "A text holds a control character or half of a surrogate pair.",
            code="JSON_TEXT",
            pointer=pointer,
            fix="Remove the character.",
        )
