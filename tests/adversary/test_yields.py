"""Nobody makes more of good inputs than they can become."""

from __future__ import annotations

from tests.adversary.judging import ask
from tests.adversary.known import breaks
from tests.adversary.moves import MOVES
from tests.adversary.properties import Property, false_proofs
from tests.adversary.templates import honest
from tests.adversary.world import World

MOVE = "impossible-yield"


def _after() -> World:
    world = MOVES[MOVE].made_on(honest("coffee", lots=4), 1)
    assert world is not None
    return world


@breaks(Property.NO_FALSE_PROOF, MOVE)
def test_conventional_coffee_does_not_hide_behind_a_roasting_without_loss() -> None:
    world = _after()
    answer = ask(world)
    assert list(false_proofs(world, answer)) == []
    assert [rule for rule, _ in answer.findings()] == ["PV-QTY-3"]
