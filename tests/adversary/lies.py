"""Lies within one's own say: somebody of the chain states other figures or amounts, and nothing becomes true by it.

Moves (moves/) are tricks that must not work. These work, as a certifier and a maker are believed; what is asked of them
is that the report names everybody who would have to have told them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

from tests.adversary.parties import Json
from tests.adversary.world import World

#: Changes a draft; False: there was nothing to lie about.
Lie: TypeAlias = Callable[[Json, Random], bool]


def lying(world: World, chance: Random, *, lies: int) -> tuple[World, frozenset[str]]:
    """The world after so many lies, and the DIDs of those who told them."""
    liars: set[str] = set()
    names = sorted(name for name in world.documents if _lie_in(name) is not None)
    for name in chance.sample(names, min(lies, len(names))):
        lie = _lie_in(name)
        draft = world.draft(name)
        if lie is not None and lie(draft, chance):
            world = world.edited(name, lambda kept, draft=draft: kept.update(draft))
            liars.add(draft["issuer"]["id"])
    return world, frozenset(liars)


def _lie_in(name: str) -> Lie | None:
    return next((lie for start, lie in _LIES.items() if name.startswith(start)), None)


def _certifies_more(certificate: Json, chance: Random) -> bool:
    """Some assessed percentages are all of it."""
    found = [one for one in _performances(certificate) if one.get("measure", {}).get("unit") == "P1"]
    for one in found:
        one["measure"] = {**one["measure"], "value": 100}
    return bool(found)


def _performances(certificate: Json) -> Iterator[Json]:
    for assessment in certificate["credentialSubject"]["conformityAssessment"]:
        yield from assessment["assessedPerformance"]


def _tells_other_inputs(event: Json, chance: Random) -> bool:
    """One input is left out, or some were heavier or lighter than they were."""
    (making,) = event["credentialSubject"]
    inputs = making["inputProduct"]
    if len(inputs) > 1 and chance.random() < 0.4:
        del inputs[chance.randrange(len(inputs))]
        return True
    for one in inputs:
        one["quantity"] = {**one["quantity"], "value": one["quantity"]["value"] * chance.choice([0.25, 0.5, 2])}
    return bool(inputs)


def _weighs_otherwise(passport: Json, chance: Random) -> bool:
    """One piece weighs more or less than it does."""
    weight = passport["credentialSubject"].get("dimensions", {}).get("weight")
    if weight is None:
        return False
    weight["value"] = weight["value"] * chance.choice([0.25, 0.5, 2, 4])
    return True


_LIES: dict[str, Lie] = {
    "certificate:": _certifies_more,
    "making:": _tells_other_inputs,
    "passport:": _weighs_otherwise,
}
