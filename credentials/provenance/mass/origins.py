"""Origins: the lots that were made of nothing before them, as those who have a say about them declare.

The rule: an origin is a lot of a primary class whose making nobody tells, or tells as a making of nothing at that very
place in a primary activity, of a place whose own record lists that division; never where anything that counts says
that this place took in or used lots of the same division from elsewhere. Which classes and activities are primary is
in the rule pack. That a lot is of the material it is made of is not enough, but one that names another material was
made of it. Whether somebody recognised vouches for it is another question.
Specification: UN Central Product Classification 2.1; docs/requirements.md T7.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.successors import is_undisputed
from credentials.provenance.graph.transfers import is_receipt
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.statements.statement import EventKind, EventStatement, PassportStatement, Statement
from credentials.untp.values import Classification

WASTE: Final = "39"  # division of the CPC: wastes and scraps
#: The members of a passport that declare an origin.
_DECLARING: Final = ("productCategory", "producedAtFacility", "materialProvenance")


class Origins:
    """Which lots of a graph are declared to be origins, by the statements that count; ``pack`` has what is primary."""

    def __init__(self, graph: Graph, counts: Callable[[Statement], bool], pack: RulePack) -> None:
        self._graph = graph
        self._counts = counts
        self._pack = pack

    def has(self, lot: LotKey, makers: Collection[EventStatement]) -> bool:
        """Is the lot declared an origin? ``makers`` are the make events of it that count."""
        return any(
            self._declares(one) and all(self._tells_of_origin(event, one) for event in makers)
            for one in self._graph.passports_of(lot)
            if self._counts(one) and is_undisputed(self._graph, one, *_DECLARING)
        )

    def _declares(self, passport: PassportStatement) -> bool:
        if not _is_all_of_itself(passport):
            return False
        primary = divisions(code for code in passport.said.categories if self._pack.is_primary(code.code or ""))
        listed = self._listed_at(passport.facility) if primary else frozenset()
        wanted = primary & listed
        return bool(wanted) and not any(
            wanted & self._divisions_of(lot)
            for lot in self._taken_in_at(passport)
            if not self._is_of(lot, passport.facility)
        )

    def _tells_of_origin(self, event: EventStatement, passport: PassportStatement) -> bool:
        """Does the make event state that nothing was used there, in an activity that such goods come of?

        An input that names no lot was used too.
        """
        done, codes = event.said.activity, class_codes(passport.said.categories)
        return (
            event.is_of_nothing
            and event.facility == passport.facility
            and done is not None
            and self._pack.is_primary_activity(codes, done.scheme_id or "", done.code or "")
        )

    def _listed_at(self, facility: str) -> frozenset[str]:
        records = self._graph.facility_records(facility)
        return divisions(code for record in records if self._counts(record) for code in record.said.processes)

    def _taken_in_at(self, passport: PassportStatement) -> Iterator[LotKey]:
        """What the place used or took in, as its operators and makers themselves tell."""
        facility = passport.facility
        tellers = {passport.issuer} | self._graph.operators_of(facility) | self._graph.makers_named(passport.lot)
        for event in self._graph.events_at(facility):
            if event.issuer in tellers and self._counts(event):
                portions = event.inputs if event.kind is EventKind.MAKE else event.moved if is_receipt(event) else ()
                yield from (portion.lot for portion in portions)

    def _is_of(self, lot: LotKey, facility: str) -> bool:
        """Did the lot come to be at this very place?"""
        return any(one.facility == facility for one in self._graph.passports_of(lot))

    def _divisions_of(self, lot: LotKey) -> frozenset[str]:
        return divisions(code for one in self._graph.passports_of(lot) for code in one.said.categories)


def _is_all_of_itself(passport: PassportStatement) -> bool:
    """Is each material that it names the very thing it is sold as? Another one says that it was made of something."""
    sold_as = {(code.scheme_id, code.code) for code in passport.said.categories if code.code}
    made_of = [(one.type.scheme_id, one.type.code) if one.type else None for one in passport.said.materials]
    return bool(made_of) and all(kind in sold_as for kind in made_of)


def divisions(codes: Iterable[Classification]) -> frozenset[str]:
    """The divisions of the Central Product Classification (two digits) that are named."""
    return frozenset(code[:2] for code in class_codes(codes))


def is_waste(codes: Collection[str]) -> bool:
    """Are these the codes of something left over, and of nothing else?"""
    return bool(codes) and all(code.startswith(WASTE) for code in codes)


def class_codes(codes: Iterable[Classification]) -> tuple[str, ...]:
    """The codes of the Central Product Classification that are named."""
    return tuple(code.code for code in codes if code.code and _is_cpc(code))


def _is_cpc(code: Classification) -> bool:
    return "/econ/cpc" in (code.scheme_id or "").casefold()
