"""Equal parts of many documents kept once: types, units, parties and contexts are said again in each of them.

The rule: values are only read, so two that are equal may be one. A part is remembered when all that it is made of was
said before; of what is said once, such as an identifier, only the text is.
"""

from __future__ import annotations

from collections.abc import Iterable

from credentials.encoding.json_values import Json, JsonObject


class CommonParts:
    """The texts and repeated parts of all documents it was given; what it gives back equals what it was given."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._parts: dict[tuple[object, ...], Json] = {}

    def document(self, value: JsonObject) -> JsonObject:
        """``value`` with its parts shared."""
        members: list[Json] = []
        self._each(value.values(), members, [])
        return dict(zip(value, members, strict=True))

    def _each(self, values: Iterable[Json], kept: list[Json], keys: list[object]) -> bool:
        """Put each of ``values`` as it is kept, and a key that stands for it; has one of them parts that are new?"""
        new, texts = False, self._texts
        for value in values:
            form = type(value)
            key: object
            if form is str:
                known: Json = texts.setdefault(value, value)
                key = None if known is value else id(known)
            elif form is dict or form is list:
                known, key = self._container(value, is_object=form is dict)
            else:
                known, key = value, repr(value)
            new = new or key is None
            kept.append(known)
            keys.append(key)
        return new

    def _container(self, value: Json, *, is_object: bool) -> tuple[Json, object]:
        kept: list[Json] = []
        keys: list[object] = ["{", *value] if is_object else ["["]
        new = self._each(value.values() if is_object else value, kept, keys)
        part = dict(zip(value, kept, strict=True)) if is_object else kept
        if new:
            return part, None
        known = self._parts.setdefault(tuple(keys), part)
        return known, id(known)
