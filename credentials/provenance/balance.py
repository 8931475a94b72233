"""The balance of a lot: what was made of it, what left the place of making, what was used up anywhere.

The rule: amounts of one lot are compared in one dimension, mass where possible; what cannot be compared is None. Only
the place of making has a known beginning: what is short elsewhere may have come by a way nobody told.
Specification: untp.md PV-QTY-5, (e).5 step 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from contexts.codes import units
from credentials.provenance.graph import Graph
from credentials.provenance.lots import LotKey
from credentials.provenance.quantities import mass_of, total
from credentials.provenance.statements import Event, Portion, Statement
from credentials.provenance.transfers import Transfer, transfers_of

#: A modify event that leaves its goods in one of these uses them up.
TERMINAL: Final = frozenset({"consumed", "recycled", "disposed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Amounts of one lot in one unit: made, left the places of making (net of returns), used up anywhere."""

    made: Fraction
    left: Fraction
    used: Fraction
    portions: tuple[Portion, ...]


def balance_of(graph: Graph, lot: LotKey, counts: Callable[[Statement], bool]) -> Balance | None:
    """The balance of ``lot``; None when no make event states it or the amounts cannot be compared."""
    made = [pair for pair in graph.outputs_of(lot) if counts(pair[0])]
    used = [pair for pair in graph.uses_of(lot) if counts(pair[0])] + [
        pair for pair in graph.modifications_of(lot) if counts(pair[0]) and pair[1].said.disposition in TERMINAL
    ]
    transfers = [one for one in transfers_of(graph, lot) if counts(one.event)]
    homes = {event.facility for event, _ in made}
    out = [one for one in transfers if one.origin in homes and one.destination not in homes]
    back = [one for one in transfers if one.destination in homes and one.origin not in homes]
    at_home = [pair for pair in used if pair[0].facility in homes]
    portions = [pair[1] for pair in (*made, *used)] + [pair[1] for one in (*out, *back) for pair in one.told]
    measure = _common_measure(graph, portions)
    if not made or measure is None:
        return None
    return Balance(
        made=_sum(made, measure),
        left=_moved(out, measure) + _sum(at_home, measure) - _moved(back, measure),
        used=_sum(used, measure),
        portions=tuple(portions),
    )


def amount_pair(graph: Graph, one: Iterable[Portion], other: Iterable[Portion]) -> tuple[Fraction, Fraction] | None:
    """The amounts of two sets of portions in one unit; None when they cannot be compared."""
    first, second = list(one), list(other)
    measure = _common_measure(graph, first + second)
    if measure is None:
        return None
    return sum(map(measure, first), Fraction(0)), sum(map(measure, second), Fraction(0))


def _common_measure(graph: Graph, portions: list[Portion]) -> Callable[[Portion], Fraction] | None:
    """How to measure all of ``portions`` alike: by mass, else by the one dimension they are stated in."""
    masses = {id(portion): mass_of(graph, portion) for portion in portions}
    if total(masses.values()) is not None:
        return lambda portion: masses[id(portion)] or Fraction(0)
    bases = {id(portion): _base(portion) for portion in portions}
    if None in bases.values() or len({base[0] for base in bases.values() if base}) != 1:
        return None
    return lambda portion: (bases[id(portion)] or ("", Fraction(0)))[1]


def _base(portion: Portion) -> tuple[str, Fraction] | None:
    quantity = portion.said.quantity
    if quantity is None or quantity.value is None or quantity.unit is None:
        return ("count", Fraction(1)) if portion.lot.is_item else None
    known = units.unit(quantity.unit)
    base = units.to_base(quantity.value, quantity.unit)
    return (known.dimension, base) if known is not None and base is not None else None


def _sum(pairs: Iterable[tuple[Event, Portion]], measure: Callable[[Portion], Fraction]) -> Fraction:
    return sum((measure(portion) for _, portion in pairs), Fraction(0))


def _moved(transfers: Iterable[Transfer], measure: Callable[[Portion], Fraction]) -> Fraction:
    return sum((_sum(one.told, measure) for one in transfers), Fraction(0))
