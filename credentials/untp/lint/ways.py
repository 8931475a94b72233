"""How the lint reads JSON: values first, and where they stand only for what is found wrong.

Most of what it reads is right, so that no pointer is written for it: the way to a value is kept as its steps.
As for every lens, one object where a list belongs reads as a list of one, and blank and missing texts are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from credentials.encoding.document import JsonObject, escape_pointer

#: The way down to a value: the key or index of each step.
Way: TypeAlias = tuple[str | int, ...]
#: An object and its index in a list, None where it stands alone.
Listed: TypeAlias = tuple[int | None, JsonObject]


def pointer_of(way: Way, *steps: str | int | None) -> str:
    """The JSON pointer of what lies ``steps`` below ``way``; a step that is None is none."""
    whole = (*way, *[step for step in steps if step is not None]) if steps else way
    tokens = ["", *map(str, whole)]
    pointer = "/".join(tokens)
    if "~" in pointer or pointer.count("/") >= len(tokens):
        return "/".join([escape_pointer(token) for token in tokens])
    return pointer


def way_to(way: Way, key: str, index: int | None) -> Way:
    """The way to an object of a list (or to the one object) at ``key``."""
    return (*way, key) if index is None else (*way, key, index)


def objects(value: JsonObject, key: str) -> list[Listed]:
    """The objects of the list at ``key``; what is no object is passed over."""
    item = value.get(key)
    if isinstance(item, (list, tuple)):
        return [(index, child) for index, child in enumerate(item) if isinstance(child, (dict, Mapping))]
    return [(None, item)] if isinstance(item, (dict, Mapping)) else []


def one(value: JsonObject, key: str) -> Listed | None:
    """The object at ``key``; None unless there is exactly one, and nothing beside it."""
    item, index = value.get(key), None
    if isinstance(item, (list, tuple)):
        if len(item) != 1:
            return None
        item, index = item[0], 0
    return (index, item) if isinstance(item, (dict, Mapping)) else None


def text(value: JsonObject, key: str) -> str | None:
    """A non-empty text."""
    item = value.get(key)
    return item if isinstance(item, str) and item and not item.isspace() else None


def only_subject(document: JsonObject) -> tuple[JsonObject, Way] | None:
    """The one subject of a credential that has one, and the way to it; None for none or several."""
    subjects = objects(document, "credentialSubject")
    return (subjects[0][1], way_to((), "credentialSubject", subjects[0][0])) if len(subjects) == 1 else None
