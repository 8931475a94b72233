"""The lots that are known: every key that a passport or event names, and what a reference without numbers means.

The rule (PV-MRG-2): a reference that leaves a number out is completed only when exactly one known lot fits; otherwise
it stays the class it names. That is derived whenever it is asked, because a lot learned later can change it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from credentials.identifiers.lots import LotKey
from credentials.provenance.statements.kept import Kept


class KnownLots:
    """Lot keys as they are named, by canonical id; statements hold it to say which lot they mean by now."""

    def __init__(self, keys: Iterable[LotKey] = (), *, kept: Kept | None = None) -> None:
        self._kept = kept if kept is not None else Kept()
        self._named: dict[str, Counter[LotKey]] = {}
        self._completed: dict[str, dict[LotKey, LotKey]] = {}
        for key in keys:
            self.add(key)

    def add(self, key: LotKey) -> None:
        """Something names ``key``."""
        self._named.setdefault(key.id, Counter())[key] += 1
        if self._named[key.id][key] == 1:
            self._changed(key.id)

    def drop(self, key: LotKey) -> None:
        """One that named ``key`` does not speak any more."""
        self._named[key.id][key] -= 1
        if not self._named[key.id][key]:
            del self._named[key.id][key]
            self._changed(key.id)

    def complete(self, key: LotKey) -> LotKey:
        """``key`` with its missing numbers filled in where exactly one known lot fits, else ``key`` itself.

        A batch is never taken for the one item known of it: the batch may hold more.
        """
        if key.batch:
            return key
        self._kept.read((self, key.id))
        completed = self._completed.setdefault(key.id, {})
        if key not in completed:
            completed[key] = self._complete(key)
        return completed[key]

    def is_ambiguous(self, key: LotKey) -> bool:
        """Does ``key`` name a class of which several lots are known?"""
        self._kept.read((self, key.id))
        meant = {self.complete(other) for other in self._named.get(key.id, ())}
        return key.is_class and len([other for other in meant if not other.is_class]) > 1

    def _changed(self, id: str) -> None:
        self._completed.pop(id, None)
        self._kept.changed((self, id))

    def _complete(self, key: LotKey) -> LotKey:
        known = self._named.get(key.id, ())
        named = {other for other in known if other != key and not other.is_class and key.covers(other)}
        broader = {part for one in named for part in _coarser(one)} & named
        finest = named - broader
        return finest.pop() if len(finest) == 1 else key


def _coarser(key: LotKey) -> tuple[LotKey, ...]:
    """The keys that cover ``key`` and are not it."""
    shorter = (LotKey(key.id, key.batch), LotKey(key.id, "", key.item))
    return tuple(one for one in shorter if one != key)
