"""The least and the most that a mixture has, against every mixture that there can be."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.provenance.mass.blending import UNKNOWN, UNWEIGHED, Amount, Interval, blend, shortfall

_NONE, _ALL = Interval.exactly(Fraction(0)), Interval.exactly(Fraction(1))


def kilograms(mass: int) -> Amount:
    return Amount.exactly(Fraction(mass))


def up_to(mass: int) -> Amount:
    return Amount(Fraction(0), Fraction(mass))


@pytest.mark.parametrize(
    ("parts", "low", "high"),
    [
        ([(kilograms(30), _ALL), (kilograms(70), _NONE)], "0.3", "0.3"),
        ([(kilograms(30), _ALL), (kilograms(70), UNKNOWN)], "0.3", "1"),
        ([(kilograms(30), _ALL), (up_to(70), _NONE)], "0.3", "1"),
        ([(kilograms(30), _NONE), (up_to(70), _ALL)], "0", "0.7"),
        ([(kilograms(30), _ALL), (UNWEIGHED, _NONE)], "0", "1"),
        ([(UNWEIGHED, Interval.exactly(Fraction(1, 2)))], "0.5", "0.5"),
        ([(kilograms(0), _ALL)], "0", "1"),
        ([(up_to(1), _ALL), (up_to(1), _NONE)], "0", "1"),
    ],
)
def test_what_is_not_weighed_is_as_bad_below_and_as_good_above_as_it_can_be(
    parts: list[tuple[Amount, Interval]], low: str, high: str
) -> None:
    assert blend(parts) == Interval(Fraction(low), Fraction(high))


def test_what_nobody_documents_is_unknown() -> None:
    found = blend([(kilograms(80), _ALL)], undocumented=Fraction(20))

    assert found == Interval(Fraction(4, 5), Fraction(1))


def test_only_what_the_inputs_cannot_weigh_is_undocumented() -> None:
    assert shortfall(kilograms(80), Fraction(100)) == 20
    assert shortfall(up_to(100), Fraction(100)) == 0
    assert shortfall(UNWEIGHED, Fraction(100)) == 0


_MASSES = st.integers(min_value=0, max_value=9)
_SHARES = st.fractions(min_value=0, max_value=1, max_denominator=6)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Amount, Interval]:
    least, most = sorted((draw(_MASSES), draw(_MASSES)))
    low, high = sorted((draw(_SHARES), draw(_SHARES)))
    return Amount(Fraction(least), Fraction(most)), Interval(low, high)


@given(mixed=st.lists(parts(), min_size=1, max_size=4))
def test_the_bounds_are_those_of_all_mixtures_and_are_reached(mixed: list[tuple[Amount, Interval]]) -> None:
    lows: list[Fraction] = []
    highs: list[Fraction] = []
    for masses in product(*({amount.low, amount.high or Fraction(0)} for amount, _ in mixed)):
        whole = sum(masses, Fraction(0))
        if whole:
            shares = [share for _, share in mixed]
            lows.append(sum((mass * one.low for mass, one in zip(masses, shares, strict=True)), Fraction(0)) / whole)
            highs.append(sum((mass * one.high for mass, one in zip(masses, shares, strict=True)), Fraction(0)) / whole)

    found = blend(mixed)

    if lows:
        assert (found.low, found.high) == (min(lows), max(highs))
    else:
        assert found == UNKNOWN


def test_two_sayings_narrow_each_other_and_count_both_where_they_do_not_meet() -> None:
    half, most = Interval(Fraction(1, 2), Fraction(1)), Interval(Fraction(0), Fraction(3, 4))

    assert half.narrowed(most) == Interval(Fraction(1, 2), Fraction(3, 4))
    assert half.narrowed(_NONE) == UNKNOWN
