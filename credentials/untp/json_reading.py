"""How every lens reads JSON: tolerantly, remembering where each value stands.

The rule: reading never raises. A member that is absent or of the wrong shape reads as None or (), so that a rule
can say *unknown* and the lint can say *wrong*. One object where a list belongs reads as a list of one, because
RDF-canonicalised proofs do not tell the two apart (docs/requirements.md S41). Numbers become Decimal by their
shortest text, so that 0.1 is 0.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from sys import intern
from typing import NamedTuple, TypeVar

from credentials.encoding.document import Json, JsonObject, escape_pointer
from credentials.encoding.moments import start_of
from credentials.errors import MalformedInput

T = TypeVar("T")


class JsonPlace(NamedTuple):
    """A JSON object and the pointer to it; every method reads one member by its name in the vocabulary."""

    value: JsonObject
    pointer: str

    def below(self, key: str) -> str:
        """The JSON pointer of the member ``key``."""
        return f"{self.pointer}/{escape_pointer(key)}"

    def text(self, key: str) -> str | None:
        """A non-empty text; blank and missing are the same."""
        item = self.value.get(key)
        return item if isinstance(item, str) and item and not item.isspace() else None

    def texts(self, key: str) -> tuple[str, ...]:
        """The non-empty texts of a list; one text reads as a list of one."""
        return tuple(item for item in _listed(self.value.get(key)) if isinstance(item, str) and item.strip())

    def number(self, key: str) -> Decimal | None:
        """A JSON number, exactly as written."""
        return to_decimal(self.value.get(key))

    def flag(self, key: str) -> bool | None:
        """true, false, or None when it says neither."""
        item = self.value.get(key)
        return item if isinstance(item, bool) else None

    def moment(self, key: str) -> datetime | None:
        """A date (its first moment, UTC) or a date-time with zone."""
        try:
            return start_of(self.value.get(key))
        except MalformedInput:
            return None

    def one(self, key: str, read: Callable[[JsonPlace], T]) -> T | None:
        """The object at ``key`` seen through ``read``; None unless there is exactly one."""
        item = self.value.get(key)
        if item is None or isinstance(item, str):
            return None
        if isinstance(item, (dict, Mapping)):
            return read(JsonPlace(item, intern(f"{self.pointer}/{key}")))
        if isinstance(item, (list, tuple)) and len(item) == 1 and isinstance(item[0], (dict, Mapping)):
            return read(JsonPlace(item[0], intern(f"{self.pointer}/{key}/0")))
        return None

    def many(self, key: str, read: Callable[[JsonPlace], T]) -> tuple[T, ...]:
        """Every object of the list at ``key`` seen through ``read``; what is not an object is passed over."""
        return tuple([read(place) for place in self.each(key)])

    def at(self, key: str) -> JsonPlace:
        """The object at ``key``, or an empty one in the same place."""
        return self.one(key, lambda here: here) or JsonPlace({}, f"{self.pointer}/{key}")

    def each(self, key: str) -> tuple[JsonPlace, ...]:
        """The objects of the list at ``key`` with their pointers; one object reads as a list of one."""
        item = self.value.get(key)
        if item is None:
            return ()
        below = intern(f"{self.pointer}/{key}")
        if isinstance(item, (dict, Mapping)):
            return (JsonPlace(item, below),)
        items = enumerate(_listed(item))
        return tuple(
            [
                JsonPlace(child, intern(f"{below}/{index}"))
                for index, child in items
                if isinstance(child, (dict, Mapping))
            ]
        )


def place(value: Json, pointer: str = "") -> JsonPlace:
    """``value`` as a place to read from; anything but an object reads as an empty one."""
    return JsonPlace(value if isinstance(value, (dict, Mapping)) else {}, pointer)


def subjects_of(document: JsonObject) -> tuple[JsonPlace, ...]:
    """The objects of ``credentialSubject`` with their pointers."""
    return JsonPlace(document, "").each("credentialSubject")


def only_subject_of(document: JsonObject) -> JsonPlace | None:
    """The one subject of a credential that has one; None for none or several (order is no authority)."""
    subjects = subjects_of(document)
    return subjects[0] if len(subjects) == 1 else None


def to_decimal(number: object) -> Decimal | None:
    """A finite JSON number as Decimal by its shortest text; None for anything else, true and false included."""
    if isinstance(number, bool) or not isinstance(number, (int, float, Decimal)):
        return None
    decimal = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    return decimal if decimal.is_finite() else None


def _listed(item: Json) -> tuple[Json, ...]:
    if item is None:
        return ()
    return tuple(item) if isinstance(item, (list, tuple)) else (item,)
