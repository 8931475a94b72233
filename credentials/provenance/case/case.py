"""A case: one question, what is in hand, and the graph built from it; what every rule is asked of.

The rule: a case is built once and only read; what several rules derive from it is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from credentials.evidence import Evidence
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph, build_graph
from credentials.provenance.graph.loops import loops
from credentials.provenance.mass.shares import Shares, contributions
from credentials.provenance.question import Holdings, Question
from credentials.provenance.statements.statement import Event, FacilityRecord, Passport, Statement
from credentials.trust.lists import TrustList
from credentials.trust.policy import Policy
from credentials.trust.standing import Standing, status


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """Question, holdings and graph together; ``Case.of`` builds one."""

    question: Question
    holdings: Holdings
    graph: Graph

    @classmethod
    def of(cls, question: Question, holdings: Holdings) -> Case:
        """The case of ``question`` with ``holdings``."""
        return cls(question=question, holdings=holdings, graph=build_graph(holdings))

    @property
    def at(self) -> datetime:
        """The moment of the judgement (aware, UTC)."""
        return self.question.at

    @property
    def policy(self) -> Policy:
        """The thresholds that apply."""
        return self.question.policy

    @property
    def trust(self) -> TrustList:
        """Whom we believe, for what."""
        return self.holdings.trust

    @property
    def evidence(self) -> Evidence:
        """Everything that was looked up."""
        return self.holdings.evidence

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
        """May the statement be relied on: is its credential not revoked, and its status known?"""
        found = status(statement.credential)
        return found is Standing.VALID or (found is Standing.SUSPENDED and self.policy.suspended == "warn")

    @cached_property
    def shares(self) -> Shares:
        """Where the target's mass comes from."""
        budget = self.policy.budget
        return contributions(self.graph, self.target, counts=self.counts, depth=budget.depth, lots=budget.lots)

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
    def made_by(self) -> tuple[Event, ...]:
        """The make events of the lots of the case that count, by time."""
        found = {id(event): event for lot in self.lots for event in self.graph.makers_of(lot) if self.counts(event)}
        return tuple(event for event in self.graph.events if id(event) in found)

    @cached_property
    def passports(self) -> tuple[Passport, ...]:
        """The passports of the lots of the case, hearsay left out."""
        found = {id(one) for lot in self.lots for one in self.graph.passports_of(lot)}
        return tuple(one for one in self.graph.passports if id(one) in found)

    @cached_property
    def facilities(self) -> tuple[FacilityRecord, ...]:
        """The records of the facilities that made the lots of the case, or that the case is about."""
        wanted = {event.facility for event in self.made_by} | {one.facility for one in self.passports}
        wanted |= {self.target.id}
        return tuple(record for record in self.graph.facilities if record.facility in wanted)
