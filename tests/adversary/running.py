"""Running many programs: batch by batch, in several processes, for so long at most."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import Final, TypeVar

from tests.adversary.controls import CONTROLS
from tests.adversary.judging import forget
from tests.adversary.moves import MOVES
from tests.adversary.programs import BATCH, draw
from tests.adversary.scoreboard import Scoreboard
from tests.adversary.templates import COMPLETE, honest

#: Seeds of programs by the seed of a run: no two runs have a program in common.
_APART: Final = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Programs in a row on one world: the ``number``-th batch of the run with this ``seed``."""

    seed: int
    number: int
    templates: tuple[str, ...] = COMPLETE
    sizes: tuple[int, int] = (3, 12)
    programs: int = BATCH

    def played(self) -> Scoreboard:
        """Its programs, run in this process."""
        board, first = Scoreboard(), self.seed * _APART + self.number * BATCH
        for seed in range(first, first + self.programs):
            board.play(draw(seed, templates=self.templates, moves=list(MOVES), sizes=self.sizes))
        forget()
        honest.cache_clear()
        return board


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """Each move alone, on one world."""

    seed: int
    template: str
    lots: int = 5

    def played(self) -> Scoreboard:
        """What comes of it, in this process."""
        board = Scoreboard()
        board.make_alone(self.template, self.lots, self.seed)
        return board


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderControl:
    """The controls from ``first`` on, ``count`` of them."""

    first: int
    count: int = 8

    def played(self) -> Scoreboard:
        """What comes of them, in this process."""
        board = Scoreboard()
        for control in CONTROLS[self.first : self.first + self.count]:
            board.take_away(control)
        return board

    @classmethod
    def everything(cls) -> list[UnderControl]:
        """All controls in pieces."""
        return [cls(first=first) for first in range(0, len(CONTROLS), 8)]


W = TypeVar("W", Alone, Batch, UnderControl)


def run(work: Iterable[W], *, jobs: int, seconds: float) -> Iterator[tuple[W, Scoreboard]]:
    """Each piece of work with its scoreboard as it is done, in ``jobs`` processes; none is begun after ``seconds``."""
    waiting, started = iter(work), time.monotonic()
    if jobs == 1:
        for one in waiting:
            if time.monotonic() - started >= seconds:
                return
            yield one, one.played()
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin) as pool:
        running: dict[Future[Scoreboard], W] = {}
        while True:
            if time.monotonic() - started < seconds:
                running |= {pool.submit(one.played): one for one in islice(waiting, 2 * jobs - len(running))}
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()


def _begin() -> None:
    gc.set_threshold(100_000, 20, 50)
