"""Every single edit of a JSON document: each leaf, key, order and repeat of it changed, one at a time."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.encoding.document import walk

#: What RDF cannot tell apart, and so no proof over statements can (docs/requirements.md S41 and S42).
UNORDERED: Final = frozenset(
    {"reverse", "repeat", "said elsewhere", "number as text", "text as number", "flatten", "alone"}
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: its kind and the place of the value that it changes."""

    kind: str
    pointer: str
    value: Any  # what stands there afterwards; GONE to take the member away

    def applied(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of ``document`` with this edit."""
        changed: Any = copy.deepcopy(dict(document))
        if not self.pointer:
            return dict(self.value)
        parent, name = _place(changed, self.pointer)
        if self.value is GONE:
            del parent[name]
        else:
            parent[name] = copy.deepcopy(self.value)
        return dict(changed)


GONE: Final = object()


def edits_of(document: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Single edits of ``document`` that change it, proofs included: each leaf, key, order and repeat in turn.

    Of the ways to change a text each place gets two, the next two at the next place.
    """
    return tuple(
        Edit(kind, pointer, value)
        for number, (pointer, item) in enumerate(walk(document))
        for kind, value in _changes(pointer, item, number)
        if value is GONE or not _same(value, item)
    )


def said_elsewhere(document: Mapping[str, Any], edit: Edit) -> bool:
    """Does ``edit`` take away what another node of the same id says as well? RDF knows one node, and says it once."""
    if edit.kind not in ("take away", "drop element"):
        return False
    path, value = edit.pointer, _value(document, edit.pointer)
    if isinstance(value, list) and edit.kind == "drop element":
        value = value[0]
    parent = _value(document, path.rpartition("/")[0])
    if isinstance(parent, list):
        path = path.rpartition("/")[0]
        parent = _value(document, path.rpartition("/")[0])
    name = path.rpartition("/")[2]
    others = (item for where, item in walk(document) if isinstance(item, dict) and where != path.rpartition("/")[0])
    return "id" in parent and any(
        other.get("id") == parent["id"] and name in other and _includes(other[name], value) for other in others
    )


def _includes(stated: Any, value: Any) -> bool:
    if isinstance(value, list):
        return all(_includes(stated, item) for item in value)
    return any(_same(item, value) for item in (stated if isinstance(stated, list) else [stated]))


def some_of(edits: tuple[Edit, ...], count: int) -> list[Edit]:
    """``count`` of them, the same ones each time, every kind among them."""
    chosen = random.Random(7).sample(edits, min(count, len(edits)))
    seen = {edit.kind for edit in chosen}
    return [*chosen, *{edit.kind: edit for edit in edits if edit.kind not in seen}.values()]


def _changes(pointer: str, item: Any, number: int) -> Iterator[tuple[str, Any]]:
    if pointer:
        yield "take away", GONE
    if pointer and number % 4 == 0:
        yield "null", None
    if isinstance(item, dict):
        yield "add member", {**item, "zz": "x"}
        yield "add null", {**item, "name2": None}
        for key in item:
            yield "rename", {f"{name}x" if name == key else name: value for name, value in item.items()}
    elif isinstance(item, list):
        yield "reverse", item[::-1]
        yield "repeat", [*item, *item[:1]]
        yield "drop element", item[1:]
        yield "add null element", [*item, None]
        if any(isinstance(one, list) for one in item):
            yield "flatten", [part for one in item for part in (one if isinstance(one, list) else [one])]
        if len(item) == 1:
            yield "alone", item[0]
    elif isinstance(item, str):
        yield from _text_changes(item, number)
    elif isinstance(item, bool):
        yield "negate", not item
    elif isinstance(item, (int, float)):
        yield from (("one more", item + 1), ("opposite", -item), ("number as text", str(item)))


def _text_changes(text: str, number: int) -> Iterator[tuple[str, Any]]:
    changes: dict[str, Callable[[str], Any]] = {
        "append space": lambda it: it + " ",
        "prepend space": lambda it: " " + it,
        "append letter": lambda it: it + "x",
        "drop letter": lambda it: it[:-1],
        "empty": lambda _: "",
        "case": str.swapcase,
        "decompose": lambda it: it + "e\u0301",
    }
    kinds = list(changes)
    for kind in (kinds[2 * number % len(kinds)], kinds[(2 * number + 1) % len(kinds)]):
        yield kind, changes[kind](text)
    if text.isascii() and text.isdigit() and not text.startswith("0"):
        yield "text as number", int(text)


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: what Python calls equal and of one type all the way down."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def _value(document: Any, pointer: str) -> Any:
    if not pointer:
        return document
    parent, name = _place(document, pointer)
    return parent[name]


def _place(value: Any, pointer: str) -> tuple[Any, Any]:
    *path, last = (token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value, int(last) if isinstance(value, list) else last
