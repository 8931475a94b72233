"""Moves of holders: who holds a document keeps it to itself. Nothing false is said, and less is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from tests.adversary.moves.move import By, Move
from tests.adversary.world import World

#: The passport makes the claims; a refusal that only the refused serves can be hidden, as docs/threat-model.md says.
_SHOWN: Final = ("passport:target", "certificate:no")


def _withholds(kind: str) -> Callable[[World, Random], World | None]:
    """One document of this kind is missing, never one of ``_SHOWN``."""

    def change(world: World, chance: Random) -> World | None:
        held = sorted(name for name in world.documents if name.partition(":")[0] == kind and name not in _SHOWN)
        return world.without(chance.choice(held)) if held else None

    return change


_move = partial(Move, by=By.HOLDER)
MOVES: Final = (
    _move(name="withheld-receipt", story="A receipt is missing.", change=_withholds("receiving")),
    _move(name="withheld-shipment", story="A shipment is told by its receiver alone.", change=_withholds("shipping")),
    _move(name="withheld-making", story="Nobody tells what a lot was made of.", change=_withholds("making")),
    _move(name="withheld-passport", story="The passport of a lot is missing.", change=_withholds("passport")),
    _move(name="withheld-certificate", story="A certificate is missing.", change=_withholds("certificate")),
    _move(name="withheld-anchor", story="No register says who a party is.", change=_withholds("anchor")),
    _move(name="withheld-place", story="The record of a place is missing.", change=_withholds("place")),
)
