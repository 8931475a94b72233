"""Lot keys: which physical stuff a reference means (PV-MRG-2).

The rule: one identifier with two batch or item numbers is two lots of one class, never one vertex.
See docs/rules.md PV-MRG.
"""

from __future__ import annotations

from typing import NamedTuple


class LotKey(NamedTuple):
    """A lot: canonical product ``id``, ``batch`` and ``item`` number, "" where not stated.

    A tuple and no dataclass, because lots are what nearly everything is looked up by and put in order by.
    """

    id: str
    batch: str = ""
    item: str = ""

    @property
    def is_class(self) -> bool:
        """Does the key name a product class only, without batch or item?"""
        return not self.batch and not self.item

    @property
    def is_item(self) -> bool:
        """Is it one serialised thing?"""
        return bool(self.item)

    def covers(self, other: LotKey) -> bool:
        """Is ``other`` the same lot or a finer part of this one?"""
        return (
            self.id == other.id
            and (not self.batch or self.batch == other.batch)
            and (not self.item or self.item == other.item)
        )

    def __str__(self) -> str:
        numbers = [f"batch {self.batch}"] * bool(self.batch) + [f"item {self.item}"] * bool(self.item)
        return f"{self.id} ({', '.join(numbers)})" if numbers else self.id
