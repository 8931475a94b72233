"""Lot keys: which physical stuff a reference means (PV-MRG-2).

The rule: one identifier with two batch or item numbers is two lots of one class, never one vertex. A reference that
leaves a number out is completed only when exactly one known lot fits; otherwise it stays the class it names.
Specification: untp.md (e).2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class LotKey:
    """A lot: canonical product ``id``, ``batch`` and ``item`` number, "" where not stated."""

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


@dataclass(frozen=True, slots=True)
class Lots:
    """Every lot key that any statement names, by canonical id."""

    by_id: dict[str, tuple[LotKey, ...]]

    @classmethod
    def of(cls, keys: Iterable[LotKey]) -> Lots:
        """Index ``keys``; their order does not matter."""
        by_id: dict[str, set[LotKey]] = {}
        for key in keys:
            by_id.setdefault(key.id, set()).add(key)
        return cls({id: tuple(sorted(found)) for id, found in by_id.items()})

    def complete(self, key: LotKey) -> LotKey:
        """``key`` with its missing numbers filled in where exactly one known lot fits, else ``key`` itself.

        A batch is never taken for the one item known of it: the batch may hold more.
        """
        if key.batch:
            return key
        known = [other for other in self.by_id.get(key.id, ()) if other != key and key.covers(other)]
        named = [other for other in known if not other.is_class]
        finest = [one for one in named if not any(other != one and one.covers(other) for other in named)]
        return finest[0] if len(finest) == 1 else key

    def lots_of(self, key: LotKey) -> tuple[LotKey, ...]:
        """The known lots that ``key`` covers, itself included when known."""
        return tuple(other for other in self.by_id.get(key.id, ()) if key.covers(other))

    def is_ambiguous(self, key: LotKey) -> bool:
        """Does ``key`` name a class of which several lots are known?"""
        return key.is_class and len([other for other in self.lots_of(key) if not other.is_class]) > 1
