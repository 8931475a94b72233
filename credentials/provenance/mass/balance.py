"""The balance of a lot: what was made of it, what left the place of making, what was used up anywhere.

The rule: amounts of one lot are compared in one dimension, mass where possible; what cannot be compared is None. Only
the place of making has a known beginning: what is short elsewhere may have come by a way nobody told. A buyer who is
not of the chain uses up no more than was sent to it, whatever it says: else it could deny everybody else their share.
See docs/rules.md PV-QTY-5; docs/requirements.md T15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final, TypeAlias

from contexts.codes import units
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.transfers import Telling, Transfer
from credentials.provenance.mass.quantities import mass_of, plain, total
from credentials.provenance.statements.statement import EventKind, EventStatement, PortionStatement, Statement

#: The unit that amounts of a dimension come out in: its first by factor one.
_BASE_NAMES: Final = {
    one.dimension: "pieces" if one.dimension == "count" else one.name
    for one in reversed(list(units.UNITS.values()))
    if one.factor == 1
}
#: A modify event that leaves its goods in one of these uses them up.
TERMINAL: Final = frozenset({"consumed", "recycled", "disposed"})
Measuring: TypeAlias = Callable[[PortionStatement], Fraction | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts of one lot are measured alike, and the name of the unit they come out in."""

    measure: Measuring
    unit: str

    def told(self, amount: Fraction) -> str:
        """An amount for people: at most three decimals, and the unit."""
        return f"{plain(amount)} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Amounts of one lot in one unit: made, left the places of making (net of returns), used up anywhere.

    ``made_by``, ``left_by``, ``used_by``: ids of the credentials that tell of each, sorted.
    Not ``complete``: some of what left or was used has no amount that can be compared, so both are lower bounds.
    """

    made: Fraction
    left: Fraction
    used: Fraction
    scale: Scale
    complete: bool
    portions: tuple[PortionStatement, ...]
    made_by: tuple[str, ...]
    left_by: tuple[str, ...]
    used_by: tuple[str, ...]


def balance_of(
    graph: Graph,
    lot: LotKey,
    counts: Callable[[Statement], bool],
    *,
    transfers: Iterable[Transfer],
    used: Iterable[Telling],
    elsewhere: Iterable[Telling] = (),
) -> Balance | None:
    """The balance of ``lot``; None when no make event states it or what was made or came back cannot be compared.

    ``transfers``, and ``used`` (make inputs and modify events of it), are what those tell of it who have a say.
    ``elsewhere``: the same of those who made nothing of the chain.
    """
    outputs = [pair for pair in graph.outputs_of(lot) if counts(pair[0])]
    made = [portion for _, portion in outputs]
    homes = {event.facility for event, _ in outputs}
    used = [pair for pair in used if counts(pair[0]) and uses_up(pair)]
    elsewhere = [pair for pair in elsewhere if counts(pair[0]) and uses_up(pair)]
    transfers = [one for one in transfers if counts(one.event)]
    sent = [one for one in transfers if one.sent and one.origin in homes and one.destination not in homes]
    returned = [one for one in transfers if one.destination in homes and one.origin not in homes]
    out, back = _portions(sent), _portions(returned)
    scale = common_scale(graph, [*made, *back]) if made else None
    if scale is None:
        return None
    measure = scale.measure
    came_back = (came(one, scale) for one in returned)
    # what is used up where it was made left it so
    gone = [pair for pair in (*used, *elsewhere) if pair[0].facility in homes]
    leaving = out + [portion for _, portion in gone]
    used_up = [portion for _, portion in (*used, *elsewhere)]
    return Balance(
        made=_sum(made, measure),
        left=_sum(leaving, measure) - sum((amount for amount in came_back if amount is not None), Fraction(0)),
        used=_sum((portion for _, portion in used), measure) + _at_most_sent(elsewhere, transfers, homes, measure),
        scale=scale,
        complete=all(measure(portion) is not None for portion in (*leaving, *used_up)),
        portions=(*made, *leaving, *used_up, *back),
        made_by=_told_by(outputs),
        left_by=_told_by([*gone, *(pair for one in (*sent, *returned) for pair in one.told)]),
        used_by=_told_by([*used, *elsewhere]),
    )


def came(transfer: Transfer, scale: Scale) -> Fraction | None:
    """How much came: the smaller of what its sides tell; None where neither can be compared."""
    sent = transfer.sent if transfer.surely_sent is None else transfer.surely_sent
    sides = [side for side in (sent, transfer.received) if side]
    if not sides:
        return Fraction(0)
    told = (total(scale.measure(portion) for _, portion in side) for side in sides)
    return min((amount for amount in told if amount is not None), default=None)


def _at_most_sent(
    used: Iterable[Telling], transfers: Iterable[Transfer], homes: set[str], measure: Measuring
) -> Fraction:
    """What was used up at each place, as far as it was sent there; where it was made, and where nothing was, all."""
    sent: dict[str, Fraction] = {}
    for one in transfers:
        if one.sent:
            amount = _sum((portion for _, portion in one.sent), measure)
            sent[one.destination] = sent.get(one.destination, Fraction(0)) + amount
    told: dict[str, Fraction] = {}
    for event, portion in used:
        told[event.facility] = told.get(event.facility, Fraction(0)) + (measure(portion) or Fraction(0))
    amounts = (
        amount if place in homes or place not in sent else min(amount, sent[place]) for place, amount in told.items()
    )
    return sum(amounts, Fraction(0))


def amount_pair(
    graph: Graph, one: Iterable[PortionStatement], other: Iterable[PortionStatement]
) -> tuple[Fraction, Fraction, Scale] | None:
    """The amounts of two sets of portions in one unit, and its scale; None when they cannot be compared."""
    first, second = list(one), list(other)
    scale = common_scale(graph, first + second)
    return (_sum(first, scale.measure), _sum(second, scale.measure), scale) if scale is not None else None


def common_scale(graph: Graph, portions: list[PortionStatement]) -> Scale | None:
    """How to measure all of ``portions`` alike: by mass, else by the one dimension they are all stated in."""
    if all(mass_of(graph, portion) is not None for portion in portions):
        return mass_scale(graph)
    dimensions = {base[0] if (base := _base(portion)) is not None else None for portion in portions}
    if None in dimensions or len(dimensions) != 1:
        return None
    wanted = dimensions.pop()
    return Scale(
        lambda portion: base[1] if (base := _base(portion)) is not None and base[0] == wanted else None,
        _BASE_NAMES.get(wanted or "", ""),
    )


def mass_scale(graph: Graph) -> Scale:
    """Amounts as masses."""
    return Scale(partial(mass_of, graph), "kg")


def uses_up(pair: Telling) -> bool:
    """Is it a make input, or does the modify event end the goods?"""
    return pair[0].kind is EventKind.MAKE or pair[1].said.disposition in TERMINAL


def _base(portion: PortionStatement) -> tuple[str, Fraction] | None:
    quantity = portion.said.quantity
    if quantity is None or quantity.value is None or quantity.unit is None:
        return ("count", Fraction(1)) if portion.lot.is_item else None
    if quantity.value < 0:
        return None
    known = units.unit(quantity.unit)
    base = units.to_base(quantity.value, quantity.unit)
    return (known.dimension, base) if known is not None and base is not None else None


def _portions(transfers: Iterable[Transfer]) -> list[PortionStatement]:
    return [portion for transfer in transfers for _, portion in transfer.told]


def _told_by(pairs: Iterable[tuple[EventStatement, PortionStatement]]) -> tuple[str, ...]:
    return tuple(sorted({event.source for event, _ in pairs}))


def _sum(portions: Iterable[PortionStatement], measure: Measuring) -> Fraction:
    return sum((measure(portion) or Fraction(0) for portion in portions), Fraction(0))
