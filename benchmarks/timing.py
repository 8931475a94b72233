"""Process time of work done in turn, so that whatever else the machine does falls on both sides of a ratio alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence

Work = Callable[[], object]
ROUNDS = 7
SECONDS = 0.12  # of one side in one round


def in_turn(*works: Work, rounds: int = ROUNDS) -> tuple[float, ...]:
    """Milliseconds of process time for one call of each work: the median over rounds, after a warm-up."""
    counts = [_calls_in(work, SECONDS) for work in works]
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, count, seen in zip(works, counts, times, strict=True):
            gc.collect()
            seen.append(_milliseconds(work, count))
    return tuple(_median(seen) for seen in times)


def _calls_in(work: Work, seconds: float) -> int:
    work()
    work()
    return max(1, int(seconds * 1000 / max(_milliseconds(work, 1), 1e-3)))


def _milliseconds(work: Work, count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - start) * 1000 / count


def _median(seen: Sequence[float]) -> float:
    return statistics.median(seen)
