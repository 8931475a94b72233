"""The ledger of a place: what came of a lot and what was used, sent and scrapped there, never below zero.

The rule: what a place gave away at some moment can have come there by then. An arrival counts as early as it can have
been, a departure only once it certainly was, and of a shipment that both sides tell the smaller amount came. Where a
lot was made its own balance says it (credentials.provenance.mass.balance).
See docs/rules.md PV-QTY-6; docs/requirements.md T15.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from credentials.encoding.timespan import Timespan
from credentials.provenance.graph.filing import by_time
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.transfers import Telling, Transfer, origins_of
from credentials.provenance.mass.balance import Scale, common_scale, mass_scale, uses_up
from credentials.provenance.mass.quantities import total


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What came to ``place`` of a lot, and what left it or ended there; ``spent`` by time, never empty.

    ``own``: some of what came is told by one of those who spent it.
    """

    place: str
    came: tuple[Transfer, ...]
    spent: tuple[Telling, ...]
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdraft:
    """At the worst moment: ``spent`` of what ``came``, in the units of ``scale``; ``last`` is what went too far."""

    came: Fraction
    spent: Fraction
    scale: Scale
    last: Telling

    @property
    def surplus(self) -> Fraction:
        """So much more went than came."""
        return self.spent - self.came


def accounts(
    graph: Graph,
    *,
    transfers: Iterable[Transfer],
    spent: Iterable[Telling],
    places: Iterable[str],
) -> tuple[Account, ...]:
    """The account of one lot at each of ``places`` to which somebody tells that it came, but for where it was made.

    ``transfers`` and ``spent`` (uses and ends) are what those tell of it who have a say.
    """
    moves, ends = tuple(transfers), tuple(pair for pair in spent if uses_up(pair))
    found = (_account(graph, place, moves, ends) for place in sorted(set(places) - {""}))
    return tuple(one for one in found if one is not None)


def shortfall(graph: Graph, account: Account) -> Overdraft | None:
    """The worst moment of an account; None where nothing is short or what came cannot be compared."""
    scale = _scale(graph, account)
    amounts = [(one.earliest, _came(one, scale)) for one in account.came] if scale is not None else []
    arrivals = [(moment, amount) for moment, amount in amounts if amount is not None]
    if scale is None or len(arrivals) < len(amounts):
        return None
    departures = [(pair, scale.measure(pair[1]) or Fraction(0)) for pair in account.spent]

    def short(pair: Telling, came: Iterable[Fraction], gone: Iterable[Fraction]) -> Overdraft:
        return Overdraft(came=sum(came, Fraction(0)), spent=sum(gone, Fraction(0)), scale=scale, last=pair)

    moments = [
        short(
            pair,
            (amount for moment, amount in arrivals if _by_then(pair[0].at, moment)),
            (amount for other, amount in departures if _was_before(other, pair)),
        )
        for pair, _ in departures
    ]
    whole = short(departures[-1][0], (amount for _, amount in arrivals), (amount for _, amount in departures))
    worst = max(whole, *moments, key=lambda one: one.surplus)
    return worst if worst.surplus > 0 else None


def upstream_places(transfers: Iterable[Transfer], places: Iterable[str]) -> frozenset[str]:
    """``places`` and every place from which goods came there, one after the other."""
    moves, found = tuple(transfers), set(places)
    while more := {one.origin for one in moves if one.destination in found} - found:
        found |= more
    return frozenset(found)


def _account(graph: Graph, place: str, moves: tuple[Transfer, ...], ends: tuple[Telling, ...]) -> Account | None:
    def here(facility: str) -> bool:
        return bool(facility) and graph.same_facility(facility, place)

    came = tuple(one for one in moves if (not one.destination or here(one.destination)) and not here(one.origin))
    spent = [pair for pair in ends if here(pair[0].facility)]
    spent += [pair for one in moves if here(one.origin) and not here(one.destination) for pair in one.sent]
    made_here = any(here(origin) for _, portion in spent for origin in origins_of(graph, portion.lot))
    if made_here or not spent or not any(here(one.destination) for one in came):
        return None
    tellers = {event.issuer for event, _ in spent}
    own = any(graph.one_company(event.issuer, who) for one in came for event, _ in one.received for who in tellers)
    own = own or any(event.issuer in tellers for one in came for event, _ in one.told_by_both)
    return Account(place=place, came=came, spent=tuple(sorted(spent, key=lambda pair: by_time(pair[0]))), own=own)


def _scale(graph: Graph, account: Account) -> Scale | None:
    """Mass where one side of each arrival has one, else the one unit all of them are told in."""
    mass = mass_scale(graph)
    if all(_came(one, mass) is not None for one in account.came):
        return mass
    return common_scale(graph, [portion for one in account.came for _, portion in one.told_by_both])


def _came(transfer: Transfer, scale: Scale) -> Fraction | None:
    """How much came: the smaller of what its sides tell; None where neither can be compared."""
    sides = (side for side in (transfer.sent, transfer.received) if side)
    told = (total(scale.measure(portion) for _, portion in side) for side in sides)
    return min((amount for amount in told if amount is not None), default=None)


def _by_then(at: datetime | None, moment: datetime | None) -> bool:
    """Can it have been by ``at``?"""
    return at is None or moment is None or not Timespan.of(at).certainly_before(Timespan.of(moment))


def _was_before(one: Telling, pair: Telling) -> bool:
    """Was it, or certainly before?"""
    earlier, later = one[0].at, pair[0].at
    return one is pair or (
        earlier is not None and later is not None and Timespan.of(earlier).certainly_before(Timespan.of(later))
    )
