"""Transfers: what sender and receiver say about one shipment, put together; and where a lot was at a time.

The rule: a shipment told by both sides is one transfer, not two. Two events are one transfer when they name the same
consignment, lot and places; an event without a consignment stands alone. UNTP 0.7 has one kind of move, so the
receiving side is known by its activity or by who tells it. Only who holds the lot where it leaves tells of sending it,
and only the consignee whom the sender names, or the operator of the place it comes to, tells of receiving it. A side
that is silent is not spoken for: what a receiver alone tells takes nothing from anybody.
Specification: UNTP 0.7.0, Digital Traceability Events; docs/rules.md PV-EVT-2 and PV-QTY-7; docs/requirements.md T2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.filing import by_time, told_once
from credentials.provenance.graph.graph import Graph
from credentials.provenance.statements.authority import Saying, SubjectMatter, has_say, parties_in
from credentials.provenance.statements.kept import keeping
from credentials.provenance.statements.statement import EventStatement, PortionStatement
from credentials.untp.events import Move

#: GS1 CBV business steps (and their common spellings) told by the one who takes goods in.
RECEIVING: Final = frozenset({"receiving", "arriving", "accepting", "received", "arrived", "receive"})
_CONSIGNOR, _CONSIGNEE = frozenset({"consignor"}), frozenset({"consignee"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transfer:
    """One shipment of one lot; each side is the events and portions that tell of it, () when that side is silent.

    ``surely_sent``: by what the sender tells it surely sent, where that is less than it may have; None: the same.
    """

    lot: LotKey
    origin: str
    destination: str
    sent: tuple[tuple[EventStatement, PortionStatement], ...]
    received: tuple[tuple[EventStatement, PortionStatement], ...]
    surely_sent: tuple[tuple[EventStatement, PortionStatement], ...] | None = None

    @property
    def event(self) -> EventStatement:
        """The event to name: the sender's first."""
        return (self.sent or self.received)[0][0]

    @property
    def told(self) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """The side that says how much left: the sender's, else the receiver's."""
        return self.sent or self.received

    @property
    def told_by_both(self) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """Everything that either side tells."""
        return (*self.sent, *self.received)

    @property
    def is_told_by_both(self) -> bool:
        """Is neither side silent?"""
        return bool(self.sent and self.received)

    @property
    def departed(self) -> datetime | None:
        """When it left, as the sender says."""
        return min((event.at for event, _ in self.sent if event.at), default=None)

    @property
    def arrived(self) -> datetime | None:
        """When it came, as the receiver says."""
        return max((event.at for event, _ in self.received if event.at), default=None)

    @property
    def earliest(self) -> datetime | None:
        """The earliest moment it can have been at its destination."""
        return self.arrived or self.departed


