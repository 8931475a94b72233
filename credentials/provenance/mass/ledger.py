"""The ledger of a place: what came of a lot and what was used, sent and scrapped there, never below zero.

The rule: what a place gave away at some moment can have come there by then. An arrival counts as early as it can have
been, a departure only once it certainly was, and of a shipment that both sides tell the smaller amount came. Where a
lot was made its own balance says it (credentials.provenance.mass.balance). Whoever asks for the word of both sides
takes nothing as having come that one side alone tells, and nothing as shown that cannot be compared.
See docs/rules.md PV-QTY-6; docs/requirements.md T15.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from credentials.encoding.timespan import Timespan
from credentials.provenance.graph.filing import by_time
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.transfers import Telling, Transfer, origins_of
from credentials.provenance.mass.balance import Scale, came, common_scale, mass_scale, uses_up

_NOTHING: Final = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What came to ``place`` of a lot, and what left it or ended there; ``spent`` by time, never empty.

    ``own``: some of what came is told by one of those who spent it. ``by_both``: only what sender and receiver both
    tell came.
    """

    place: str
    came: tuple[Transfer, ...]
    spent: tuple[Telling, ...]
    own: bool
    by_both: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdraft:
    """At the worst moment: ``spent`` of what ``came``, in the units of ``scale``; ``last`` is what went too far.

    ``scale`` is None where no unit fits all of it; then both amounts are 0.
    """

    came: Fraction
    spent: Fraction
    scale: Scale | None
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
    by_both: bool = False,
) -> tuple[Account, ...]:
    """The account of one lot at each of ``places`` to which somebody tells that it came, but for where it was made.

    ``by_both``: at each of them, "" (a place that is not named) included, by what both sides tell and nothing else.

    ``transfers`` and ``spent`` (uses and ends) are what those tell of it who have a say.
    """
    moves, ends = tuple(transfers), tuple(pair for pair in spent if uses_up(pair))
    named = set(places) - (set() if by_both else {""})
    found = (_account(graph, place, moves, ends, by_both=by_both) for place in sorted(named))
    return tuple(one for one in found if one is not None)


def shortfall(graph: Graph, account: Account) -> Overdraft | None:
    """The worst moment of an account; None where nothing is short or what came cannot be compared."""
    scale = _scale(graph, account)
    amounts = [(one.earliest, came(one, scale)) for one in account.came] if scale is not None else []
    arrivals = [(moment, amount) for moment, amount in amounts if amount is not None]
    if scale is None or len(arrivals) < len(amounts):
        last = account.spent[-1]
        return Overdraft(came=_NOTHING, spent=_NOTHING, scale=None, last=last) if account.by_both else None
    departures = [(pair, scale.measure(pair[1]) or Fraction(0)) for pair in account.spent]

    def short(pair: Telling, arrived: Iterable[Fraction], gone: Iterable[Fraction]) -> Overdraft:
        return Overdraft(came=sum(arrived, _NOTHING), spent=sum(gone, _NOTHING), scale=scale, last=pair)

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


def _account(
    graph: Graph, place: str, moves: tuple[Transfer, ...], ends: tuple[Telling, ...], *, by_both: bool
) -> Account | None:
    def here(facility: str) -> bool:
        return facility == place or (bool(facility) and graph.same_facility(facility, place))

    brought = [one for one in moves if (not one.destination or here(one.destination)) and not here(one.origin)]
    spent = [pair for pair in ends if here(pair[0].facility)]
    spent += [pair for one in moves if here(one.origin) and not here(one.destination) for pair in one.sent]
    made_here = any(here(origin) for _, portion in spent for origin in origins_of(graph, portion.lot))
    if made_here or not spent or not (by_both or any(here(one.destination) for one in brought)):
        return None
    tellers = {event.issuer for event, _ in spent}
    own = any(graph.one_company(event.issuer, who) for one in brought for event, _ in one.received for who in tellers)
    own = own or any(event.issuer in tellers for one in brought for event, _ in one.told_by_both)
    return Account(
        place=place,
        came=tuple(one for one in brought if one.is_told_by_both or not by_both),
        spent=tuple(sorted(spent, key=lambda pair: by_time(pair[0]))),
        own=own and not by_both,
        by_both=by_both,
    )


def _scale(graph: Graph, account: Account) -> Scale | None:
    """Mass where one side of each arrival has one, else the one unit all of them are told in.

    Where both sides are to tell, everything that was spent is measured alike too.
    """
    arrivals = [portion for one in account.came for _, portion in one.told_by_both]
    if account.by_both:
        return common_scale(graph, [*arrivals, *(portion for _, portion in account.spent)])
    mass = mass_scale(graph)
    if all(came(one, mass) is not None for one in account.came):
        return mass
    return common_scale(graph, arrivals)


def _by_then(at: datetime | None, moment: datetime | None) -> bool:
    """Can it have been by ``at``?"""
    return at is None or moment is None or not Timespan.of(at).certainly_before(Timespan.of(moment))


def _was_before(one: Telling, pair: Telling) -> bool:
    """Was it, or certainly before?"""
    earlier, later = one[0].at, pair[0].at
    return one is pair or (
        earlier is not None and later is not None and Timespan.of(earlier).certainly_before(Timespan.of(later))
    )
