"""Tracing: walk the frontier from one identifier under a budget, then let the judge report.

    repeat until the frontier is empty or the budget is spent
        which needs does what we hold still have?      credentials.provenance.looking
        the most important ones, from the source       one wave
        verify every credential that arrived           flows.verifying
        let the graph grow by what it says             credentials.provenance.graph
    what was not asked is a gap                         Absent(budget)
    report, once                                        credentials.provenance.judge

The rule: whatever is missing is written as a gap, never left out; the same source gives the same report. A budget
counts work and never seconds, so that a slow day is not another verdict.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from credentials.encoding.common_parts import CommonParts
from credentials.encoding.document import Document, Sha256
from credentials.encoding.timespan import Timespan
from credentials.errors import NotAccepted
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.provenance import Case, Question, Report, judge, looking
from credentials.provenance.claims.weighing import check_claims
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.lookups import Lookups
from credentials.provenance.graph.registers import Registers
from credentials.provenance.missing.answering import Arrival, Judged, answering, named_by_digest
from credentials.provenance.packs.pack_file import core_pack
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.statements.extraction import Reader, read
from credentials.trust.policy import Policy
from credentials.trust.trust_lists import TrustList
from credentials.verdict import Unusable, Verdict
from node.flows.verifying.judging import Judging
from node.flows.verifying.verifying import Verifying
from node.flows.verifying.work import Resources
from node.software import SOFTWARE
from node.wire.source import Source

_JUDGING: Final = 600.0  # seconds after which a worker that judges is given up: no verdict, and never another one
_SHARE: Final = 2  # a wave asks at most half of what was asked before it, so that what is heavy stays ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceBudget:
    """How much work one trace may make: waves, look-ups in all, and look-ups asked for at once."""

    waves: int = 256
    lookups: int = 20_000
    at_once: int = 64


MOST_LOOKUPS: Final = 200_000  # that one may ask for; a trace that made so many holds about a gigabyte
OWN_TRACES: Final = TraceBudget()
STRANGERS: Final = TraceBudget(lookups=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a trace stands: waves done, look-ups made, credentials held, and look-ups still open."""

    waves: int
    lookups: int
    credentials: int
    open: int


