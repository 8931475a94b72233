"""A rate counter that the processes of one node share: what any of them counted counts in all.

The rule: no lock, which a process that dies could leave behind. Each process writes a row of its own and reads all;
two that count at the same instant may let one too many pass, never one too few for good.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import MutableSequence
from dataclasses import dataclass
from typing import Final

#: Names in a row; two that fall on one place share a budget, and nobody outside knows which do (the salt).
PLACES: Final = 4096
_ROW: Final = PLACES + 1  # the minute comes first


def shared_counts(processes: int) -> MutableSequence[int]:
    """Memory for the counters of so many processes, handed to each when it is started."""
    counts: MutableSequence[int] = multiprocessing.get_context("spawn").RawArray("Q", processes * _ROW)
    return counts


@dataclass(frozen=True, slots=True)
class SharedRateCounter:
    """The counter in ``counts`` (:func:`shared_counts`) for the process ``number`` (from 0); all use one ``salt``."""

    counts: MutableSequence[int]
    number: int
    salt: bytes

    def take(self, name: str, *, minute: int, limit: int) -> bool:
        """Count one for ``name`` in this ``minute``; False, and nothing counted, at the limit."""
        own = self.number * _ROW
        if self.counts[own] != minute:
            self.counts[own] = 0  # nobody counts our row while it is emptied
            self.counts[own + 1 : own + _ROW] = [0] * PLACES
            self.counts[own] = minute
        place = (
            1 + int.from_bytes(hashlib.blake2b(name.encode("utf-8"), key=self.salt, digest_size=8).digest()) % PLACES
        )
        rows = range(0, len(self.counts), _ROW)
        if sum(self.counts[row + place] for row in rows if self.counts[row] == minute) >= limit:
            return False
        self.counts[own + place] += 1
        return True
