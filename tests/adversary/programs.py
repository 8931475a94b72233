"""Programs: moves drawn by a seed and made one after the other on an honest world, and what breaks after them."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from random import Random
from typing import Final

from tests.adversary.judging import Answer, ask
from tests.adversary.known import is_known
from tests.adversary.moves import HONEST, MOVES, STRANGERS
from tests.adversary.properties import (
    Property,
    defamations,
    false_proofs,
    false_refusals,
    other_answers,
    truths_outside,
)
from tests.adversary.templates import honest
from tests.adversary.world import World

LONGEST: Final = 20
#: So many programs in a row are on one world, so that its documents are verified once.
BATCH: Final = 30
#: So many programs in a row differ in what strangers do and in nothing else, so that the rest is judged once.
FAMILY: Final = 3
#: One in so many programs is asked once more in another order, to compare the whole report.
_ANOTHER_ORDER: Final = 8
_SEEDS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """One move and the seed of its own choices, so that leaving out another step changes nothing in this one."""

    move: str
    seed: int


@dataclass(frozen=True)
class Program:
    """Which honest world, and which steps on it; its text is enough to run it again."""

    template: str
    lots: int
    seed: int
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        steps = " ".join(f"{step.move}:{step.seed}" for step in self.steps)
        return f"{self.template}/{self.lots}/{self.seed} {steps}"

    @classmethod
    def parse(cls, text: str) -> Program:
        """A program from its text."""
        world, *steps = text.split()
        template, lots, seed = world.split("/")
        made = tuple(Step(move, int(number)) for move, _, number in (step.partition(":") for step in steps))
        return cls(template, int(lots), int(seed), made)

    def only(self, keep: Callable[[Step], bool]) -> Program:
        """The program with those steps alone."""
        return replace(self, steps=tuple(step for step in self.steps if keep(step)))

    def first(self, count: int) -> Program:
        """The program's first steps."""
        return replace(self, steps=self.steps[:count])

    @cached_property
    def played(self) -> tuple[World, tuple[str, ...]]:
        """The world after all steps, and the moves that applied."""
        world, applied = honest(self.template, lots=self.lots, seed=self.seed), []
        for step in self.steps:
            changed = MOVES[step.move].made_on(world, step.seed)
            if changed is not None:
                world = changed
                applied.append(step.move)
        return world, tuple(applied)

    @property
    def answer(self) -> Answer:
        """The answer to its world's question."""
        return _answered(self)

    @property
    def without_strangers(self) -> Program:
        """The same program in which no stranger says anything."""
        return self.only(lambda step: step.move not in STRANGERS)

    @property
    def honest_part(self) -> Program:
        """The same program in which nobody says anything false."""
        return self.only(lambda step: step.move in HONEST)


@lru_cache(maxsize=64)
def _answered(program: Program) -> Answer:
    """Asked in an order of arrival of its own, so that nothing below rests on the order in which a world is written."""
    return ask(program.played[0], order=partial(_shuffled, Random(str(program))))


def _shuffled(chance: Random, names: list[str]) -> list[str]:
    return chance.sample(names, len(names))


def draw(seed: int, *, templates: Sequence[str], moves: Sequence[str], sizes: tuple[int, int] = (3, 12)) -> Program:
    """The program of this seed: 1 to 20 of ``moves`` on a world of one of ``templates``, small ones more often.

    ``BATCH`` seeds in a row have one world; ``FAMILY`` of these the same moves but for those of strangers.
    """
    batch, family, chance = Random(f"world {seed // BATCH}"), Random(f"moves {seed // FAMILY}"), Random(seed)
    drawn = [family.choice(list(moves)) for _ in range(family.randint(1, LONGEST))]
    numbers = [family.randrange(1000) for _ in drawn]
    strangers = [name for name in moves if name in STRANGERS]
    if not set(drawn) & set(strangers):  # nothing to differ in: moves of its own
        drawn = [chance.choice(list(moves)) for _ in drawn]
    return Program(
        template=batch.choice(list(templates)),
        lots=min(batch.randint(*sizes), batch.randint(*sizes)),
        seed=batch.randrange(_SEEDS),
        steps=tuple(
            Step(chance.choice(strangers), chance.randrange(1000)) if name in STRANGERS else Step(name, number)
            for name, number in zip(drawn, numbers, strict=True)
        ),
    )


def breaches(program: Program, property: Property) -> Iterator[str]:
    """Where the program breaks the property."""
    world, applied = program.played
    if property is Property.NO_FALSE_PROOF:
        yield from false_proofs(world, program.answer)
    elif property is Property.NO_DEFAMATION and set(applied) & set(STRANGERS):
        yield from defamations(program.without_strangers.answer, program.answer)
    elif property in _OF_HONEST_PARTS:
        yield from _of_honest_part(program)[_OF_HONEST_PARTS.index(property)]
    elif property is Property.ONE_ANSWER and zlib.crc32(str(program).encode()) % _ANOTHER_ORDER == 0:
        yield from other_answers(world, program.answer, Random(str(program)))


def _of_honest_part(program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the answer to the honest part leaves the truth out, and where it calls something a lie."""
    world, whole = program.honest_part.played[0], program.first(0)
    before = whole.played[0].documents
    changed = {name: one.text for name, one in world.documents.items() if one is not before.get(name)}
    key = (whole, frozenset(before) - set(world.documents), frozenset(changed.items()))
    if key not in _HONEST_PARTS:
        if len(_HONEST_PARTS) >= _REMEMBERED:
            _HONEST_PARTS.clear()
        answer = ask(world)
        _HONEST_PARTS[key] = tuple(truths_outside(world, answer)), tuple(false_refusals(answer))
    return _HONEST_PARTS[key]


_REMEMBERED: Final = 2_000
_HONEST_PARTS: Final[dict[object, tuple[tuple[str, ...], tuple[str, ...]]]] = {}
_OF_HONEST_PARTS: Final = (Property.TRUTH_INSIDE, Property.NO_FALSE_REFUSAL)
#: The properties that hold after any moves; those of honest worlds are asked of the moves by which nobody lies.
ALWAYS: Final = (Property.NO_FALSE_PROOF, Property.NO_DEFAMATION, *_OF_HONEST_PARTS, Property.ONE_ANSWER)


def unexplained(program: Program, property: Property) -> Program | None:
    """The program without the moves that are known to break the property, if it breaks it all the same."""
    made = {step.move for step in program.steps}
    rest = program.only(lambda step: not is_known(property, step.move, made))
    return rest if any(breaches(rest, property)) else None


def smallest(program: Program, fails: Callable[[Program], bool]) -> Program:
    """The shortest beginning of a failing program that still fails, less every step that it fails without."""
    count = next(count for count in range(len(program.steps) + 1) if fails(program.first(count)))
    found = program.first(count)
    for step in found.steps:
        fewer = found.only(partial(operator.is_not, step))
        if fails(fewer):
            found = fewer
    return found


def told(program: Program, property: Property) -> str:
    """What a failing program is reported as: the smallest one, how to run it again, and what breaks."""

    def fails(one: Program) -> bool:
        return any(breaches(one, property))

    least = smallest(program, fails)
    detail = "; ".join(breaches(least, property))
    return f"{property}: {least}\n  {detail}\n  python -m tests.adversary --program '{least}'"
