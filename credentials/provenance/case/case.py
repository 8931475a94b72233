"""A case: one question, what is in hand, and the graph built from it; what every rule is asked of.

The rule: a case is only read; what several rules derive from it is worked out once and kept with it. Where more can
still arrive, graph and look-ups grow, and each time a new case is made of them: the old one is not asked any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from credentials.encoding.timespan import Timespan
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.filing import by_time
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.lookups import Lookups
from credentials.provenance.graph.loops import loops
from credentials.provenance.graph.registers import Registers
from credentials.provenance.mass.shares import Making, Shares, contributions
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.question import Holdings, Question
from credentials.provenance.statements.extraction import Reader, read
from credentials.provenance.statements.kept import Kept
from credentials.provenance.statements.statement import EventStatement, FacilityStatement, PassportStatement, Statement
from credentials.provenance.statements.stepwise import Steps, finished
from credentials.trust.policy import Policy
from credentials.trust.standing import Standing, reliable, validity
from credentials.trust.trust_lists import TrustList


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """Question, whom we believe, statements and look-ups together; ``Case.of`` makes one of what is in hand at once.

    ``worked_out`` is what :func:`memoize_per_case` keeps: results by the function and its arguments. What is known of a
    lot by itself is kept with the graph, so that it lasts from one case to the next where nothing new touches it;
    ``start`` is the first of these cases, None in it and where everything is in hand at once.
    """

    question: Question
    trust: TrustList
    graph: Graph
    evidence: Lookups
    start: Case | None = None
    worked_out: dict[Callable[..., object], dict[Any, Any]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, question: Question, holdings: Holdings) -> Case:
        """The case of ``question`` with ``holdings``."""
        registers = Registers(holdings.trust, Timespan.exactly(question.at))
        graph, evidence = Graph(holdings.credentials, registers=registers), Lookups(holdings.evidence)
        return cls(question=question, trust=holdings.trust, graph=graph, evidence=evidence)

    @classmethod
    def growing(cls, question: Question, trust: TrustList, *, reader: Reader = read) -> Case:
        """A case with nothing in hand yet, to let ``graph`` and ``evidence`` grow and to ask :meth:`now` for."""
        kept = Kept(grows=True)
        graph = Graph(registers=Registers(trust, Timespan.exactly(question.at)), reader=reader, kept=kept)
        return cls(question=question, trust=trust, graph=graph, evidence=Lookups(kept=kept))

    def now(self) -> Case:
        """The case as it stands: good until more arrives."""
        return replace(self, start=self.start or self)

    @property
    def at(self) -> datetime:
        """The moment of the judgement (aware, UTC)."""
        return self.question.at

    @property
    def asked(self) -> Timespan:
        """The same moment, to compare other times with."""
        return Timespan.exactly(self.question.at)

    @property
    def policy(self) -> Policy:
        """The thresholds that apply."""
        return self.question.policy

    @property
    def pack(self) -> RulePack:
        """What rules know of trades and schemes."""
        return self.question.pack

    @cached_property
    def target(self) -> LotKey:
        """The lot the question is about."""
        return self.graph.lot_named(self.question.target)

    @property
    def is_about_place(self) -> bool:
        """Is the target a facility, of which there is a record but no passport and no making?"""
        told = self.graph.passports_of(self.target) or self.graph.makers_of(self.target)
        return not told and bool(self.graph.facility_records(self.target.id))

    def counts(self, statement: Statement) -> bool:
        """May the statement be relied on: not revoked, its status known, and no fact of the time after the question?"""
        return reliable(statement.credential, None, self.policy) and not self._is_yet_to_come(statement)

    def _is_yet_to_come(self, statement: Statement) -> bool:
        at = statement.at if isinstance(statement, EventStatement) else None
        happens_later = at is not None and self.asked.certainly_before(Timespan.of(at))
        return happens_later or validity(statement.credential, self.asked) is Standing.NOT_YET

    @cached_property
    def making(self) -> Making:
        """What the lots were made of, by the statements that may be relied on."""
        return self.start.making if self.start is not None else Making(self.graph, self.counts, self.pack)

    @cached_property
    def shares(self) -> Shares:
        """Where the target's mass comes from."""
        return finished(self.upstream(self.target, speaks=lambda _: False))

    def sharing(self) -> Steps[Shares]:
        """The same in steps, and known from then on."""
        if "shares" not in vars(self):
            vars(self)["shares"] = yield from self.upstream(self.target, speaks=lambda _: False)
        return self.shares

    def upstream(self, lot: LotKey, *, speaks: Callable[[LotKey], bool]) -> Steps[Shares]:
        """What ``lot`` is made of, as far as the policy allows and no further than lots that speak for themselves."""
        budget = self.policy.budget
        return contributions(self.making, lot, speaks=speaks, depth=budget.depth, lots=budget.lots)

    @cached_property
    def lots(self) -> tuple[LotKey, ...]:
        """The lots this case is about: the target and everything upstream of it that is named, sorted."""
        return tuple(sorted(self.shares.through))

    @cached_property
    def loops(self) -> dict[LotKey, int]:
        """The lots of the case that are made of themselves, by the number of their loop; classes left out."""
        lots = [lot for lot in self.lots if not lot.is_class]
        return loops(
            {
                lot: sorted({portion.lot for event in self.graph.makers_of(lot) for portion in event.inputs})
                for lot in lots
            }
        )

    @cached_property
    def made_by(self) -> tuple[EventStatement, ...]:
        """The make events of the lots of the case that count, by time."""
        found = {id(event): event for lot in self.lots for event in self.graph.makers_of(lot) if self.counts(event)}
        return tuple(sorted(found.values(), key=by_time))

    @cached_property
    def passports(self) -> tuple[PassportStatement, ...]:
        """The passports of the lots of the case, someone else's word left out."""
        found = {id(one): one for lot in self.lots for one in self.graph.passports_of(lot)}
        return tuple(sorted(found.values(), key=lambda one: one.order))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The facilities (canonical ids) that made the lots of the case, or that the case is about, sorted."""
        wanted = {event.facility for event in self.made_by} | {one.facility for one in self.passports}
        return tuple(sorted((wanted | {self.target.id}) - {""}))

    @cached_property
    def facilities(self) -> tuple[FacilityStatement, ...]:
        """The records of those places."""
        found = (record for facility in self.places for record in self.records_of(facility))
        return tuple(sorted(found, key=lambda one: one.order))

    def records_of(self, facility: str) -> tuple[FacilityStatement, ...]:
        """What counts about a place, and what those who made lots of the case there say of it themselves.

        The latter is the teller's own word about itself: it is checked, and nothing of the place passes to a lot by it.
        """
        tellers = self._tellers_at.get(facility, frozenset())
        counted = self.graph.facility_records(facility)
        own = [one for one in self.graph.all_facility_records(facility) if one.issuer in tellers]
        return (*counted, *(one for one in own if one not in counted))

    @cached_property
    def _tellers_at(self) -> dict[str, frozenset[str]]:
        """Who says by passport or make event of the case that it was made at a place, by that place."""
        found: dict[str, frozenset[str]] = {}
        tellers: tuple[EventStatement | PassportStatement, ...] = (*self.made_by, *self.passports)
        for told in tellers:
            found[told.facility] = found.get(told.facility, frozenset()) | {told.issuer}
        return found
