"""Units convert exactly within their dimension, and never across."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.codes.metrics import METRICS
from contexts.codes.units import UNITS, convert, convertible, to_base, unit

VALUES = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("1", "TNE", "KGM", Fraction(1000)),
        ("250", "GRM", "KGM", Fraction(1, 4)),
        ("1", "LBR", "KGM", Fraction("0.45359237")),
        ("16", "ONZ", "LBR", Fraction(1)),
        ("2240", "LBR", "LTN", Fraction(1)),
        ("1", "KWH", "MWH", Fraction(1, 1000)),
        ("3.6", "3B", "KWH", Fraction(1)),
        ("1", "MTQ", "LTR", Fraction(1000)),
        ("4", "QTL", "GLL", Fraction(1)),
        ("8", "PTI", "GLI", Fraction(1)),
        ("42", "GLL", "BLL", Fraction(1)),
        ("640", "ACR", "MIK", Fraction(1)),
        ("1", "DZN", "C62", Fraction(12)),
        ("12", "P1", "NX", Fraction(120)),
        ("1000", "NA", "P1", Fraction(1, 10)),
        ("1", "ANN", "DAY", Fraction("365.25")),
        ("100", "CEL", "FAH", Fraction(212)),
        ("0", "CEL", "KEL", Fraction("273.15")),
        ("36", "KMH", "MTS", Fraction(10)),
        ("9000", "A49", "D34", Fraction(1000)),
    ],
)
def test_known_conversions_are_exact(value: str, source: str, target: str, expected: Fraction) -> None:
    assert convert(Decimal(value), source, target) == expected


@pytest.mark.parametrize(("source", "target"), [("KGM", "LTR"), ("P1", "MWH"), ("C62", "SET"), ("KGM", "KILOS")])
def test_across_dimensions_nothing_converts(source: str, target: str) -> None:
    assert convert(Decimal(1), source, target) is None
    assert not convertible(source, target)


def test_an_unknown_code_is_no_unit_and_converts_only_to_itself() -> None:
    assert unit("KILOS") is None
    assert to_base(Decimal(1), "KILOS") is None
    assert convertible("KILOS", "KILOS")


@given(value=VALUES, source=st.sampled_from(sorted(UNITS)), target=st.sampled_from(sorted(UNITS)))
def test_there_and_back_is_where_we_started(value: Decimal, source: str, target: str) -> None:
    there = convert(value, source, target)

    if there is None:
        assert UNITS[source].dimension != UNITS[target].dimension
        return
    assert (there * UNITS[target].factor + UNITS[target].offset - UNITS[source].offset) / UNITS[source].factor == value


def test_the_table_is_broad_and_each_dimension_has_a_base() -> None:
    dimensions = {known.dimension for known in UNITS.values()}
    bases = {known.dimension for known in UNITS.values() if known.factor == 1 and known.offset == 0}

    assert len(UNITS) >= 120
    assert dimensions == bases
    assert all(known.factor > 0 for known in UNITS.values())


def test_every_metric_is_stated_in_a_unit_we_know() -> None:
    assert {known.unit for known in METRICS.values()} <= set(UNITS)
