"""Tracing: walk the frontier from one identifier under a budget, then let the judge report.

    repeat until the frontier is empty or the budget is spent
        which needs does what we hold still have?      credentials.provenance.looking
        the most important ones, from the source       one wave; what is owed to the chain before what is offered
        verify every credential that arrived           flows.verifying
        let the graph grow by what it says             credentials.provenance.graph
    what was not asked is a gap                         Absent(budget)
    report, once                                        credentials.provenance.judge

The rule: whatever is missing is written as a gap, never left out; the same source gives the same report. A budget
counts work and never seconds, so that a slow day is not another verdict. What lists of links offer from hosts of nobody
in the chain, and what others handed over, is looked up last and out of a budget of its own: a stranger's thousand links
cost the chain nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from credentials.encoding.common_parts import CommonParts
from credentials.encoding.document import Document, Sha256
from credentials.errors import NotAccepted
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.provenance import Case, Frontier, Question, Report, judge, looking, offers_of
from credentials.provenance.claims.asked import check_claims
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.lookups import Lookups
from credentials.provenance.missing.answering import Arrival, Judged, answering, named_by_digest
from credentials.provenance.packs.pack_file import core_pack
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.statements.extraction import Reader, read
from credentials.trust.policy import Policy
from credentials.trust.trust_lists import TrustList
from credentials.verdict import Unusable, Verdict, VerifiedCredential
from node.flows.verifying.judging import Judging
from node.flows.verifying.verifying import Verifying
from node.flows.verifying.work import Resources
from node.software import SOFTWARE
from node.wire.source import Budgeted, Source

_JUDGING: Final = 600.0  # seconds after which a worker that judges is given up: no verdict, and never another one
#: A wave asks at most half of what was asked before it, or an eighth of what may still be asked: what is heavy stays
#: ahead where that matters, and where the budget is ample the frontier is worked out few times.
_OF_ASKED: Final = 2
_OF_LEFT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceBudget:
    """How much work one trace may make: waves, look-ups, and look-ups asked for at once.

    Waves and look-ups for what the chain asks for; for what is only offered it may make as many again.
    """

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


@dataclass(frozen=True, slots=True, eq=False)
class _Came:
    """A document, the address that was asked for it, and whether it is what the chain asked for."""

    address: str
    found: Found
    owed: bool


@dataclass(slots=True)
class _Spent:
    """Waves and look-ups made so far."""

    waves: int = 0
    lookups: int = 0

    def allows(self, budget: TraceBudget) -> bool:
        """Is any left?"""
        return self.waves < budget.waves and self.lookups < budget.lookups


@dataclass(slots=True)
class _Walk:
    """What one trace has in hand: it alone lets the graph and the look-ups of ``start`` grow."""

    start: Case
    offers: Source  # what only others offer is looked up here, out of a budget of its own
    evidence: Evidence = field(default_factory=Evidence)
    held: set[Sha256] = field(default_factory=set)
    aside: list[Arrival] = field(default_factory=list)  # what answers nothing yet
    parts: CommonParts = field(default_factory=CommonParts)
    unusable: list[Arrival] = field(default_factory=list)  # what answers a need and cannot be used
    owed: _Spent = field(default_factory=_Spent)
    offered: _Spent = field(default_factory=_Spent)
    unmet: set[Need] = field(default_factory=set)  # offers that their own budget did not allow

    @property
    def graph(self) -> Graph:
        """What was said by now."""
        return self.start.graph

    @property
    def lookups(self) -> Lookups:
        """What was looked up by now."""
        return self.start.evidence

    def take(self, arrivals: Iterable[Arrival]) -> None:
        """Let the graph grow by what answers a need, and set aside what does not."""
        by_address: dict[str, list[Arrival]] = {}
        usable: list[VerifiedCredential] = []
        for arrival in arrivals:
            by_address.setdefault(arrival.address, []).append(arrival)
        for those in by_address.values():
            answers = answering(those)
            usable += [one.judged for one in answers if isinstance(one.judged, VerifiedCredential)]
            self.unusable += [one for one in answers if isinstance(one.judged, Unusable)]
            self.aside += [one for one in those if one not in answers]
        self.graph.add(usable)

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
        return self.start.now()

    def end(self) -> None:
        """What cannot be used is a finding where the chain asks for it, and a note where it was only offered."""
        offered: frozenset[tuple[NeedKind, str]] = frozenset()
        if self.unusable:
            offered = frozenset(self.lookups.name_of(need) for need in offers_of(self.case()))
        for one in self.unusable:
            name = self.lookups.name_of(Need(NeedKind.CREDENTIAL, one.address))
            self.graph.add([one.aside if name in offered else one.judged])
        self.graph.add(one.aside for one in self.aside)
        self.parts = CommonParts()  # nothing more arrives

    async def frontier(self) -> Frontier:
        """What to look up next, the most important first; others are served while it is worked out."""
        steps = looking(self.case())
        while True:
            try:
                next(steps)
            except StopIteration as done:
                found: Frontier = done.value
                return Frontier(
                    tuple(need for need in found.owed if self.evidence.get(need) is None),
                    tuple(need for need in found.offered if self.evidence.get(need) is None and need not in self.unmet),
                )
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
        offers = self.source.for_offers() if isinstance(self.source, Budgeted) else self.source
        walk = _Walk(Case.growing(question, trust, reader=self.reader), offers)
        await self._verify(walk, [_Came("", found, owed=False) for found in self.arrived])
        frontier = await walk.frontier()
        while await self._wave(walk, frontier):
            frontier = await walk.frontier()
            if progress is not None:
                progress(_progress(walk, frontier))
        spent = Absent(reason=AbsentReason.BUDGET, detail="The budget of this trace was spent before it was asked for.")
        left = (*frontier.owed, *frontier.offered, *sorted(walk.unmet))
        walk.evidence = walk.evidence.with_answers({need: spent for need in left if walk.evidence.get(need) is None})
        walk.end()
        case = walk.case()
        case.graph.kept.settle()
        return await self.judging.work.run(partial(_report, case), seconds=_JUDGING)

    async def _wave(self, walk: _Walk, frontier: Frontier) -> bool:
        """Ask for the heaviest part of what is owed, so many at once as the budget allows, else of what is offered.

        False when nothing is left or may be asked.
        """
        needs, spent = (frontier.owed, walk.owed) if frontier.owed else (frontier.offered, walk.offered)
        if not needs or not spent.allows(self.budget):
            return False
        left = self.budget.lookups - spent.lookups
        wave = needs[: min(max(self.budget.at_once, spent.lookups // _OF_ASKED, left // _OF_LEFT), left)]
        spent.waves += 1
        spent.lookups += len(wave)
        for start in range(0, len(wave), self.budget.at_once):
            await self._ask(walk, wave[start : start + self.budget.at_once], owed=spent is walk.owed)
        walk.look_again()
        return True

    async def _ask(self, walk: _Walk, wanted: Sequence[Need], *, owed: bool) -> None:
        source = self.source if owed else walk.offers
        answers = await source.answer(frozenset(wanted), at=walk.start.question.at)
        if not owed:
            answers = _asked_for(answers)
            walk.unmet |= set(wanted) - answers.keys()
        walk.evidence = walk.evidence.with_answers(answers)
        came = [(need.id, answers[need]) for need in sorted(answers) if need.kind is NeedKind.CREDENTIAL]
        found, handed = list[_Came](), list[_Came]()
        for address, answer in came:
            if isinstance(answer, Found):
                found.append(_Came(address, answer, owed=owed))
            further = found if isinstance(answer, Found) else handed
            further += [_Came(address, one, owed=False) for one in answer.also]
        await self._verify(walk, found)
        await self._verify(walk, handed, aside=True)

    async def _verify(self, walk: _Walk, arrivals: Iterable[_Came], *, aside: bool = False) -> None:
        """Judge each arrival by its own bytes; the same bytes are judged once.

        Those that are set ``aside`` answer only once a link names their digest.
        """
        by_digest = ((one.found.digest, one) for one in arrivals)
        fresh = {digest: arrival for digest, arrival in by_digest if digest not in walk.held}
        walk.held |= fresh.keys()
        verdicts: dict[_Came, Verdict] = {}
        for owed in (True, False):
            those = [one for one in fresh.values() if one.owed is owed]
            verdicts |= zip(those, await self._verdicts(walk, those, owed=owed), strict=True)
        judged = [
            Arrival(one.address, one.found, _judged(_slim(verdicts[one], one.found, walk.parts), one.found))
            for one in fresh.values()
        ]
        if aside:
            walk.aside += judged
        else:
            walk.take(judged)

    async def _verdicts(self, walk: _Walk, arrivals: Sequence[_Came], *, owed: bool) -> Sequence[Verdict]:
        """The verdicts on ``arrivals``; what others offer takes its look-ups out of the budget for offers."""
        if not arrivals:
            return ()
        verifying = Verifying(source=self.source if owed else walk.offers, judging=self.judging)
        at, known, before = walk.start.question.at, walk.start.question.known, walk.evidence
        documents = [(one.found.body, one.found.media_type or None) for one in arrivals]
        verdicts, after = await verifying.verify_all(documents, at=at, until=known, evidence=before)
        walk.evidence = after if owed else before.with_answers(_asked_for(after.answers))
        return verdicts


def _asked_for(answers: Mapping[Need, Found | Absent]) -> Mapping[Need, Found | Absent]:
    """What was asked at all: that the budget for offers is spent answers nothing that the chain asks for."""
    return {
        need: answer
        for need, answer in answers.items()
        if not (isinstance(answer, Absent) and answer.reason is AbsentReason.BUDGET)
    }


def _progress(walk: _Walk, frontier: Frontier) -> Progress:
    return Progress(
        waves=walk.owed.waves + walk.offered.waves,
        lookups=walk.owed.lookups + walk.offered.lookups,
        credentials=len(walk.held),
        open=len(frontier.owed) + len(frontier.offered),
    )


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
