"""Transfers: what sender and receiver say about one shipment, put together; and where a lot was at a time.

The rule: a shipment told by both sides is one transfer, not two. Two events are one transfer when they name the same
consignment, lot and places; an event without a consignment stands alone. UNTP 0.7 has one kind of move, so the
receiving side is known by its activity or by who tells it.
Specification: UNTP 0.7.0, Digital Traceability Events; docs/rules.md PV-EVT-2 and PV-QTY-7; docs/requirements.md T2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.statements.authority import parties_in
from credentials.provenance.statements.statement import EventStatement, PortionStatement
from credentials.untp.events import Move

#: GS1 CBV business steps (and their common spellings) told by the one who takes goods in.
RECEIVING: Final = frozenset({"receiving", "arriving", "accepting", "received", "arrived", "receive"})
_CONSIGNOR, _CONSIGNEE = frozenset({"consignor"}), frozenset({"consignee"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transfer:
    """One shipment of one lot; each side is the events and portions that tell of it, () when that side is silent."""

    lot: LotKey
    origin: str
    destination: str
    sent: tuple[tuple[EventStatement, PortionStatement], ...]
    received: tuple[tuple[EventStatement, PortionStatement], ...]

    @property
    def event(self) -> EventStatement:
        """The event to name: the sender's first."""
        return (self.sent or self.received)[0][0]

    @property
    def told(self) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """The side that says how much left: the sender's, else the receiver's."""
        return self.sent or self.received

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


def transfers_of(graph: Graph, lot: LotKey) -> tuple[Transfer, ...]:
    """Every transfer of ``lot`` or a part of it that somebody tells who has a say, by time."""
    groups: dict[tuple[object, ...], list[tuple[EventStatement, PortionStatement]]] = {}
    for event, portion in graph.moves_of(lot):
        if not _has_say(graph, event):
            continue
        groups.setdefault((*_shipment(event), portion.lot), []).append((event, portion))
    found = [_transfer(pairs) for pairs in groups.values()]
    return tuple(sorted(found, key=lambda one: (str(one.departed or one.arrived), one.event.id, one.lot)))


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


def _has_say(graph: Graph, event: EventStatement) -> bool:
    """Does the teller operate one of the two ends? Where nobody knows who operates them, anybody may tell."""
    ends = [graph.operators_of(place) for place in (event.origin, event.facility)]
    return not all(ends) or any(event.issuer in operating for operating in ends)


def _transfer(pairs: Iterable[tuple[EventStatement, PortionStatement]]) -> Transfer:
    told = tuple(pairs)
    event, portion = told[0]
    return Transfer(
        lot=portion.lot,
        origin=event.origin,
        destination=event.facility,
        sent=tuple(pair for pair in told if not is_receipt(pair[0])),
        received=tuple(pair for pair in told if is_receipt(pair[0])),
    )


def _shipment(event: EventStatement) -> tuple[str, ...]:
    said = event.said
    consignment = given_or_canonical(said.consignment_id) if isinstance(said, Move) and said.consignment_id else ""
    return (consignment or f"event {event.id}", event.origin, event.facility)
