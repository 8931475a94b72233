"""Making: what a lot was made of, in masses that are known and masses that are bounded.

The rule: a stated amount is the whole interval of its tolerance. What nobody weighed, or what is stated as less than
nothing, weighs from 0 up to its bound: as much as was ever made of it, else what the mass fraction of the product's
passport leaves it, else what the rule pack says that can have gone into what came out. More outputs than inputs can
weigh is material that nobody documents.
See docs/requirements.md T6 and T10; docs/decisions/0025-bounds-of-a-mixture.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from contexts.codes import units
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.mass.blending import UNWEIGHED, Amount, Interval, blend, shortfall, total
from credentials.provenance.mass.composition import is_made_of
from credentials.provenance.mass.quantities import mass_of
from credentials.provenance.mass.yielding import Counts, most_used
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.statements.statement import EventStatement, PortionStatement

_NONE, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """One make event: its inputs by lot, and how much more than they can weigh came out.

    ``undocumented`` is so much with every tolerance used up, ``missing`` by the figures themselves. ``made``: how much
    came out of the lot that is asked about. ``documented``: input over output mass, at most 1, None where one of them
    was not weighed.
    """

    event: str
    inputs: Mapping[LotKey, Amount]
    undocumented: Fraction
    missing: Fraction
    made: Amount
    documented: Fraction | None

    def of(self, said: Callable[[LotKey], Interval]) -> Interval:
        """What it has of the thing asked for, by what each input has."""
        return blend([(amount, said(lot)) for lot, amount in self.inputs.items()], undocumented=self.undocumented)

    @property
    def weighed(self) -> Fraction:
        """What went in by weight."""
        return sum((one.stated for one in self.inputs.values() if one.stated is not None), _NONE)

    def shares(self) -> dict[LotKey, tuple[Fraction, Fraction]]:
        """The share that each input surely has and the most that it can have.

        Sure is what it has where those that nobody weighed are as heavy as they can be; none of these has a sure one.
        """
        if len(self.inputs) == 1 and not self.missing:
            return dict.fromkeys(self.inputs, (_ALL, _ALL))
        least, most = self.weighed + self.missing, self._heaviest
        found: dict[LotKey, tuple[Fraction, Fraction]] = {}
        for lot, one in self.inputs.items():
            if one.stated is None:
                found[lot] = (_NONE, one.high / (one.high + least) if one.high is not None and least else _ALL)
            else:
                at_most = one.stated / least if least else _NONE
                sure = at_most if most == least else one.stated / most if most else _NONE
                found[lot] = (sure, at_most)
        return found

    @property
    def lacking(self) -> Fraction:
        """The share that nobody documents, where what nobody weighed is as heavy as it can be."""
        return self.missing / self._heaviest if self.missing and self._heaviest else _NONE

    @property
    def _heaviest(self) -> Fraction | None:
        """What went in if all that nobody weighed is as heavy as it can be."""
        highs = [one.stated if one.stated is not None else one.high for one in self.inputs.values()]
        return None if None in highs else sum((mass for mass in highs if mass), self.missing)


def mixture(graph: Graph, event: EventStatement, lot: LotKey, counts: Counts, pack: RulePack) -> Mixture:
    """The make event as the making of ``lot``; ``pack`` knows what processes yield."""
    outputs = [(portion, amount_of(graph, portion)) for portion in event.outputs]
    whole = sum((one.high or _NONE for _, one in outputs), _NONE)
    inputs: dict[LotKey, Amount] = {}
    for portion in event.inputs:
        amount = amount_of(graph, portion)
        inputs[portion.lot] = inputs[portion.lot] + amount if portion.lot in inputs else amount
    inputs = _bounded(graph, dict(sorted(inputs.items())), lot, whole, counts)
    came_of = [(portion.lot, one.high) for portion, one in outputs]
    inputs = _bounded_by_yield(graph, inputs, came_of, counts, pack)
    weighed = [one.stated for one in (*inputs.values(), *(one for _, one in outputs))]
    as_told = total(replace(one, high=one.stated if one.stated is not None else one.high) for one in inputs.values())
    came_out = sum((one.stated or _NONE for _, one in outputs), _NONE)
    went_in = sum((one.stated or _NONE for one in inputs.values()), _NONE)
    return Mixture(
        event=event.id,
        inputs=inputs,
        undocumented=shortfall(total(inputs.values()), whole),
        missing=shortfall(as_told, came_out),
        made=total(one for portion, one in outputs if lot.covers(portion.lot) or portion.lot.covers(lot)),
        documented=min(_ALL, went_in / came_out) if came_out and None not in weighed else None,
    )


def amount_of(graph: Graph, portion: PortionStatement) -> Amount:
    """The mass of a portion with its tolerance; nothing bounds one that nobody weighed."""
    mass, said = mass_of(graph, portion), portion.said.quantity
    if mass is None:
        return UNWEIGHED
    if said is None or not said.value or not said.unit or not (said.lower_tolerance or said.upper_tolerance):
        return Amount.exactly(mass)
    scale = mass / (units.to_base(said.value, said.unit) or mass)  # one for a mass, the weight of one for a count
    less, more = (
        abs(units.to_base(bound, said.unit) or _NONE) * scale if bound else _NONE
        for bound in (said.lower_tolerance, said.upper_tolerance)
    )
    return Amount(max(mass - less, _NONE), mass + more, mass)


def pooled(mixtures: Iterable[tuple[Mixture, Interval]]) -> Interval:
    """What a lot has that came out of several make events, by what each made of it."""
    parts = [(mixture.made if mixture.made.stated else UNWEIGHED, said) for mixture, said in mixtures]
    return parts[0][1] if len(parts) == 1 else blend(parts)


def _bounded(
    graph: Graph, inputs: dict[LotKey, Amount], lot: LotKey, whole: Fraction, counts: Counts
) -> dict[LotKey, Amount]:
    """The inputs, those that nobody weighed with the most that they can weigh."""
    unweighed = [key for key, amount in inputs.items() if amount.stated is None]
    if not unweighed or len(inputs) == 1:
        return inputs
    found = inputs | {key: Amount(_NONE, ever_made(graph, key, counts)) for key in unweighed}
    fractions = {
        key: fraction
        for key in unweighed
        if found[key].high is None and (fraction := fraction_of(graph, key, lot, counts)) is not None
    }
    rest = total(amount for key, amount in found.items() if key not in fractions)
    left = 1 - sum(fractions.values(), _NONE)
    if rest.high is None or left <= 0:
        return found
    most = max(rest.high / left, whole)
    return found | {key: Amount(_NONE, fraction * most) for key, fraction in fractions.items()}


def _bounded_by_yield(
    graph: Graph,
    inputs: dict[LotKey, Amount],
    outputs: list[tuple[LotKey, Fraction | None]],
    counts: Counts,
    pack: RulePack,
) -> dict[LotKey, Amount]:
    """The inputs, those that nothing else bounds with what can have been used of them by what came out."""
    if len(inputs) == 1 or not pack.yields:
        return inputs
    most = {
        key: bound
        for key, amount in inputs.items()
        if amount.high is None and (bound := most_used(graph, pack, key, outputs, counts)) is not None
    }
    return inputs | {key: Amount(_NONE, bound) for key, bound in most.items()}


def ever_made(graph: Graph, lot: LotKey, counts: Counts) -> Fraction | None:
    """The most that was ever made of a batch or item; None where its makers do not tell."""
    made = [amount_of(graph, portion) for event, portion in graph.outputs_of(lot) if counts(event)]
    return total(made).high if made and not lot.is_class else None


def fraction_of(graph: Graph, used: LotKey, lot: LotKey, counts: Counts) -> Fraction | None:
    """The most that an input can be of the lot by its passport, whose figures may be rounded down to their digits."""
    passport = next((one for one in graph.passports_of(lot) if counts(one)), None)
    found = [
        Fraction(one.mass_fraction) + Fraction(10) ** min(int(one.mass_fraction.as_tuple().exponent), 0)
        for one in (passport.said.materials if passport is not None else ())
        if one.mass_fraction is not None and one.mass_fraction >= 0 and is_made_of(graph, used, one)
    ]
    return sum(found, _NONE) if found else None
