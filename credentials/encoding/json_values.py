"""JSON values: their types, their limits, and the walks over them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any  # the one place where Any is allowed: JSON is narrowed by lenses, not by casts
JsonObject: TypeAlias = Mapping[str, Json]

SAFE_INTEGER: Final = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one document (docs/threat-model.md#reading): bytes, nesting, number of JSON values, characters."""

    size: int = 1 << 20
    depth: int = 32
    values: int = 20_000
    key: int = 256
    text: int = 1 << 20  # a picture or a template may be most of a document


DEFAULT_LIMITS: Final = Limits()


def as_list(value: Json) -> Sequence[Json]:
    """The values of a member that holds one value or a list of them."""
    return value if isinstance(value, (list, tuple)) else (value,)


def types_of(value: JsonObject) -> tuple[str, ...]:
    """The texts of ``type``, one or a list."""
    stated = value.get("type")
    if isinstance(stated, str):
        return (stated,)
    return tuple([term for term in stated if isinstance(term, str)]) if isinstance(stated, (list, tuple)) else ()


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


def compact_json(value: Json) -> bytes:
    """``value`` as it travels: compact, UTF-8, members in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def escape_pointer(token: str) -> str:
    """One reference token of a JSON pointer, escaped (RFC 6901 section 3)."""
    if "/" not in token and "~" not in token:
        return token
    return token.replace("~", "~0").replace("/", "~1")
