"""Buckets: things by a key, each bucket in one fixed order whatever order they came in.

The rule: putting in costs the same however much is held; a bucket is put in order when it is next asked for. Each
bucket is a place that results are read from.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from credentials.provenance.statements.kept import Kept

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Buckets(Generic[K, T]):
    """Things by key; things of equal ``order`` stay in the order they were put in."""

    def __init__(self, kept: Kept, order: Callable[[T], tuple[object, ...]]) -> None:
        self._kept = kept
        self._order = order
        self._held: dict[K, list[T]] = {}
        self._sorted: dict[K, tuple[T, ...]] = {}

    def add(self, key: K, thing: T) -> None:
        """Put ``thing`` under ``key``."""
        self._held.setdefault(key, []).append(thing)
        self._changed(key)

    def drop(self, key: K, gone: Callable[[T], bool]) -> None:
        """Take away what is ``gone`` from under ``key``."""
        self._held[key] = [thing for thing in self._held.get(key, ()) if not gone(thing)]
        self._changed(key)

    def get(self, key: K) -> tuple[T, ...]:
        """What is under ``key``, in order."""
        self._kept.read((self, key))
        if key not in self._sorted:
            if key not in self._held:
                return ()
            self._sorted[key] = tuple(sorted(self._held[key], key=self._order))
        return self._sorted[key]

    def _changed(self, key: K) -> None:
        self._sorted.pop(key, None)
        self._kept.changed((self, key))
