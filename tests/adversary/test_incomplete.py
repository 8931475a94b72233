"""With honest documents only the truth stays inside, whatever is missing, unweighed, imprecise, undated or unreadable.

The last tests take one line of the arithmetic away and show that the same worlds then tell.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from credentials.provenance.mass import making
from credentials.provenance.mass.blending import Amount
from tests.adversary import __main__
from tests.adversary.incomplete import truths_left_out

_IN_CI, _CONTROL = range(200), range(40)


@pytest.mark.parametrize(
    "worlds", [range(25), pytest.param(_IN_CI[25:], marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_the_truth_is_in_every_interval_of_an_incomplete_world(worlds: range) -> None:
    assert list(truths_left_out(worlds)) == []


def test_the_command_judges_as_many_incomplete_worlds_as_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["--incomplete", "3"]) == 0
    assert "3 incomplete worlds: truth outside in 0 claims" in capsys.readouterr().out


def test_an_unweighed_input_that_counts_as_nothing_leaves_truth_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "UNWEIGHED", Amount(Fraction(0), Fraction(0)))
    monkeypatch.setattr(making, "_bounded", lambda _graph, inputs, *_: inputs)

    assert any(truths_left_out(_CONTROL))


def test_a_tolerance_that_is_passed_over_leaves_truth_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "amount_of", _without_tolerance(making.amount_of))

    assert any(truths_left_out(_IN_CI))


def _without_tolerance(known: Callable[..., Amount]) -> Callable[..., Amount]:
    def stated(*asked: Any) -> Amount:
        amount = known(*asked)
        return amount if amount.stated is None else Amount.exactly(amount.stated)

    return stated
