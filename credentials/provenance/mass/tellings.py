"""Two words of one issuer under one id: what they tell of goods counts at the worse of both.

The rule: where an issuer signed two documents with one id and neither replaces the other, nobody can tell which of them
holds (PV-MRG-6). So of what both tell of one event the larger amount was sent or used and the smaller one came, and
what only one of them tells was sent or used, and did not come.
See docs/decisions/0028-what-an-address-means.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.successors import words_beside
from credentials.provenance.graph.transfers import Telling, Transfer
from credentials.provenance.mass.quantities import mass_of
from credentials.provenance.statements.statement import EventStatement
from credentials.verdict import VerifiedCredential

_ROLES: Final = ("inputs", "moved", "modified")


class Words:
    """The documents of a graph that stand beside others of their id; good until the graph grows."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        ids = Counter((one.issuer, one.id) for one in (*graph.credentials, *graph.older))
        self._double = frozenset(key for key, times in ids.items() if times > 1)
        displaced = (one for one in graph.older if self._beside(one)) if self._double else ()
        self._displaced = tuple(
            event for one in displaced for event in self._events_in(one) if not self._is_told(event)
        )

    def displaced(self, lot: LotKey, role: str) -> tuple[Telling, ...]:
        """What a displaced document alone tells of ``lot`` as "inputs", "moved" or "modified"."""
        told = ((event, portion) for event in self._displaced for portion in getattr(event, role))
        return tuple(pair for pair in told if lot.covers(pair[1].lot))

    def at_most(self, pair: Telling) -> Telling:
        """The telling of the largest amount: at the worst so much was sent or used."""
        return max((pair, *(one for one in self._others(pair) if one is not None)), key=self._mass)

    def at_least(self, pair: Telling) -> Telling | None:
        """The telling of the smallest amount: at the worst so much came; None where one word does not tell it."""
        others = tuple(self._others(pair))
        known = [one for one in others if one is not None]
        return min((pair, *known), key=self._mass) if len(known) == len(others) else None

    def transfer(self, shipment: Transfer) -> Transfer | None:
        """The shipment at its worst: the larger amount left, the smaller one came; None where nothing is sure of it."""
        if not any(self._beside(event.credential) for event, _ in shipment.told_by_both):
            return shipment
        sent = tuple(self.at_most(pair) for pair in shipment.sent)
        received = self._all_at_least(shipment.received)
        surely = self._all_at_least(shipment.sent)
        return replace(shipment, sent=sent, received=received, surely_sent=surely) if sent or received else None

    def _all_at_least(self, pairs: Iterable[Telling]) -> tuple[Telling, ...]:
        found = [self.at_least(pair) for pair in pairs]
        return tuple(one for one in found if one is not None) if None not in found else ()

    def _others(self, pair: Telling) -> Iterator[Telling | None]:
        """The same portion of the same event in each document beside this one; None where it is not told."""
        event, portion = pair
        role = next((role for role in _ROLES if portion in getattr(event, role)), _ROLES[0])
        for credential in self._beside(event.credential):
            told = (one for one in self._events_in(credential) if _name(one) == _name(event))
            same = ((one, other) for one in told for other in getattr(one, role) if other.lot == portion.lot)
            yield next(same, None)

    def _beside(self, credential: VerifiedCredential) -> tuple[VerifiedCredential, ...]:
        is_double = (credential.issuer, credential.id) in self._double
        return words_beside(self._graph, credential) if is_double else ()

    def _events_in(self, credential: VerifiedCredential) -> list[EventStatement]:
        return [one for one in self._graph.statements_in(credential) if isinstance(one, EventStatement)]

    def _is_told(self, event: EventStatement) -> bool:
        return any(other.issuer == event.issuer for other in self._graph.tellings_of(event))

    def _mass(self, pair: Telling) -> Fraction:
        return mass_of(self._graph, pair[1]) or Fraction(0)


def _name(event: EventStatement) -> str:
    return given_or_canonical(event.id)
