"""Nobody makes more of good inputs than they can become; without bands it would be VERIFIED."""

from __future__ import annotations

import pytest

from credentials.provenance.packs.rule_pack import RulePack
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


def test_without_bands_it_would_be_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RulePack, "band", lambda *_: None)
    world = _after()
    assert list(false_proofs(world, ask(world))) != []
