"""A second opinion on a share of what is judged: both JSON-LD engines read it, and a difference is an alarm.

The rule: nobody waits for it and no verdict depends on it. What it finds goes to the log, with the digest by which the
document can be had again. See docs/decisions/0005-own-canonicalisation.md.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from credentials.errors import LimitReached
from credentials.verdict import Verdict
from node.flows.verifying.work import Resources, Work

if TYPE_CHECKING:
    from contexts.library import ContextLibrary
    from credentials.encoding.document import JsonObject
    from credentials.rdf.shadow import Difference

_SECONDS: Final = 30.0  # PyLD takes its time, and nobody waits for it
_AT_A_TIME: Final = 2  # comparisons under way; what comes meanwhile is not compared
_CHANCE: Final = random.SystemRandom().random  # nobody can write a document that is never looked at twice

_log = structlog.get_logger("shadow")


class Shadowing:
    """Compares the engines on a ``share`` (0 to 1) of the documents over ``contexts``, where ``work`` does it."""

    def __init__(
        self,
        *,
        share: float,
        work: Work,
        contexts: ContextLibrary | None = None,
        draw: Callable[[], float] = _CHANCE,
        compare: Callable[[JsonObject, Resources], Difference | None] | None = None,
    ) -> None:
        self._share = share
        self._work = work
        self._draw = draw
        self._compare = compare or partial(_differences, contexts)
        self._tasks: set[asyncio.Task[None]] = set()
        self.compared = 0
        self.alarms = 0

    def note(self, verdict: Verdict) -> None:
        """A document was judged; it may be one that is looked at twice."""
        if verdict.document is None or len(self._tasks) >= _AT_A_TIME or self._draw() >= self._share:
            return
        task = asyncio.create_task(self._look(verdict.document.value, verdict.object_digest))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await asyncio.gather(*self._tasks)

    def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()

    async def _look(self, document: JsonObject, digest: str) -> None:
        try:
            difference = await self._work.run(partial(self._compare, document), seconds=_SECONDS)
        except LimitReached as error:
            _log.info("not compared", digest=digest, detail=error.problem.detail)
            return
        self.compared += 1
        if difference is not None:
            self.alarms += 1
            _log.error("the JSON-LD engines differ", digest=digest, difference=str(difference))


def _differences(contexts: ContextLibrary | None, document: JsonObject, resources: Resources) -> Difference | None:
    """In a worker process: what the compiled engine makes of it, and what PyLD does."""
    from credentials.rdf.shadow import shadow_check

    return shadow_check(document, contexts=resources.over(contexts))
