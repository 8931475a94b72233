"""Moves of holders: who holds a document keeps it to itself, or knows no hour. Nothing false is said, less is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from tests.adversary.moves.move import By, Move
from tests.adversary.parties import Json
from tests.adversary.world import World

#: The passport makes the claims; a refusal that only the refused serves can be hidden, as docs/threat-model.md says,
#: and so can the one of two differing certificates that tells against the other.
_SHOWN: Final = ("passport:target", "certificate:no", "certificate:works-again")


def _withholds(kind: str) -> Callable[[World, Random], World | None]:
    """One document of this kind is missing, never one of ``_SHOWN``."""

    def change(world: World, chance: Random) -> World | None:
        held = sorted(name for name in world.documents if name.partition(":")[0] == kind and name not in _SHOWN)
        return world.without(chance.choice(held)) if held else None

    return change


def _by_the_day(world: World, chance: Random) -> World | None:
    """A receipt is dated by its day alone, which is also the day of the shipment and of what came before."""
    told = sorted(name for name, one in world.documents.items() if name.startswith("receiving:") and one.raw is None)
    if not told:
        return None
    name = chance.choice(told)
    shipping = name.replace("receiving:", "shipping:", 1)
    sent = world.draft(shipping)["credentialSubject"][0]["eventDate"]

    def day_alone(draft: Json) -> None:
        draft["credentialSubject"][0]["eventDate"] = f"{sent[:10]}T00:00:00Z"

    return world.edited(name, day_alone)


def _weighs_roughly(world: World, chance: Random) -> World | None:
    """Some input was weighed a little wrong, within the tolerance that is stated; nobody assessed the target itself."""
    names = sorted(name for name, one in world.documents.items() if name.startswith("making:") and one.raw is None)
    if not names:
        return None
    name, wrong = chance.choice(names), chance.choice((-40, -20, 20, 40))

    def change(draft: Json) -> None:
        quantity = chance.choice(draft["credentialSubject"][0]["inputProduct"]).get("quantity", {})
        if quantity.get("unit") == "KGM" and "upperTolerance" not in quantity:
            quantity |= {"value": quantity["value"] + wrong, "upperTolerance": 40, "lowerTolerance": 40}

    return world.edited(name, change).without("certificate:target")


_move = partial(Move, by=By.HOLDER)
MOVES: Final = (
    _move(name="withheld-receipt", story="A receipt is missing.", change=_withholds("receiving")),
    _move(name="withheld-shipment", story="A shipment is told by its receiver alone.", change=_withholds("shipping")),
    _move(name="withheld-making", story="Nobody tells what a lot was made of.", change=_withholds("making")),
    _move(name="withheld-passport", story="The passport of a lot is missing.", change=_withholds("passport")),
    _move(name="withheld-certificate", story="A certificate is missing.", change=_withholds("certificate")),
    _move(name="withheld-anchor", story="No register says who a party is.", change=_withholds("anchor")),
    _move(name="withheld-place", story="The record of a place is missing.", change=_withholds("place")),
    _move(name="day-alone", story="A receipt names its day and no hour.", change=_by_the_day),
    _move(name="rough-weight", story="A weight is a little wrong, as it says of itself.", change=_weighs_roughly),
)
