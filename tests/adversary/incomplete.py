"""Incomplete worlds: all in them is true, and some of it is missing, unweighed, imprecise, undated or unreadable.

P4 is asked of them: whatever is left out, the truth is in every interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, TypeAlias

from tests.adversary.judging import ask
from tests.adversary.parties import Json
from tests.adversary.properties import truths_outside
from tests.adversary.templates import TEMPLATES, honest
from tests.adversary.world import World

_CLAIMS: Final = "passport:target"
_MOST: Final = 12
_SEEDS: Final = 3  # so few of each kind and size, that their documents are verified once
_DATES: Final = frozenset({"eventDate", "productionDate", "claimDate", "assessmentDate"})
Omission: TypeAlias = Callable[[World, Random], World]


def incomplete(seed: int) -> World:
    """The incomplete world of this seed: an honest one less 1 to 12 things."""
    chance = Random(seed)
    template, lots = chance.choice(sorted(TEMPLATES)), chance.randint(3, 12)
    world = honest(template, lots=lots, seed=chance.randrange(_SEEDS))
    for _ in range(chance.randint(1, _MOST)):
        world = chance.choice(OMISSIONS)(world, chance)
    return world


def truths_left_out(seeds: range) -> Iterator[str]:
    """What of the incomplete worlds of these seeds lies outside the interval that is reported."""
    for seed in seeds:
        world = incomplete(seed)
        answer = ask(world)
        yield from (f"{seed}: {text}" for text in truths_outside(world, answer))
        yield from (
            f"{seed}: {one['value']}" for one in answer.claims if not 0 <= one["value"][0] <= one["value"][1] <= 1
        )


def _missing(world: World, chance: Random) -> World:
    names = [name for name in world.documents if name != _CLAIMS]
    return world.without(chance.choice(names)) if names else world


def _unreadable(world: World, chance: Random) -> World:
    names = [name for name, one in world.documents.items() if name != _CLAIMS and one.raw is None]
    if not names:
        return world
    name = chance.choice(names)
    raw = next(raw for known, _, raw in world.signed() if known == name)
    return world.with_document(name, world.draft(name), raw=raw[: len(raw) // 2])


def _unweighed(world: World, chance: Random) -> World:
    """Some amount of an event is not stated, or in bags, or in pieces of unknown weight; everybody says so alike."""
    names = [name for name, one in world.documents.items() if name.startswith("making:") and one.raw is None]
    if not names:
        return world
    stated: tuple[Json | None, ...] = (None, {"value": 17, "unit": "BG"}, {"value": 17, "unit": "C62"})
    counted = {lot.id for lot in world.chain.lots.values() if lot.piece}  # what a piece of it weighs is told

    def change(draft: Json) -> None:
        event = draft["credentialSubject"][0]
        portion = chance.choice([*event["inputProduct"], *event["outputProduct"]])
        quantity = chance.choice(stated if portion["product"]["id"] not in counted else stated[:2])
        portion.pop("quantity", None)
        if quantity is not None:
            portion["quantity"] = quantity

    return world.edited(chance.choice(names), change)


def _imprecise(world: World, chance: Random) -> World:
    """Some input of a making is weighed a little wrong, and the tolerance that is stated says so."""
    names = [name for name, one in world.documents.items() if name.startswith("making:") and one.raw is None]

    def change(draft: Json) -> None:
        portion = chance.choice(draft["credentialSubject"][0]["inputProduct"])
        quantity = portion.get("quantity")
        if quantity is not None and quantity["unit"] == "KGM" and "upperTolerance" not in quantity:
            mass, wrong = quantity["value"], chance.randint(-3, 3)
            portion["quantity"] = {
                **quantity,
                "value": mass + wrong,
                "upperTolerance": max(-wrong, 0),
                "lowerTolerance": max(wrong, 0),
            }

    return world.edited(chance.choice(names), change) if names else world


def _undated(world: World, chance: Random) -> World:
    names = [name for name, one in world.documents.items() if one.raw is None and _dates(one.draft)]
    if not names:
        return world

    def change(draft: Json) -> None:
        holder, member = chance.choice(_dates(draft))
        del holder[member]

    return world.edited(chance.choice(names), change)


def _dates(value: Any) -> list[tuple[Json, str]]:
    """Each date of what is told, with the object that has it."""
    if isinstance(value, list):
        return [found for one in value for found in _dates(one)]
    if not isinstance(value, dict):
        return []
    own = [(value, name) for name in sorted(_DATES & set(value))]
    return [*own, *(found for one in value.values() for found in _dates(one))]


#: What can be left out of an honest world without anything false being said.
OMISSIONS: Final[tuple[Omission, ...]] = (_missing, _unreadable, _unweighed, _unweighed, _imprecise, _undated)
