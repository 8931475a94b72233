"""Programs: moves drawn by a seed and made one after the other on an honest world, and what breaks after them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from random import Random
from typing import Final

from tests.adversary.judging import Answer, ask
from tests.adversary.known import is_known
from tests.adversary.moves import HONEST, MOVES, STRANGERS
from tests.adversary.properties import Property, defamations, false_proofs, other_answers, truths_outside
from tests.adversary.templates import honest
from tests.adversary.world import World

LONGEST: Final = 20
#: So few of each kind and size, that their documents are verified once for many programs.
_SEEDS: Final = 3


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


@lru_cache(maxsize=64)
def _answered(program: Program) -> Answer:
    return ask(program.played[0])


def draw(seed: int, *, templates: Sequence[str], moves: Sequence[str], sizes: tuple[int, int] = (3, 12)) -> Program:
    """The program of this seed: 1 to 20 of ``moves`` on a world of one of ``templates``."""
    chance = Random(seed)
    length = chance.randint(1, LONGEST)
    return Program(
        template=chance.choice(list(templates)),
        lots=chance.randint(*sizes),
        seed=chance.randrange(_SEEDS),
        steps=tuple(Step(chance.choice(list(moves)), chance.randrange(1000)) for _ in range(length)),
    )


def breaches(program: Program, property: Property) -> Iterator[str]:
    """Where the program breaks the property."""
    world, applied = program.played
    if property is Property.NO_FALSE_PROOF:
        yield from false_proofs(world, program.answer)
    elif property is Property.NO_DEFAMATION and set(applied) & set(STRANGERS):
        yield from defamations(program.without_strangers.answer, program.answer)
    elif property is Property.TRUTH_INSIDE:
        honest_part = program.only(lambda step: step.move in HONEST)
        yield from truths_outside(honest_part.played[0], honest_part.answer)
    elif property is Property.ONE_ANSWER:
        yield from other_answers(world, program.answer, Random(str(program)))


#: The properties that hold after any moves; that of the truth inside is asked of their honest part.
ALWAYS = (Property.NO_FALSE_PROOF, Property.NO_DEFAMATION, Property.TRUTH_INSIDE, Property.ONE_ANSWER)


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
