"""Traces that pages wait for: one at a time for each identifier, kept for a minute so that a reload is cheap.

The rule: always a stranger's trace, from what anyone may be served and with a stranger's budget, because what is kept
is shown to whoever asks next. What runs is bounded, what failed is not kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from credentials.provenance import Report
from credentials.trust.policy import Policy
from node.errors import TooMany
from node.flows.tracing import STRANGERS, Progress, Tracing
from node.running import RunningNode
from node.wire.source import Source

KEPT_SECONDS: Final = 60.0
_RUNNING: Final = 4
_KEPT: Final = 64


@dataclass(slots=True)
class _Run:
    """One trace under way or done; ``ends`` is when it is forgotten, on the loop's clock."""

    task: asyncio.Task[Report]
    progress: Progress = field(default_factory=lambda: Progress(waves=0, lookups=0, credentials=0, open=1))
    ends: float | None = None


class Runs:
    """The traces of this process by identifier."""

    def __init__(self, node: RunningNode, *, source: Callable[[], Source], patience: float) -> None:
        self._node = node
        self._source = source
        self._patience = patience
        self._runs: dict[str, _Run] = {}

    async def report(self, identifier: str, *, charge: Callable[[], None]) -> Report | Progress:
        """The report on ``identifier``, or how far it is when it takes longer than a page should.

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

    def _start(self, identifier: str) -> _Run:
        if sum(not run.task.done() for run in self._runs.values()) >= _RUNNING:
            raise TooMany("As many traces are under way as this node runs at a time.", retry_after=10)
        task = asyncio.create_task(self._trace(identifier))
        run = self._runs[identifier] = _Run(task)
        task.add_done_callback(lambda _: self._done(run))
        return run

    def _done(self, run: _Run) -> None:
        failed = run.task.cancelled() or run.task.exception() is not None
        run.ends = asyncio.get_running_loop().time() + (0 if failed else KEPT_SECONDS)

    async def _trace(self, identifier: str) -> Report:
        node = self._node
        tracing = Tracing(source=self._source(), judging=node.judging, budget=STRANGERS, pack=node.pack)
        return await tracing.trace(
            identifier,
            at=node.clock(),
            trust=node.trust,
            policy=Policy(),
            progress=lambda progress: self._note(identifier, progress),
        )

    def _note(self, identifier: str, progress: Progress) -> None:
        run = self._runs.get(identifier)
        if run is not None:
            run.progress = progress

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        for identifier in [key for key, run in self._runs.items() if run.ends is not None and run.ends <= now]:
            del self._runs[identifier]
        done = [key for key, run in self._runs.items() if run.ends is not None]
        for identifier in done[: max(0, len(self._runs) - _KEPT)]:
            del self._runs[identifier]
