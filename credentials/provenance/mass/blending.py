"""Blending: the least and the most that a mixture has of something, by what is known of its parts.

The rule: a mass is an interval, from 0 up to its bound where nobody weighed it; what a part has of the thing asked for
is an interval too. The lower bound takes each unknown mass as bad for it as it can be, the upper one as good. What
more came out than can have gone in is a part that nobody documents. A lot is homogeneous: each part of it has its
shares. All of it is exact.
See docs/requirements.md T6; docs/decisions/0025-bounds-of-a-mixture.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

_NONE, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, both in 0..1."""

    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction) -> Interval:
        """The interval of one value, kept within 0..1."""
        kept = min(max(value, _NONE), _ALL)
        return cls(kept, kept)

    @property
    def is_exact(self) -> bool:
        """Is it one value?"""
        return self.low == self.high

    def narrowed(self, other: Interval) -> Interval:
        """What both allow; where they do not meet, everything that either allows."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            return Interval(min(self.low, other.low), max(self.high, other.high))
        return Interval(low, high)

    def rounded(self) -> tuple[float, float]:
        """Both bounds to six decimals, as the report states them."""
        return (round(float(self.low), 6), round(float(self.high), 6))


UNKNOWN: Final = Interval(_NONE, _ALL)


@dataclass(frozen=True, slots=True)
class Amount:
    """A mass in kilograms: at least ``low``, at most ``high``, None where nothing bounds it.

    ``stated``: what was weighed, None for what was not.
    """

    low: Fraction
    high: Fraction | None
    stated: Fraction | None = None

    @classmethod
    def exactly(cls, mass: Fraction) -> Amount:
        """So much and no more."""
        return cls(mass, mass, mass)

    def __add__(self, other: Amount) -> Amount:
        high = self.high + other.high if self.high is not None and other.high is not None else None
        both = self.stated is not None and other.stated is not None
        stated = (self.stated or _NONE) + (other.stated or _NONE) if both else None
        return Amount(self.low + other.low, high, stated)


UNWEIGHED: Final = Amount(_NONE, None)
#: A part of a mixture: how much of it there is, and what it has of the thing asked for.
Part: TypeAlias = tuple[Amount, Interval]


def total(amounts: Iterable[Amount]) -> Amount:
    """All of them together."""
    return sum(amounts, Amount.exactly(_NONE))


def shortfall(inputs: Amount, output: Fraction) -> Fraction:
    """How much of the ``output`` cannot have come from the inputs, whatever they weigh."""
    return max(output - inputs.high, _NONE) if inputs.high is not None else _NONE


def blend(parts: Sequence[Part], *, undocumented: Fraction = _NONE) -> Interval:
    """What a mixture of ``parts`` has, when so many kilograms more went in of which nothing is known."""
    if undocumented:
        parts = [*parts, (Amount.exactly(undocumented), UNKNOWN)]
    low = least([(amount, share.low) for amount, share in parts])
    missing = least([(amount, 1 - share.high) for amount, share in parts])
    return UNKNOWN if low is None or missing is None else Interval(low, 1 - missing)


def least(parts: list[tuple[Amount, Fraction]]) -> Fraction | None:
    """The least average of the shares over all masses there can be; None where nothing need weigh anything.

    Each mass is at one of its ends where the average is least: at the most it can be where its share is below that
    average, else at the least. So adding more of the poorest first finds it.
    """
    mass = sum((amount.low for amount, _ in parts), _NONE)
    meant = sum((amount.low * share for amount, share in parts), _NONE)
    least = meant / mass if mass else None
    for amount, share in sorted((one for one in parts if one[0].high != one[0].low), key=lambda one: one[1]):
        if least is not None and share >= least:
            break
        if amount.high is None:
            return share  # whatever else there is, there may be any amount of this
        mass += amount.high - amount.low
        meant += (amount.high - amount.low) * share
        least = meant / mass
    return least
