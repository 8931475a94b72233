"""Where CPU work runs, and for how long at most: in this process, or in worker processes that can be killed.

The rule: whoever has work asks the port and does not know which of the two it has. Where others wait, the event loop
never waits for CPU work; what is small and needs nothing that is not worked out yet is a millisecond or two and done
here, because another process would cost as much again. Never in threads: they share one interpreter lock.
docs/architecture.md, Flows, Verify.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import TimeoutError as JobTimeout
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Protocol, TypeVar

from contexts.library import ContextLibrary, Engine, Processing, standard_library
from credentials.errors import LimitReached, Problem
from credentials.rdf.refusal import TakesLonger

T = TypeVar("T")

_SMALL: Final = 16_384  # bytes of a document whose proof may need RDF: what the compiled engine does with it is bounded
_SMALL_TOKEN: Final = 65_536  # bytes of a token: its proof is over bytes, so size is all there is to it
_SECONDS: Final = 2.0  # for one document
_JOBS_PER_WORKER: Final = 500
TOO_MUCH_WORK: Final = Problem(
    code="CANON_LIMIT",
    detail="The document wants more work than one document gets.",
    fix="Split it into several credentials, or secure it as application/vc+jwt.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a process gives to the work done in it: how it processes JSON-LD."""

    contexts: ContextLibrary = field(default_factory=standard_library)

    def over(self, contexts: ContextLibrary | None) -> ContextLibrary:
        """``contexts`` as this process processes them; its own where there are no others."""
        return self.contexts if contexts is None else contexts.processed(self.contexts.processing)

    def quick_only(self) -> Resources:
        """The same for work that is given up where it is not quick."""
        return replace(self, contexts=self.contexts.processed(replace(self.contexts.processing, quick_only=True)))


class Work(Protocol):
    """Does what it is given, with the resources of the process that it is done in; it must pickle."""

    async def read(self, raw: bytes, work: Callable[[Resources], T]) -> T:
        """What ``work``, which reads the document ``raw``, returns; it has the seconds of one document.

        Raises:
            LimitReached: it took longer, or more memory than there is.
        """

    async def run(self, work: Callable[[Resources], T], *, seconds: float) -> T:
        """What ``work`` returns, away from the event loop where others wait for that.

        Raises:
            LimitReached: it took longer than ``seconds``, or more memory than there is.
        """


class InProcess:
    """Works in this process, however long it takes: for a command that has nobody else to serve."""

    def __init__(self, resources: Resources | None = None) -> None:
        self._resources = resources or Resources()

    async def read(self, raw: bytes, work: Callable[[Resources], T]) -> T:
        """What ``work`` returns."""
        return work(self._resources)

    async def run(self, work: Callable[[Resources], T], *, seconds: float) -> T:
        """What ``work`` returns."""
        return work(self._resources)


class Workers:
    """Reads small documents here and works in worker processes otherwise; ``close`` ends them."""

    def __init__(
        self,
        *,
        processes: int | None = None,
        seconds: float = _SECONDS,
        small: int = _SMALL,
        engine: Engine = "compiled",
    ) -> None:
        self._processes = processes or max(1, (os.cpu_count() or 2) - 1)
        self._seconds = seconds
        self._small = small
        self._engine: Engine = engine
        self._here = _resources(engine)
        self._quickly = self._here.quick_only()
        self._pool: Any = None

    async def read(self, raw: bytes, work: Callable[[Resources], T]) -> T:
        """What ``work`` returns: done here when ``raw`` is small and it is quick, else as :meth:`run`."""
        if raw[:1] != b"{" and len(raw) <= max(self._small, _SMALL_TOKEN):
            return work(self._here)
        if len(raw) <= self._small:
            try:
                return work(self._quickly)
            except TakesLonger:
                pass
        return await self.run(work, seconds=self._seconds)

    async def run(self, work: Callable[[Resources], T], *, seconds: float) -> T:
        """What ``work`` returns, done in a worker process. Raises LimitReached."""
        from pebble import ProcessExpired

        job = self._started().schedule(_call, (self._engine, work), timeout=seconds)
        try:
            result: T = await asyncio.wrap_future(job)
        except (JobTimeout, ProcessExpired, MemoryError) as error:
            raise LimitReached(TOO_MUCH_WORK.detail, fix=TOO_MUCH_WORK.fix) from error
        return result

    def close(self) -> None:
        """End the worker processes, whatever they are doing."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def _started(self) -> Any:
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=self._processes,
                max_tasks=_JOBS_PER_WORKER,
                initializer=_of_worker,  # before the first document's seconds begin
                initargs=(self._engine,),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _resources(engine: Engine) -> Resources:
    return Resources(contexts=standard_library().processed(Processing(engine=engine)))


@cache  # a worker process is for one engine, and what it keeps between its jobs ends with it
def _of_worker(engine: Engine) -> Resources:
    return _resources(engine)


def _call(engine: Engine, work: Callable[[Resources], T]) -> T:
    return work(_of_worker(engine))
