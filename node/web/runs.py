"""Traces that pages wait for: one at a time for each identifier, kept for a minute so that a reload is cheap.

The rule: always a stranger's trace, from what anyone may be served and with a stranger's budget, because what is kept
is shown to whoever asks next. What runs is bounded, what failed is not kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeAlias, TypeVar

from credentials.provenance import Report
from credentials.trust.policy import Policy
from node.errors import TooMany
from node.flows.bundling import TraceRequest, packed
from node.flows.tracing import STRANGERS, Progress, Tracing
from node.running import RunningNode
from node.wire.source import Source

KEPT_SECONDS: Final = 60.0
#: So many reports run at a time and are kept; bundles are larger.
REPORTS: Final = (4, 64)
BUNDLES: Final = (2, 4)

T = TypeVar("T")
#: What is run for an identifier; it is told whom to tell how far it is.
Work: TypeAlias = Callable[[str, Callable[[Progress], None]], Coroutine[Any, Any, T]]


@dataclass(slots=True)
class _Run(Generic[T]):
    """One trace under way or done; ``ends`` is when it is forgotten, on the loop's clock."""

    task: asyncio.Task[T]
    progress: Progress = field(default_factory=lambda: Progress(waves=0, lookups=0, credentials=0, open=1))
    ends: float | None = None


class Runs(Generic[T]):
    """The traces of this process by identifier; ``most``: so many run at a time, and are kept."""

    def __init__(self, work: Work[T], *, patience: float, most: tuple[int, int] = REPORTS) -> None:
        self._work = work
        self._patience = patience
        self._most_running, self._most_kept = most
        self._runs: dict[str, _Run[T]] = {}

    async def result(self, identifier: str, *, charge: Callable[[], None]) -> T | Progress:
        """What the trace of ``identifier`` came to, or how far it is when it takes longer than a page should.

        Raises:
            TooMany: the caller's budget is spent (``charge`` says so), or enough traces are under way.
        """
        self._forget()
        run = self._runs.get(identifier)
        if run is None:
            charge()
            run = self._start(identifier)
        await asyncio.wait({run.task}, timeout=self._patience)
        return run.task.result() if run.task.done() else run.progress

    async def close(self) -> None:
        """End what is under way."""
        tasks = [run.task for run in self._runs.values()]
        self._runs.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, identifier: str) -> _Run[T]:
        if sum(not run.task.done() for run in self._runs.values()) >= self._most_running:
            raise TooMany("As many traces are under way as this node runs at a time.", retry_after=10)
        task = asyncio.create_task(self._work(identifier, lambda progress: self._note(identifier, progress)))
        run = self._runs[identifier] = _Run(task)
        task.add_done_callback(lambda _: self._done(run))
        return run

    def _done(self, run: _Run[T]) -> None:
        failed = run.task.cancelled() or run.task.exception() is not None
        run.ends = asyncio.get_running_loop().time() + (0 if failed else KEPT_SECONDS)

    def _note(self, identifier: str, progress: Progress) -> None:
        run = self._runs.get(identifier)
        if run is not None:
            run.progress = progress

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        for identifier in [key for key, run in self._runs.items() if run.ends is not None and run.ends <= now]:
            del self._runs[identifier]
        done = [key for key, run in self._runs.items() if run.ends is not None]
        for identifier in done[: max(0, len(self._runs) - self._most_kept)]:
            del self._runs[identifier]


def reports_of(node: RunningNode, source: Callable[[], Source]) -> Work[Report]:
    """A report by ``node`` as of now, for anybody."""

    async def report(identifier: str, note: Callable[[Progress], None]) -> Report:
        tracing = Tracing(source=source(), judging=node.judging, budget=STRANGERS, pack=node.pack)
        return await tracing.trace(identifier, at=node.clock(), trust=node.trust, policy=Policy(), progress=note)

    return report


def bundles_of(node: RunningNode, source: Callable[[], Source]) -> Work[bytes]:
    """The same as one file that it can be judged again from (docs/bundle.md)."""

    async def bundle(identifier: str, note: Callable[[Progress], None]) -> bytes:
        at = node.clock().replace(microsecond=0)
        asked = TraceRequest(
            identifier=identifier,
            at=at,
            known=None,
            claims=None,
            policy=Policy(),
            lookups=STRANGERS.lookups,
            trust=node.trust,
            pack=node.pack.raw,
        )
        _, raw = await packed(asked, source(), (), node.judging, note)
        return raw

    return bundle
