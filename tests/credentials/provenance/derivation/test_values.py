"""What a step is worth where somebody is not believed: row by row as docs/derivation.md says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from credentials.provenance.derivation.arithmetic import value_of
from credentials.provenance.derivation.step import DerivedStep, StepRule

_NO, _SOME, _ALL = Fraction(0), Fraction(4, 5), Fraction(1)
_TEN = (Fraction(10), Fraction(12))


def worth(rule: StepRule, value: Any, premises: list[Any], *, believed: bool = True) -> Any:
    return value_of(DerivedStep(rule, (), value), premises, believed=believed)


@pytest.mark.parametrize(
    ("rule", "value", "doubted"),
    [
        (StepRule.FIGURE, _SOME, _NO),
        (StepRule.ASSESSED, _ALL, _NO),
        (StepRule.STATED, _ALL, _NO),
        (StepRule.MADE, _ALL, _NO),
        (StepRule.WEIGHT, _SOME, None),
        (StepRule.FRACTION, _SOME, None),
        (StepRule.AMOUNT, _TEN, (_NO, None)),
    ],
)
def test_a_fact_is_what_was_stated_and_nothing_where_it_is_doubted(rule: StepRule, value: Any, doubted: Any) -> None:
    assert worth(rule, value, ["known"]) == value
    assert worth(rule, value, ["known"], believed=False) == doubted


@pytest.mark.parametrize(
    ("premises", "mass"),
    [
        (["known", _SOME], _TEN),
        (["known", None], (_NO, None)),
        (["known", None, (_NO, Fraction(50))], (_NO, Fraction(50))),
        (["known", None, (_NO, Fraction(5))], (_NO, Fraction(12))),
        (["known", None, (_NO, None)], (_NO, None)),
    ],
)
def test_pieces_of_which_the_weight_is_doubted_weigh_from_nothing_to_their_bound(
    premises: list[Any], mass: tuple[Fraction, Fraction | None]
) -> None:
    assert worth(StepRule.AMOUNT, _TEN, premises) == mass


def test_what_nobody_weighed_is_bounded_by_nothing_when_it_is_doubted() -> None:
    assert worth(StepRule.AMOUNT, (_NO, None), ["known", None, (_NO, Fraction(5))]) == (_NO, None)


def test_a_fraction_is_unknown_where_the_class_of_the_input_is_doubted() -> None:
    assert worth(StepRule.FRACTION, _SOME, ["known", _ALL]) == _SOME
    assert worth(StepRule.FRACTION, _SOME, ["known", _NO]) is None


@pytest.mark.parametrize(
    ("premises", "most"),
    [
        ([(_NO, Fraction(8)), Fraction(9), Fraction(1, 5)], Fraction(10)),
        ([(_NO, Fraction(8)), Fraction(11), Fraction(1, 5)], Fraction(11)),
        ([(_NO, None), Fraction(9), Fraction(1, 5)], None),
        ([(_NO, Fraction(8)), None, Fraction(1, 5)], None),
        ([(_NO, Fraction(8)), Fraction(9), None], None),
        ([(_NO, Fraction(8)), Fraction(9), Fraction(3, 5), Fraction(2, 5)], None),
    ],
)
def test_the_most_by_fractions_is_unknown_where_one_thing_is(premises: list[Any], most: Fraction | None) -> None:
    assert worth(StepRule.MOST, None, premises) == most
    assert worth(StepRule.PORTION, None, [most, Fraction(1, 2)]) == (_NO, None if most is None else most / 2)


def test_of_nothing_a_sum_is_nothing_and_a_share_is_none() -> None:
    assert worth(StepRule.SUM, None, []) == (_NO, _NO)
    assert worth(StepRule.ANY, None, []) == _NO
    assert worth(StepRule.ALL, None, []) == _NO
    assert worth(StepRule.LESS, None, [_SOME, _ALL]) == _NO
    assert worth(StepRule.MIX, None, [_NO, (_ALL, _ALL, _ALL), _NO]) == _NO
