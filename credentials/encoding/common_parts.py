"""Equal parts of many documents kept once: types, units, parties and contexts are said again in each of them.

The rule: values are only read, so two that are equal may be one. A part is remembered when all that it is made of was
said before; of what is said once, such as an identifier, only the text is.
"""

from __future__ import annotations

from credentials.encoding.json_values import Json, JsonObject


class CommonParts:
    """The texts and repeated parts of all documents it was given; what it gives back equals what it was given."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._parts: dict[tuple[object, ...], Json] = {}

    def document(self, value: JsonObject) -> JsonObject:
        """``value`` with its parts shared."""
        return {name: self._shared(item)[0] for name, item in value.items()}

    def _shared(self, value: Json) -> tuple[Json, object]:
        """``value`` as it is kept, and a key that stands for it: None where it has parts that are new."""
        if isinstance(value, str):
            known = self._texts.setdefault(value, value)
            return known, None if known is value else id(known)
        if isinstance(value, dict):
            members = {name: self._shared(item) for name, item in value.items()}
            keys = [key for _, key in members.values()]
            return self._kept({name: item for name, (item, _) in members.items()}, ("{", *members, *keys), keys)
        if isinstance(value, list):
            items = [self._shared(item) for item in value]
            keys = [key for _, key in items]
            return self._kept([item for item, _ in items], ("[", *keys), keys)
        return value, repr(value)

    def _kept(self, part: Json, key: tuple[object, ...], keys: list[object]) -> tuple[Json, object]:
        if None in keys:
            return part, None
        known = self._parts.setdefault(key, part)
        return known, id(known)
