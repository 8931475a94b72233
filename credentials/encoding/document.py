"""An immutable JSON document exactly as received, and the strict reader that lets it in.

The rule: what two JSON parsers could read differently does not enter. UTF-8 without BOM, no duplicate keys, no
unsafe numbers, no control characters, bounded depth, size and count, all checked before anything else runs
(security.md b.1, items 1 to 16). The bytes and their SHA-256 are the truth; ``value`` is only read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NewType, TypeAlias

from credentials.errors import MalformedInput

Json: TypeAlias = Any  # the one place where Any is allowed: JSON is narrowed by lenses, not by casts
JsonObject: TypeAlias = Mapping[str, Json]
Sha256 = NewType("Sha256", str)  # lower-case hexadecimal, 64 characters

SAFE_INTEGER: Final = 2**53 - 1
_FORBIDDEN_ESCAPE: Final = re.compile(rb"\\(?:[bf]|u(?:00[01]|007[fF]|[dD][89a-fA-F]))")  # and some that may stay
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_FORBIDDEN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one document (security.md e.6): bytes, nesting, number of JSON values, characters."""

    size: int = 1 << 20
    depth: int = 32
    values: int = 20_000
    key: int = 256
    text: int = 65_536


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object as received: ``raw`` bytes, their ``digest`` and the parsed ``value`` (do not change it)."""

    raw: bytes
    value: JsonObject
    digest: Sha256


def sha256_hex(raw: bytes) -> Sha256:
    """SHA-256 of ``raw``, lower-case hexadecimal."""
    return Sha256(hashlib.sha256(raw).hexdigest())


def parse_document(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one JSON object strictly.

    Raises:
        MalformedInput: TOO_LARGE, JSON_TEXT, JSON_TOO_DEEP, JSON_INVALID, JSON_DUPLICATE_KEY, JSON_NUMBER_RANGE.
    """
    value = parse_json(raw, limits=limits)
    if not isinstance(value, dict):
        raise MalformedInput(
            "The document is not a JSON object.", code="JSON_INVALID", fix="Send one JSON object, {…}."
        )
    return Document(raw, value, sha256_hex(raw))


def parse_json(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Json:
    """Read any JSON value strictly; see :func:`parse_document` for what is refused."""
    if len(raw) > limits.size:
        raise MalformedInput(
            f"The document has {len(raw)} bytes; the limit is {limits.size}.",
            code="TOO_LARGE",
            fix="Link large attachments by URL and digest instead of embedding them.",
        )
    text = _decode(raw)
    parts = _outside_and_inside(raw)
    _refuse_deep(b"".join(parts[::2]), limits.depth)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedInput(
            f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            code="JSON_INVALID",
            fix="Check the document with a JSON linter; comments and trailing commas are not JSON.",
        ) from error
    if _may_break(raw, parts, limits) and not _is_within(value, limits):
        _refuse_oversized(value, limits)
    return value


def walk(value: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every value below and including ``value`` with its JSON pointer (RFC 6901), parents first."""
    stack = [(pointer, value)]
    while stack:
        here, item = stack.pop()
        yield here, item
        if item is None or isinstance(item, (str, int, float)):
            continue
        if isinstance(item, (dict, Mapping)):
            stack.extend((f"{here}/{escape_pointer(key)}", child) for key, child in item.items())
        elif isinstance(item, (list, tuple)):
            stack.extend((f"{here}/{index}", child) for index, child in enumerate(item))


def walk_objects(value: Json) -> Iterator[tuple[str, JsonObject]]:
    """Every object below and including ``value`` with its JSON pointer, parents first."""
    stack = [("", value)]
    while stack:
        here, item = stack.pop()
        if isinstance(item, dict):
            yield here, item
            for key, child in item.items():
                if isinstance(child, (dict, list)):
                    stack.append((f"{here}/{escape_pointer(key)}", child))
        elif isinstance(item, list):
            for index, child in enumerate(item):
                if isinstance(child, (dict, list)):
                    stack.append((f"{here}/{index}", child))


def escape_pointer(token: str) -> str:
    """One reference token of a JSON pointer, escaped (RFC 6901 section 3)."""
    if "/" not in token and "~" not in token:
        return token
    return token.replace("~", "~0").replace("/", "~1")


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


def _outside_and_inside(raw: bytes) -> list[bytes]:
    """What stands between quotation marks: outside strings at even places, inside at odd ones.

    True up to the first mistake in the JSON, where its reader stops: until there a backslash is inside a string.
    """
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return raw.split(b'"')


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


def _may_break(raw: bytes, parts: list[bytes], limits: Limits) -> bool:
    """Can a limit be broken or a text be forbidden at all? Cheap bounds on the bytes; most documents end here.

    Every value follows a comma, a colon or a bracket. A forbidden character is escaped, or is DEL: the JSON reader
    takes no other control character and UTF-8 has no surrogates.
    """
    outside = b"".join(parts[::2])
    values = 1 + outside.count(b",") + outside.count(b":") + outside.count(b"[")
    longest = max(map(len, parts[1::2]), default=0)
    escaped = b"\x7f" in raw or (b"\\" in raw and _FORBIDDEN_ESCAPE.search(raw) is not None)
    return escaped or values > limits.values or longest > min(limits.key, limits.text)


def _is_within(value: Json, limits: Limits) -> bool:
    """The same answer as :func:`_refuse_oversized`, without saying where."""
    stack, keys, texts, values = [value], [""], [""], 0
    while stack:
        item = stack.pop()
        values += 1
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
            keys.extend(item)
        elif isinstance(item, list):
            stack.extend(item)
    if values > limits.values or max(map(len, keys)) > limits.key or max(map(len, texts)) > limits.text:
        return False
    return _FORBIDDEN_TEXT.search("\n".join((*keys, *texts))) is None


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
    # RDF canonical doubles keep 16 significant digits (%.15E); a number that does not survive would let two
    # different documents share one signature.
    if number in (float("inf"), float("-inf")) or float(f"{number:.15E}") != number:
        raise MalformedInput(
            f"The number {digits[:40]} cannot be kept exactly.",
            code="JSON_NUMBER_RANGE",
            fix="Round it to at most 15 significant digits.",
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
