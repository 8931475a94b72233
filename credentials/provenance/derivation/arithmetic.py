"""What a step is worth, by what its premises are worth: the table of docs/derivation.md as arithmetic.

The rule: facts of a party that is not believed are worth nothing: a share 0, a mass from nothing to its bound, a number
unknown. What counts against a claim keeps the value that it has when everybody is believed. Everything is exact; only
mixtures of very long fractions and circles are rounded, and always down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from credentials.provenance.derivation.step import DerivedStep, Mass, StepRule, Value
from credentials.provenance.mass.blending import Amount, least

NONE, ALL = Fraction(0), Fraction(1)
#: A share is rounded down to a multiple of one in so many when its denominator is larger.
LONGEST: Final = 10**40
#: In circles shares are multiples of one in so many.
IN_CIRCLES: Final = 10**12
ROUNDS: Final = 100


def value_of(step: DerivedStep, premises: Sequence[Any], *, believed: bool) -> Value:
    """The value of ``step`` by those of the steps it follows from; ``believed``: may its party's word count?"""
    rule = step.rule
    if rule in _STATED:
        return step.value if believed else _STATED[rule]
    if rule is StepRule.AMOUNT:
        return _amount(step, premises, believed=believed)
    if rule is StepRule.FRACTION:
        return step.value if believed and NONE not in premises else None  # who says which material the input is lies
    if rule is StepRule.OUT:
        return None if None in premises else step.value
    return _COMPUTED[rule](premises) if rule in _COMPUTED else step.value


def down(share: Fraction) -> Fraction:
    """A share as it is kept: exact, or rounded down where it would be very long."""
    return share if share.denominator <= LONGEST else Fraction(int(share * LONGEST), LONGEST)


def round_down(share: Fraction) -> Fraction:
    """A share as it goes round a circle."""
    return Fraction(int(share * IN_CIRCLES), IN_CIRCLES)


def _amount(step: DerivedStep, premises: Sequence[Any], *, believed: bool) -> Value:
    """A weight that nobody is believed on leaves from nothing to as much as was ever made."""
    stated: Any = step.value
    weights = [one for one in premises if not isinstance(one, tuple)]
    if believed and None not in weights:
        return step.value
    bounds = [one[1] for one in premises if isinstance(one, tuple)]
    bound = bounds[0] if bounds else None
    return (NONE, None if bound is None or stated[1] is None else max(bound, stated[1]))


def _sum(premises: Sequence[Any]) -> Mass:
    highs = [high for _, high in premises]
    return (sum((low for low, _ in premises), NONE), None if None in highs else sum(highs, NONE))


def _ever(premises: Sequence[Any]) -> Value:
    return (NONE, _sum(premises)[1])


def _most(premises: Sequence[Any]) -> Value:
    (_, rest), whole, *fractions = premises
    if rest is None or whole is None or None in fractions:
        return None
    left = 1 - sum(fractions, NONE)
    return max(rest / left, whole) if left > 0 else None


def _portion(premises: Sequence[Any]) -> Value:
    most, fraction = premises
    return (NONE, None if most is None or fraction is None else most * fraction)


def _part(premises: Sequence[Any]) -> Value:
    (low, high), *share = premises
    return (low, high, share[0] if share else NONE)


def _mix(premises: Sequence[Any]) -> Value:
    made, *parts, lacking = premises
    return blended([*parts, (lacking, lacking, NONE)] if lacking else parts) if made else NONE


def blended(parts: Sequence[tuple[Fraction, Fraction | None, Fraction]]) -> Fraction:
    """The least share that a mixture of parts (least mass, most mass, share) can have."""
    found = least([(Amount(low, high), share) for low, high, share in parts])
    return down(found) if found is not None else NONE


#: Facts that are what was stated, and what they are worth where their party is not believed.
_STATED: Final[Mapping[StepRule, Value]] = {
    StepRule.FIGURE: NONE,
    StepRule.ASSESSED: NONE,
    StepRule.STATED: NONE,
    StepRule.MADE: NONE,
    StepRule.WEIGHT: None,
}
_COMPUTED: Final[Mapping[StepRule, Callable[[Sequence[Any]], Value]]] = {
    StepRule.SUM: _sum,
    StepRule.EVER: _ever,
    StepRule.OPEN: lambda _: (NONE, None),
    StepRule.BOUND: lambda premises: premises[-1],
    StepRule.MOST: _most,
    StepRule.PORTION: _portion,
    StepRule.PART: _part,
    StepRule.MIX: _mix,
    StepRule.POOL: blended,
    StepRule.ANY: lambda premises: max(premises, default=NONE),  # what follows from nothing is worth nothing
    StepRule.ALL: lambda premises: min(premises, default=NONE),
    StepRule.LESS: lambda premises: max(premises[0] - premises[1], NONE),
}
