"""Each rule is needed: with it taken away, a move does harm that it does not do otherwise; and so each move is judged.

The rule is replaced in the test; the program has no switch for it.
"""

from __future__ import annotations

import pytest

from tests.adversary.controls import CONTROLS, RULES, Control
from tests.adversary.moves import MOVES

#: Each is run in CI; a few among the fast tests, so that it shows at once when none holds any more.
_PARAMETERS = [
    pytest.param(one, id=f"{one.rule}: {one.program}", marks=[] if number % 8 == 0 else [pytest.mark.slow])
    for number, one in enumerate(CONTROLS)
]


@pytest.mark.parametrize("control", _PARAMETERS)
def test_with_its_rule_gone_the_move_does_harm(control: Control) -> None:
    found = control.outcome()
    assert control.holds(found), found


def test_each_rule_has_a_control() -> None:
    assert {one.rule for one in CONTROLS} == set(RULES)


def test_each_move_changes_a_verdict_under_some_control() -> None:
    assert {move for one in CONTROLS for move in one.moves} == set(MOVES)
