"""The scoreboard: per move how often it was drawn, applied and mattered, and what broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.adversary.known import is_known
from tests.adversary.moves import MOVES
from tests.adversary.programs import ALWAYS, Program, Step, breaches, told, unexplained
from tests.adversary.properties import Property

_HEADS = {
    Property.NO_FALSE_PROOF: "false VERIFIED",
    Property.NO_DEFAMATION: "defamed",
    Property.TRUTH_INSIDE: "truth outside",
    Property.ONE_ANSWER: "order-dependent",
}


@dataclass(slots=True)
class Scoreboard:
    """Counts by move; ``broke`` counts moves that broke a property alone, ``programs`` whole programs by property."""

    drawn: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    broke: Counter[tuple[Property, str]] = field(default_factory=Counter)
    programs: Counter[Property] = field(default_factory=Counter)
    run: int = 0
    news: list[str] = field(default_factory=list)

    def alone(self, template: str, lots: int, seed: int) -> None:
        """Makes each move alone on one world."""
        for name in MOVES:
            program = Program(template, lots, seed, (Step(name, seed),))
            self._count(program)
            if program.played[1] and program.answer.decided != program.first(0).answer.decided:
                self.changed[name] += 1
            for property in ALWAYS:
                if any(breaches(program, property)):
                    self.broke[property, name] += 1
                    if not is_known(property, name):
                        self.news.append(told(program, property))

    def play(self, program: Program) -> None:
        """Runs one program of several moves."""
        self._count(program)
        self.run += 1
        for property in ALWAYS:
            if any(breaches(program, property)):
                self.programs[property] += 1
                rest = unexplained(program, property)
                if rest is not None:
                    self.news.append(told(rest, property))

    def _count(self, program: Program) -> None:
        self.drawn.update(step.move for step in program.steps)
        self.applied.update(program.played[1])

    def lines(self) -> Iterator[str]:
        """The table, the totals, and everything that broke beyond what is known."""
        heads = ("drawn", "applicable", "changed", *_HEADS.values())
        yield f"{'move':26}" + "".join(f"{head:>16}" for head in heads)
        for name in MOVES:
            counts: Sequence[int] = (self.drawn[name], self.applied[name], self.changed[name])
            counts = (*counts, *(self.broke[property, name] for property in _HEADS))
            yield f"{name:26}" + "".join(f"{count or '.':>16}" for count in counts)
        totals = ", ".join(f"{head} in {self.programs[property]}" for property, head in _HEADS.items())
        yield f"{self.run} programs: {totals}; beyond what is known: {len(self.news)}"
        yield from dict.fromkeys(self.news)