@dataclass(slots=True)
class _Walk:
    """What one trace has in hand: it alone lets the graph and the look-ups grow."""

    question: Question
    trust: TrustList
    graph: Graph
    evidence: Evidence = field(default_factory=Evidence)
    lookups: Lookups = field(default_factory=Lookups)
    held: set[Sha256] = field(default_factory=set)
    aside: list[Arrival] = field(default_factory=list)  # what answers nothing yet
    parts: CommonParts = field(default_factory=CommonParts)
    waves: int = 0
    asked: int = 0

    def take(self, arrivals: Iterable[Arrival]) -> None:
        """Let the graph grow by what answers a need, and set aside what does not."""
        by_address: dict[str, list[Arrival]] = {}
        for arrival in arrivals:
            by_address.setdefault(arrival.address, []).append(arrival)
        for those in by_address.values():
            answers = answering(those)
            self.graph.add(one.judged for one in answers)
            self.aside += [one for one in those if one not in answers]

    def look_again(self) -> None:
        """Let the graph grow by what was set aside and is named by digest now."""
        named = named_by_digest(self.aside, self.graph)
        while named:
            self.graph.add(one.judged for one in named)
            self.aside = [one for one in self.aside if one not in named]
            named = named_by_digest(self.aside, self.graph)

    def case(self) -> Case:
        """The case as it stands: good until something more arrives."""
        self.lookups.now(self.evidence)
        return Case(question=self.question, trust=self.trust, graph=self.graph, evidence=self.lookups)

    async def frontier(self) -> list[Need]:
        """What to look up next, the most important first; others are served while it is worked out."""
        steps = looking(self.case())
        while True:
            try:
                next(steps)
            except StopIteration as done:
                return [need for need in done.value if self.evidence.get(need) is None]
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """Traces identifiers through ``source``; ``arrived`` are documents that are in hand before anyone asks.

    ``reader`` is what reads the statements of a credential, ``pack`` what rules know of trades and schemes.
    """

    source: Source
    judging: Judging = field(default_factory=Judging)
    budget: TraceBudget = OWN_TRACES
    arrived: tuple[Found, ...] = ()
    reader: Reader = read
    pack: RulePack = field(default_factory=core_pack)

    async def trace(
        self,
        identifier: str,
        *,
        at: datetime,
        known: datetime | None = None,
        trust: TrustList,
        policy: Policy,
        claims: Iterable[str] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """The report on ``identifier`` as of ``at``, by what was ``known`` then (None: at ``at``).

        Raises:
            MalformedInput: CLAIM_UNKNOWN.
            LimitReached: the chain is too large for the worker that was to judge it.
        """
        wanted = frozenset(claims) if claims is not None else None
        question = Question(target=identifier, at=at, known=known, claims=wanted, policy=policy, pack=self.pack)
        registers = Registers(trust, Timespan.exactly(at))
        walk = _Walk(question, trust, Graph(registers=registers, reader=self.reader))
        await self._verify(walk, [("", found) for found in self.arrived])
        frontier = await walk.frontier()
        while frontier and walk.waves < self.budget.waves and walk.asked < self.budget.lookups:
            await self._wave(walk, frontier)
            frontier = await walk.frontier()
            if progress is not None:
                progress(Progress(waves=walk.waves, lookups=walk.asked, credentials=len(walk.held), open=len(frontier)))
        spent = Absent(reason=AbsentReason.BUDGET, detail="The budget of this trace was spent before it was asked for.")
        walk.evidence = walk.evidence.with_answers(dict.fromkeys(frontier, spent))
        walk.graph.add(one.aside for one in walk.aside)
        walk.parts = CommonParts()  # nothing more arrives
        return await self.judging.work.run(partial(_report, walk.case()), seconds=_JUDGING)

    async def _wave(self, walk: _Walk, frontier: list[Need]) -> None:
        """Ask for the heaviest part of the frontier, so many at once as the budget allows."""
        size = min(max(self.budget.at_once, walk.asked // _SHARE), self.budget.lookups - walk.asked)
        wave = frontier[:size]
        walk.waves += 1
        for start in range(0, len(wave), self.budget.at_once):
            await self._ask(walk, wave[start : start + self.budget.at_once])
        walk.look_again()

    async def _ask(self, walk: _Walk, wanted: list[Need]) -> None:
        answers: Mapping[Need, Found | Absent] = await self.source.answer(frozenset(wanted), at=walk.question.at)
        walk.asked += len(wanted)
        walk.evidence = walk.evidence.with_answers(answers)
        came = [(need.id, answers[need]) for need in sorted(wanted) if need.kind is NeedKind.CREDENTIAL]
        found = [(address, answer) for address, answer in came if isinstance(answer, Found)]
        handed = [(address, one) for address, answer in came if isinstance(answer, Absent) for one in answer.also]
        await self._verify(walk, [(address, one) for address, first in found for one in (first, *first.also)])
        await self._verify(walk, handed, aside=True)

    async def _verify(self, walk: _Walk, arrivals: Iterable[tuple[str, Found]], *, aside: bool = False) -> None:
        """Judge each arrival (address asked for, document) by its own bytes; the same bytes are judged once.

        Those that are set ``aside`` answer only once a link names their digest.
        """
        digests = ((found.digest, (address, found)) for address, found in arrivals)
        fresh = {digest: arrival for digest, arrival in digests if digest not in walk.held}
        documents = [(found.body, found.media_type or None) for _, found in fresh.values()]
        verifying = Verifying(source=self.source, judging=self.judging)
        at, known = walk.question.at, walk.question.known
        verdicts, walk.evidence = await verifying.verify_all(documents, at=at, until=known, evidence=walk.evidence)
        walk.held |= fresh.keys()
        judged = [
            Arrival(address, found, _judged(_slim(verdict, found, walk.parts), found))
            for (address, found), verdict in zip(fresh.values(), verdicts, strict=True)
        ]
        if aside:
            walk.aside += judged
        else:
            walk.take(judged)


def _report(case: Case, _: Resources) -> Report:
    check_claims(case)
    return judge(case, software=SOFTWARE)


def _slim(verdict: Verdict, found: Found, parts: CommonParts) -> Verdict:
    """The same for little memory: parts that other documents have too are kept once, and so are the bytes."""
    if verdict.document is None:
        return verdict
    return replace(verdict, document=Document(found.body, parts.document(verdict.document.value)))


def _judged(verdict: Verdict, found: Found) -> Judged:
    try:
        return verdict.require()
    except NotAccepted:
        source = found.source if found.served else ""  # what a file is called says nothing
        return Unusable(verdict=verdict, source=source)
