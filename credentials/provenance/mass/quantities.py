"""Quantities: stated amounts in one exact base, mass first.

The rule: arithmetic is exact (fractions), and what does not convert is None, never zero. A count becomes a mass only
through the weight of one unit that a passport of that very lot states.
See docs/rules.md PV-QTY; docs/requirements.md T10.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from contexts.codes import units
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.successors import is_undisputed
from credentials.provenance.report.figures import number
from credentials.provenance.statements.statement import PassportStatement, PortionStatement
from credentials.untp.values import Measure

#: A stated tolerance counts up to this share: nobody may state away an imbalance.
MOST_STATED: Final = Fraction(1, 10)
MASS: Final = "mass"
COUNT: Final = "count"


def kilograms(measure: Measure | None) -> Fraction | None:
    """The amount as a mass; None when it is none."""
    return _base(measure, MASS)


def pieces(measure: Measure | None) -> Fraction | None:
    """The amount as a count; None when it is none."""
    return _base(measure, COUNT)


def unit_mass(graph: Graph, lot: LotKey) -> Fraction | None:
    """The mass of one unit of ``lot`` in kilograms, as its closest passport states it; None when none does."""
    passport = weighed_by(graph, lot)
    return kilograms(_weight(passport)) if passport is not None else None


def weighed_by(graph: Graph, lot: LotKey) -> PassportStatement | None:
    """The passport that states what one unit of ``lot`` weighs, and beside which no other of its id differs in that."""
    for passport in graph.passports_of(lot):
        weight = kilograms(_weight(passport))
        if weight is not None and weight > 0 and is_undisputed(graph, passport, "dimensions"):
            return passport
    return None


def mass_of(graph: Graph, portion: PortionStatement) -> Fraction | None:
    """The mass of a portion in kilograms: stated, or pieces times unit mass; one item without quantity is one piece.

    A negative amount is no mass; PV-QTY-1 says so.
    """
    quantity = portion.said.quantity
    if quantity is not None and quantity.value is not None and quantity.value < 0:
        return None
    stated = kilograms(quantity)
    if stated is not None:
        return stated
    count = pieces(quantity) if quantity is not None else Fraction(1) if portion.lot.is_item else None
    weight = unit_mass(graph, portion.lot) if count is not None else None
    return count * weight if count is not None and weight is not None else None


def total(masses: Iterable[Fraction | None]) -> Fraction | None:
    """The sum; None when one of them is unknown."""
    known = list(masses)
    return None if any(mass is None for mass in known) else sum((mass for mass in known if mass), Fraction(0))


def slack(portions: Iterable[PortionStatement], relative: float) -> Fraction:
    """The relative tolerance of a balance: what the portions state themselves, at least ``relative``."""
    stated = max((_stated(portion.said.quantity) for portion in portions), default=Fraction(0))
    return max(min(stated, MOST_STATED), exact(relative))


def exact(number: float) -> Fraction:
    """A threshold written as a decimal, exactly as written."""
    return Fraction(repr(number))


def in_kg(mass: Fraction) -> str:
    """A mass for people, in kilograms."""
    return f"{plain(mass)} kg"


def plain(amount: Fraction) -> str:
    """An amount for people: three decimals, more where it is small, thousands apart."""
    return number(amount)


def _stated(measure: Measure | None) -> Fraction:
    if measure is None or not measure.value:
        return Fraction(0)
    bounds = (measure.upper_tolerance, measure.lower_tolerance)
    return max((abs(Fraction(bound) / Fraction(measure.value)) for bound in bounds if bound), default=Fraction(0))


def _weight(passport: PassportStatement) -> Measure | None:
    dimensions = passport.said.dimensions
    return dimensions.weight if dimensions is not None else None


def _base(measure: Measure | None, dimension: str) -> Fraction | None:
    known = units.unit(measure.unit) if measure is not None and measure.unit is not None else None
    if measure is None or measure.value is None or known is None or known.dimension != dimension:
        return None
    return units.to_base(measure.value, known.code)
