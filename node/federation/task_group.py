"""A task group: work for one peer each, side by side, so that one that hangs or fails holds up no other.

The rule: a task that fails is logged and over; whatever it left undone is on disk and comes up again. None outlives
the block that started it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

import structlog


class TaskGroup:
    """A block whose tasks are cancelled and waited for at its end; ``name`` is the log's."""

    def __init__(self, name: str) -> None:
        self._log = structlog.get_logger(name)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, work: Coroutine[Any, Any, Any], *, then: Callable[[], None]) -> None:
        """Do ``work`` beside everything else; ``then`` is called when it is over, however it ended."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._over(done, then))

    def _over(self, task: asyncio.Task[Any], then: Callable[[], None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._log.error("a task failed", exc_info=fault)
        then()