#: One telling: an event and the portion of it that is the lot.
Telling: TypeAlias = tuple[EventStatement, PortionStatement]
#: Parties and the places where they hold a lot; "" is any place.
Holders: TypeAlias = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What those who have a say tell of where a lot went, by time, and who holds or held it where by that."""

    transfers: tuple[Transfer, ...]
    holders: Holders


def whereabouts_of(
    graph: Graph, lot: LotKey, users: Holders = frozenset(), displaced: Iterable[Telling] = ()
) -> Whereabouts:
    """Where ``lot`` and its parts went; ``users`` hold it besides its makers, because they made the chain of it.

    ``displaced``: moves that only documents tell which others displaced; such a receipt shows nothing.
    """
    beside = tuple(displaced)
    return _whereabouts(graph, lot, users, beside) if beside else _undisplaced(graph, lot, users)


@keeping
def _undisplaced(graph: Graph, lot: LotKey, users: Holders) -> Whereabouts:
    return _whereabouts(graph, lot, users, ())


def _whereabouts(graph: Graph, lot: LotKey, users: Holders, displaced: Iterable[Telling]) -> Whereabouts:
    sendings, receipts = _by_side(graph.moves_of(lot))
    sendings += _by_side(displaced)[0]
    holders = users | _first_holders(graph, lot)
    counted: list[Telling] = []
    received: list[Telling] = []
    while sent := [pair for pair in sendings if _may(graph, SubjectMatter.SENDING, pair[0], pair[0].origin, holders)]:
        counted += sent
        known = {id(portion) for _, portion in sent}
        sendings = [pair for pair in sendings if id(pair[1]) not in known]
        holders |= {(party, event.facility) for event, _ in sent for party in _receivers(graph, event)}
    named: dict[tuple[object, ...], frozenset[str]] = {}
    for event, portion in counted if receipts else ():
        shipment = _shipment(event, portion)
        named[shipment] = named.get(shipment, frozenset()) | _receivers(graph, event)
    for event, portion in receipts:
        consignees = named.get(_shipment(event, portion), frozenset())
        if _may(graph, SubjectMatter.RECEIVING, event, event.facility, users, consignees):
            received.append((event, portion))
    return Whereabouts(transfers=_grouped([*counted, *received]), holders=holders)


def is_receipt(event: EventStatement) -> bool:
    """Is the move told by the one who took the goods in?"""
    activity = event.said.activity
    if activity is not None and (activity.code or "").casefold() in RECEIVING:
        return True
    roles = event.said.related_parties
    return event.issuer in parties_in(roles, _CONSIGNEE) and event.issuer not in parties_in(roles, _CONSIGNOR)


def origins_of(graph: Graph, lot: LotKey) -> frozenset[str]:
    """The facilities where ``lot`` came into being: of its make events, else of its passports; "" left out."""
    made = {event.facility for event in graph.makers_of(lot)} - {""}
    return frozenset(made or {passport.facility for passport in graph.passports_of(lot)} - {""})


def _by_side(moves: Iterable[Telling]) -> tuple[list[Telling], list[Telling]]:
    """Those that tell of sending and those that tell of receiving."""
    sides: tuple[list[Telling], list[Telling]] = ([], [])
    for pair in moves:
        sides[is_receipt(pair[0])].append(pair)
    return sides


def _first_holders(graph: Graph, lot: LotKey) -> Holders:
    """Who has the lot where it came into being: whoever made it, or is said to by the passport, and its owner."""
    made = {(event.issuer, event.facility) for event in graph.makers_of(lot)}
    passports = graph.passports_of(lot)
    owned = {(passport.issuer, passport.facility) for passport in passports}
    named = graph.makers_named(lot)
    makers = {(party, passport.facility) for passport in passports for party in named}
    return frozenset(made | owned | makers)


def _may(
    graph: Graph,
    matter: SubjectMatter,
    event: EventStatement,
    place: str,
    holders: Holders,
    consignees: frozenset[str] = frozenset(),
) -> bool:
    said = Saying(by=event.issuer, place=place, holders=holders, consignees=consignees)
    return has_say(graph, matter, said)


def _receivers(graph: Graph, event: EventStatement) -> frozenset[str]:
    """Whom the sender names as consignee, else who operates the place it goes to."""
    named = frozenset(parties_in(event.said.related_parties, _CONSIGNEE))
    return named or graph.operators_of(event.facility)


def _grouped(counted: Iterable[Telling]) -> tuple[Transfer, ...]:
    groups: dict[tuple[object, ...], list[Telling]] = {}
    for event, portion in sorted(counted, key=lambda pair: by_time(pair[0])):
        groups.setdefault(_shipment(event, portion), []).append((event, portion))
    found = [_transfer(pairs) for pairs in groups.values()]
    return tuple(sorted(found, key=lambda one: (str(one.departed or one.arrived), one.event.id, one.lot)))


def _transfer(told: list[Telling]) -> Transfer:
    sent, received = _by_side(told)
    event, portion = told[0]
    return Transfer(
        lot=portion.lot,
        origin=event.origin,
        destination=event.facility,
        sent=told_once(sent),
        received=told_once(received),
    )


def _shipment(event: EventStatement, portion: PortionStatement) -> tuple[object, ...]:
    said = event.said
    consignment = given_or_canonical(said.consignment_id) if isinstance(said, Move) and said.consignment_id else ""
    name = consignment or f"event {given_or_canonical(event.id)}"
    return (name, event.origin, event.facility, portion.lot)
