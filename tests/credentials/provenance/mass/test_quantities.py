"""Quantities: exact, mass first, and unknown rather than zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.provenance.case.case import Case
from credentials.provenance.mass.quantities import exact, in_kg, kilograms, mass_of, pieces, slack, total
from credentials.untp.values import Measure
from tests.credentials.provenance import twin


def measure(value: str | None, unit: str | None, *, upper: str | None = None, lower: str | None = None) -> Measure:
    """A measure as a lens would give it."""
    number = Decimal(value) if value is not None else None
    bounds = [Decimal(bound) if bound is not None else None for bound in (upper, lower)]
    return Measure(value=number, unit=unit, upper_tolerance=bounds[0], lower_tolerance=bounds[1])


@pytest.mark.parametrize(
    ("value", "unit", "mass"),
    [("2", "TNE", 2000), ("0.1", "KGM", Fraction(1, 10)), ("1", "LBR", Fraction("0.45359237")), ("500", "GRM", 0.5)],
)
def test_masses_meet_in_kilograms_exactly(value: str, unit: str, mass: Fraction) -> None:
    assert kilograms(measure(value, unit)) == mass


@pytest.mark.parametrize(("value", "unit"), [("3", "C62"), ("3", "MTQ"), ("3", "ZZ9"), (None, "KGM"), ("3", None)])
def test_what_is_no_mass_is_unknown_and_not_zero(value: str | None, unit: str | None) -> None:
    assert kilograms(measure(value, unit)) is None


def test_a_count_in_dozens_is_a_count() -> None:
    assert pieces(measure("2", "DZN")) == 24


def test_one_unknown_part_makes_the_sum_unknown() -> None:
    assert total([Fraction(1), Fraction(2)]) == 3
    assert total([Fraction(1), None]) is None
    assert total([]) == 0


def test_a_serialised_item_without_quantity_weighs_one_unit() -> None:
    drafts = twin.drafts()
    del drafts["battery-made"]["credentialSubject"][0]["outputProduct"][0]["quantity"]

    case = Case.of(twin.question(), twin.holdings(drafts))
    (event,) = case.graph.makers_of(case.target)

    assert mass_of(case.graph, event.outputs[0]) == 100


def test_a_stated_tolerance_widens_the_default() -> None:
    drafts = twin.drafts()
    stated = drafts["battery-made"]["credentialSubject"][0]["outputProduct"][0]["quantity"]
    stated["upperTolerance"] = 3

    case = Case.of(twin.question(), twin.holdings(drafts))
    (event,) = case.graph.makers_of(case.target)

    assert slack(event.outputs, 0.005) == Fraction(3, 100)
    assert slack(event.inputs, 0.005) == Fraction(5, 1000)


def test_a_threshold_is_read_as_it_is_written() -> None:
    assert exact(0.005) == Fraction(5, 1000)
    assert exact(1) == 1


def test_masses_are_shown_to_people_without_noise() -> None:
    assert in_kg(Fraction(36)) == "36 kg"
    assert in_kg(Fraction(1, 3)) == "0.333 kg"
    assert in_kg(Fraction(1_250_000)) == "1 250 000 kg"


@given(st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=4), st.sampled_from(["KGM", "GRM"]))
def test_law_there_and_back_is_the_same_amount(value: Decimal, unit: str) -> None:
    there = kilograms(measure(str(value), unit))

    assert there is not None
    assert there * (1000 if unit == "GRM" else 1) == Fraction(value)
