"""Tracing: walk the frontier from one identifier under a budget, then let the judge report.

    repeat until the frontier is empty or the budget is spent
        which needs does what we hold still have?      credentials.provenance.needs
        the most important ones, from the source       one wave
        verify every credential that arrived           flows.verifying
    what was not asked is a gap                         Absent(budget)
    report                                              credentials.provenance.judge

The rule: whatever is missing is written as a gap, never left out; the same source gives the same report.
house.md §6.5; federation.md §4.4 and §4.8; design README, Settled 4 and 12.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from credentials.encoding.document import Sha256
from credentials.errors import NotAccepted
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.provenance import Holdings, Question, Report, judge, needs
from credentials.trust.lists import TrustList
from credentials.trust.policy import Policy
from credentials.verdict import Unusable, Verdict, VerifiedCredential
from node.flows.verifying.judging import Judging
from node.flows.verifying.verifying import Verifying
from node.flows.verifying.work import Resources
from node.software import SOFTWARE
from node.wire.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceBudget:
    """How far one trace may go: waves, look-ups in all, look-ups in one wave, and seconds.

    A frontier over more credentials than ``here`` is worked out in a worker process; below, the way there costs more.
    """

    waves: int = 256
    lookups: int = 20_000
    wave: int = 64
    seconds: float = 120.0
    here: int = 64


OWN_TRACES: Final = TraceBudget()
STRANGERS: Final = TraceBudget(lookups=1_000, seconds=30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a trace stands: waves done, look-ups made, credentials held, and look-ups still open."""

    waves: int
    lookups: int
    credentials: int
    open: int


@dataclass(slots=True)
class _Walk:
    """What one trace has in hand."""

    question: Question
    trust: TrustList
    evidence: Evidence = field(default_factory=Evidence)
    held: dict[Sha256, VerifiedCredential | Unusable] = field(default_factory=dict)
    waves: int = 0
    lookups: int = 0

    def holdings(self) -> Holdings:
        """In the order of the digests, so that arrival order leaves no trace."""
        credentials = tuple(self.held[digest] for digest in sorted(self.held))
        return Holdings(credentials=credentials, evidence=self.evidence, trust=self.trust)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """Traces identifiers through ``source``; ``arrived`` are documents that are in hand before anyone asks."""

    source: Source
    judging: Judging = field(default_factory=Judging)
    budget: TraceBudget = OWN_TRACES
    arrived: tuple[Found, ...] = ()

    async def trace(
        self,
        identifier: str,
        *,
        at: datetime,
        trust: TrustList,
        policy: Policy,
        claims: Iterable[str] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """The report on ``identifier`` as of ``at``.

        Raises:
            LimitReached: the chain is too large to be judged in the seconds of the budget.
        """
        wanted = frozenset(claims) if claims is not None else None
        walk = _Walk(Question(target=identifier, at=at, claims=wanted, policy=policy), trust)
        await self._verify(walk, self.arrived)
        deadline = asyncio.get_running_loop().time() + self.budget.seconds
        frontier = await self._frontier(walk)
        while frontier and self._may_go_on(walk, deadline):
            await self._wave(walk, frontier)
            frontier = await self._frontier(walk)
            if progress is not None:
                progress(
                    Progress(waves=walk.waves, lookups=walk.lookups, credentials=len(walk.held), open=len(frontier))
                )
        spent = Absent(reason=AbsentReason.BUDGET, detail="The budget of this trace was spent before it was asked for.")
        walk.evidence = walk.evidence.with_answers(dict.fromkeys(frontier, spent))
        work = partial(_report, walk.question, walk.holdings())
        return await self.judging.work.run(work, seconds=self.budget.seconds)

    async def _frontier(self, walk: _Walk) -> list[Need]:
        """What to look up next, the most important first; worked out away from the event loop once much is held."""
        question, holdings = walk.question, walk.holdings()
        if len(walk.held) > self.budget.here:
            found = await self.judging.work.run(partial(_needs, question, holdings), seconds=self.budget.seconds)
        else:
            found = needs(question, holdings)
        return [need for need in found if walk.evidence.get(need) is None]

    def _may_go_on(self, walk: _Walk, deadline: float) -> bool:
        return (
            walk.waves < self.budget.waves
            and walk.lookups < self.budget.lookups
            and asyncio.get_running_loop().time() < deadline
        )

    async def _wave(self, walk: _Walk, frontier: list[Need]) -> None:
        size = min(self.budget.wave, self.budget.lookups - walk.lookups)
        wave = frozenset(frontier[:size])
        answers: Mapping[Need, Found | Absent] = await self.source.answer(wave, at=walk.question.at)
        walk.waves += 1
        walk.lookups += len(wave)
        walk.evidence = walk.evidence.with_answers(answers)
        arrivals = [answers[need] for need in sorted(wave) if need.kind is NeedKind.CREDENTIAL]
        await self._verify(walk, [answer for answer in arrivals if isinstance(answer, Found)])

    async def _verify(self, walk: _Walk, arrivals: Iterable[Found]) -> None:
        """Judge each arrival by its own bytes; the same bytes are judged once in a trace."""
        fresh = {found.digest: found for found in arrivals if found.digest not in walk.held}
        verdicts, walk.evidence = await Verifying(source=self.source, judging=self.judging).verify_all(
            [(found.body, found.media_type) for found in fresh.values()], at=walk.question.at, evidence=walk.evidence
        )
        for found, verdict in zip(fresh.values(), verdicts, strict=True):
            walk.held[found.digest] = _usable(verdict, found.source)


def _needs(question: Question, holdings: Holdings, _: Resources) -> tuple[Need, ...]:
    return needs(question, holdings)


def _report(question: Question, holdings: Holdings, _: Resources) -> Report:
    return judge(question, holdings, software=SOFTWARE)


def _usable(verdict: Verdict, source: str) -> VerifiedCredential | Unusable:
    try:
        return verdict.require()
    except NotAccepted:
        return Unusable(verdict=verdict, source=source)
