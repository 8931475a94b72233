"""Moves with yields: who makes the target leaves out a worse input, and lets the good ones lose nothing on the way."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from random import Random
from typing import Final

from tests.adversary.moves.move import By, Move
from tests.adversary.parties import Json
from tests.adversary.world import World

MAKING: Final = "making:target"


def _loses_nothing(world: World, chance: Random) -> World | None:
    """What is lost in making the target was really a worse input, of which nobody tells."""
    template, target = world.chain.template, world.chain.target
    keeps = template.stages[-1].keeps
    if template.name != "coffee" or not target.share:
        return None

    def less(draft: Json) -> None:
        for portion in draft["credentialSubject"][0]["inputProduct"]:
            if "quantity" in portion:
                portion["quantity"]["value"] = float(Fraction(str(portion["quantity"]["value"])) * keeps)

    changed = world.edited(MAKING, less)
    if world.is_true(target.id, template.matter.criterion) == target.share * 100 * keeps:
        return None  # it was made already
    return changed.with_truth(target.id, template.matter.criterion, target.share * 100 * keeps)


_move = partial(Move, by=By.CLAIMANT)
MOVES: Final = (
    _move(
        name="impossible-yield",
        story="The roaster leaves out conventional coffee and says that roasting loses nothing.",
        change=_loses_nothing,
    ),
)
