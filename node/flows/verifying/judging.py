"""Where judging runs: small documents here, larger ones in a worker process that can be killed.

The rule: the event loop never waits for CPU work (I10), and no document gets more than two seconds; one that wants
more is undetermined with CANON_LIMIT. What is small and needs nothing that is not worked out yet is a millisecond or
two and done here, on the core that has it already; another process would cost as much again. Never in threads: they
share one interpreter lock. Design README, Settled 15; performance.md section 8 item 8.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import TimeoutError as JobTimeout
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal, Protocol, TypeAlias, TypeVar

from credentials.encoding.document import sha256_hex
from credentials.errors import LimitReached, Problem
from credentials.evidence import Evidence
from credentials.rdf.at_once import TakesLonger, at_once
from credentials.verdict import INTEGRITY_CHECKS, Check, Outcome, Verdict
from node.flows.verifying.deciding import decide
from node.flows.verifying.shadowing import Shadowing

T = TypeVar("T")
#: The verdict from bytes, media type and evidence at a moment.
Decide: TypeAlias = Callable[..., Verdict]
Engine: TypeAlias = Literal["compiled", "pyld"]  # as credentials.rdf.jsonld has it, which takes its time to load

_SMALL: Final = 16_384  # bytes of a document whose proof may need RDF: what the compiled engine does with it is bounded
_SMALL_TOKEN: Final = 65_536  # bytes of a token: its proof is over bytes, so size is all there is to it
_SECONDS: Final = 2.0
_SHADOW_SECONDS: Final = 30.0  # PyLD takes its time, and nobody waits for it
_JOBS_PER_WORKER: Final = 500
TOO_MUCH_WORK: Final = Problem(
    code="CANON_LIMIT",
    detail="The document wants more work than one document gets.",
    fix="Split it into several credentials, or secure it as application/vc+jwt.",
)


class Judge(Protocol):
    """Decides about one credential from its bytes and what was found."""

    async def __call__(
        self, raw: bytes, media_type: str | None, evidence: Evidence, at: datetime, *, by: Decide | None = None
    ) -> Verdict:
        """The verdict at ``at``; ``by`` another decision than the usual one."""


async def bounded(judge: Judge, raw: bytes, work: Callable[[], T]) -> T:
    """What ``work`` on ``raw`` returns, in a worker process where ``judge`` has some and it is not quick.

    Raises:
        LimitReached: it took too long.
    """
    return await judge.of(raw, work) if isinstance(judge, Workers) else work()


async def apart(judge: Judge, work: Callable[[], T], *, seconds: float) -> T:
    """What ``work`` returns, away from the event loop where ``judge`` has worker processes. Raises LimitReached."""
    return await judge.run(work, seconds=seconds) if isinstance(judge, Workers) else work()


async def judge_here(
    raw: bytes, media_type: str | None, evidence: Evidence, at: datetime, *, by: Decide | None = None
) -> Verdict:
    """Judge in this process: for a command that has nobody else to serve."""
    return (by or decide)(raw, media_type, evidence, at=at)


class Workers:
    """Judges larger documents in worker processes; ``close`` ends them."""

    def __init__(
        self,
        *,
        processes: int | None = None,
        seconds: float = _SECONDS,
        small: int = _SMALL,
        decide: Decide = decide,
        engine: Engine = "compiled",
        shadow: float = 0.0,
    ) -> None:
        self._processes = processes or max(1, (os.cpu_count() or 2) - 1)
        self._seconds = seconds
        self._small = small
        self._decide = decide
        self._engine = engine
        self.shadowing = Shadowing(share=shadow, run=partial(self.run, seconds=_SHADOW_SECONDS))
        self._pool: Any = None

    async def __call__(
        self, raw: bytes, media_type: str | None, evidence: Evidence, at: datetime, *, by: Decide | None = None
    ) -> Verdict:
        """The verdict at ``at``; undetermined when the document wants more work than it gets."""
        work = partial(by or self._decide, raw, media_type, evidence, at=at)
        try:
            verdict = await self.of(raw, work)
        except LimitReached as error:
            verdict = spent(raw, at, error.problem)
        self.shadowing.note(verdict)
        return verdict

    async def of(self, raw: bytes, work: Callable[[], T]) -> T:
        """What ``work`` on ``raw`` returns: done here when it is quick, else as :meth:`run`. Raises LimitReached."""
        if raw[:1] != b"{" and len(raw) <= max(self._small, _SMALL_TOKEN):
            return work()
        if len(raw) <= self._small:
            try:
                with at_once():
                    return work()
            except TakesLonger:
                pass
        return await self.run(work, seconds=self._seconds)

    async def run(self, work: Callable[[], T], *, seconds: float) -> T:
        """What ``work`` returns, done in a worker process (it must pickle).

        Raises:
            LimitReached: it took longer than ``seconds``, or more memory than there is.
        """
        from pebble import ProcessExpired

        job = self._started().schedule(_call, (work,), timeout=seconds)
        try:
            result: T = await asyncio.wrap_future(job)
        except (JobTimeout, ProcessExpired, MemoryError) as error:
            raise LimitReached(TOO_MUCH_WORK.detail, fix=TOO_MUCH_WORK.fix) from error
        return result

    def close(self) -> None:
        """End the worker processes, whatever they are doing."""
        self.shadowing.close()
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
                initializer=_warm_up,
                initargs=(self._engine,),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _warm_up(engine: Engine) -> None:
    """Load what judging needs before the first document's two seconds begin."""
    from contexts.library import standard_library
    from credentials.rdf.jsonld import prefer_engine

    prefer_engine(engine)
    standard_library()


def _call(work: Callable[[], T]) -> T:
    return work()


def spent(raw: bytes, at: datetime, problem: Problem = TOO_MUCH_WORK) -> Verdict:
    """The verdict on a document that wanted more than it gets: every check is undetermined, for ``problem``."""
    return Verdict(
        object_digest=sha256_hex(raw),
        credential_digest=None,
        id=None,
        issuer=None,
        form="",
        document=None,
        checks=tuple(Check(name, Outcome.UNDETERMINED, problem) for name in INTEGRITY_CHECKS),
        validity=Check("validity", Outcome.UNDETERMINED, problem),
        status=(),
        schema=Check("schema", Outcome.UNDETERMINED, problem),
        lint=(),
        at=at,
    )
