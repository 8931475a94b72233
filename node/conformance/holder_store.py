"""A holder store: what a caller of the VC API left with an instance, by name, until it is taken out again.

The rule: it is in memory, bounded and for one run; what was taken out is known to have been there. A node's own
credentials never lie here: those are in its store, are public at their address, and are revoked, not deleted.
Specification: VCALM 0.9 sections 3.2.2, 3.2.3 and 3.5.3 to 3.5.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from credentials.encoding.document import JsonObject
from node.errors import Gone, NotHeld

HELD: Final = 1000


class _Taken(Enum):
    OUT = "out"


class HolderStore:
    """Documents by name, the oldest forgotten first."""

    def __init__(self) -> None:
        self._held: dict[str, JsonObject | _Taken] = {}

    def put(self, name: str, document: JsonObject) -> None:
        """Keep ``document`` under ``name``, instead of what was there."""
        self._held.pop(name, None)
        self._held[name] = document
        while len(self._held) > HELD:
            self._held.pop(next(iter(self._held)))

    def get(self, name: str) -> JsonObject:
        """What is under ``name``. Raises NotHeld, or Gone when it was taken out."""
        found = self._held.get(name)
        if isinstance(found, _Taken):
            raise Gone("What was kept under this name was deleted.", fix="There is no way to get it back.")
        if found is None:
            raise NotHeld("Nothing is kept under this name.", fix="Use the id under which it was kept.")
        return found

    def remove(self, name: str) -> None:
        """Delete what is under ``name``. Raises NotHeld, or Gone."""
        self.get(name)
        self._held[name] = _Taken.OUT

    def all(self) -> list[JsonObject]:
        """Everything that is kept, oldest first."""
        return [item for item in self._held.values() if not isinstance(item, _Taken)]


@dataclass(frozen=True, slots=True)
class HolderStores:
    """The two holder stores of one instance."""

    credentials: HolderStore = field(default_factory=HolderStore)
    presentations: HolderStore = field(default_factory=HolderStore)
