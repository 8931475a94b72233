"""Kept results: worked out once, and again only when something that they were read from has changed.

The rule: a result follows from its arguments, from what never changes, and from places that say when they are read.
What arrives at a place lets go of the results that were read there and of those that came of them, and of no other.
Where nothing arrives in between, nothing is noted: then any change lets go of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
#: The place of whatever has no place of its own: each arrival changes it.
EVERYTHING: Final = "everything"
_MISSING: Final[Any] = object()


class Kept:
    """Results by work and arguments; one that ``grows`` notes where each was read. A result is a place as well.

    ``worked_out``: how many results had to be worked out so far.
    """

    def __init__(self, *, grows: bool = False) -> None:
        self._grows = grows
        self._results: dict[Hashable, Any] = {}
        self._read_by: dict[Hashable, set[Hashable]] = {}
        self._reading: list[set[Hashable]] = []  # where each result that is under way was read so far
        self.worked_out = 0

    def __reduce__(self) -> tuple[type[Kept], tuple[()]]:
        """Results do not travel: where they are asked for in another process, they are worked out there."""
        return Kept, ()

    def read(self, place: Hashable) -> None:
        """The result that is under way depends on ``place``."""
        if self._reading:
            self._reading[-1].add(place)

    def changed(self, place: Hashable) -> None:
        """Let go of what was read at ``place``."""
        if not self._grows:
            self._results.clear()
            return
        waiting = [place]
        while waiting:
            read = self._read_by.pop(waiting.pop(), ())
            waiting += [result for result in read if self._results.pop(result, _MISSING) is not _MISSING]

    def settle(self) -> None:
        """Nothing more arrives: what was noted for that is not needed."""
        self._grows = False
        self._read_by.clear()

    def result(self, work: Callable[..., R], *args: Any) -> R:
        """What ``work`` comes to with ``args``, which are what tables can be keyed by."""
        key = (work, *args)
        found: R = self._results.get(key, _MISSING)
        if found is _MISSING:
            found = self._results[key] = self._work_out(key, work, args)
        if self._reading:
            self._reading[-1].add(key)
        return found

    def _work_out(self, key: Hashable, work: Callable[..., R], args: tuple[Any, ...]) -> R:
        self.worked_out += 1
        if not self._grows:
            return work(*args)
        places: set[Hashable] = set()
        self._reading.append(places)
        try:
            found = work(*args)
        finally:
            self._reading.pop()
        for place in places:
            self._read_by.setdefault(place, set()).add(key)
        return found


class _Keeps(Protocol):
    """Whatever has a place to keep results."""

    @property
    def kept(self) -> Kept:
        """Where they are kept."""


Owner = TypeVar("Owner", bound=_Keeps)


def keeping(work: Callable[Concatenate[Owner, P], R]) -> Callable[Concatenate[Owner, P], R]:
    """``work`` whose results are kept with its first argument, by the others."""

    @wraps(work)
    def known(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs:
            raise TypeError("What is kept is asked for by position.")
        return owner.kept.result(work, owner, *args)

    return known


def keeping_all(work: Callable[[Owner], R]) -> Callable[[Owner], R]:
    """The same for what is read from everything that arrived: kept until anything more does."""

    @keeping
    @wraps(work)
    def known(owner: Owner, /) -> R:
        owner.kept.read(EVERYTHING)
        return work(owner)

    return known
