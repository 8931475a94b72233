"""The scoreboard: per move how often it was drawn, applied and noticed, and what broke; counts that can be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.adversary.controls import Control
from tests.adversary.known import is_known
from tests.adversary.moves import HONEST, MOVES, STRANGERS
from tests.adversary.programs import ALWAYS, Program, Step, breaches, told, unexplained
from tests.adversary.properties import Property, is_proven_beyond_truth

HEADS: Final[Mapping[Property, str]] = {
    Property.NO_FALSE_PROOF: "false VERIFIED",
    Property.NO_DEFAMATION: "defamed",
    Property.NO_FALSE_REFUSAL: "false refusal",
    Property.TRUTH_INSIDE: "truth outside",
    Property.ONE_ANSWER: "order-dependent",
}
#: Moves by which somebody says what is not so.
LIES: Final = tuple(name for name in MOVES if name not in STRANGERS and name not in HONEST)
_COUNTERS: Final = ("drawn", "applied", "alone", "noticed", "silent", "changed", "broke", "programs")


@dataclass(slots=True)
class Scoreboard:
    """Counts by move; ``programs`` counts whole programs by the property they broke, and "… known" apart.

    ``alone``: honest worlds on which the move was made alone. ``noticed``: those where the answer is another one then.
    ``silent``: those where it is not, and something false is VERIFIED. ``changed``: controls under which the move
    changes a verdict. ``broke``: by "property move", alone.
    """

    drawn: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    broke: Counter[str] = field(default_factory=Counter)
    programs: Counter[str] = field(default_factory=Counter)
    run: int = 0
    news: list[str] = field(default_factory=list)

    def make_alone(self, template: str, lots: int, seed: int) -> None:
        """Makes each move alone on one world."""
        for name in MOVES:
            program = Program(template, lots, seed, (Step(name, seed),))
            self._count(program)
            if not program.played[1]:
                continue
            self.alone[name] += 1
            if program.answer.decided != program.first(0).answer.decided:
                self.noticed[name] += 1
            elif is_proven_beyond_truth(program.played[0], program.answer):
                self.silent[name] += 1
            for property in ALWAYS:
                if any(breaches(program, property)):
                    self.broke[f"{property} {name}"] += 1
                    if not is_known(property, name):
                        self.news.append(told(program, property))

    def take_away(self, control: Control) -> None:
        """Makes the moves of one control with its rule and without it."""
        found = control.outcome()
        self.changed.update(control.moves if control.holds(found) else ())

    def play(self, program: Program) -> None:
        """Runs one program of several moves."""
        self._count(program)
        self.run += 1
        for property in ALWAYS:
            if any(breaches(program, property)):
                rest = unexplained(program, property)
                self.programs[f"{property} known" if rest is None else property] += 1
                if rest is not None:
                    self.news.append(told(rest, property))

    def add(self, other: Scoreboard) -> None:
        """Adds the counts of another one."""
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.run += other.run
        self.news += other.news

    @property
    def known(self) -> int:
        """Programs that broke something as ``known.py`` says, or in which what would show the lie was hidden."""
        return sum(count for name, count in self.programs.items() if name.endswith(" known"))

    @property
    def idle(self) -> tuple[str, ...]:
        """The moves that changed no verdict under any control: nothing shows that anybody looks for them."""
        return tuple(name for name in MOVES if not self.changed[name])

    @property
    def moves(self) -> int:
        """How many moves were drawn."""
        return self.drawn.total()

    def _count(self, program: Program) -> None:
        self.drawn.update(step.move for step in program.steps)
        self.applied.update(program.played[1])

    def lines(self) -> Iterator[str]:
        """The table, the totals, and everything that broke beyond what is known."""
        heads = ("drawn", "applicable", "alone", "noticed", "under control", *HEADS.values())
        yield f"{'move':26}" + "".join(f"{head:>16}" for head in heads)
        for name in MOVES:
            shown = (self.drawn, self.applied, self.alone, self.noticed, self.changed)
            counts = (*(one[name] for one in shown), *(self.broke[f"{property} {name}"] for property in HEADS))
            yield f"{name:26}" + "".join(f"{count or '.':>16}" for count in counts)
        totals = ", ".join(f"{head} in {self.programs[property]}" for property, head in HEADS.items())
        counted = f"{totals}; known, or hidden by its only holder: {self.known}; beyond what is known: {len(self.news)}"
        yield f"{self.run} programs of {self.moves} moves: {counted}"
        yield from dict.fromkeys(self.news)

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON."""
        counted = {name: dict(sorted(getattr(self, name).items())) for name in _COUNTERS}
        return {"run": self.run, **counted, "news": self.news}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Scoreboard:
        """The scoreboard with these counts."""
        counted = {name: Counter(value[name]) for name in _COUNTERS}
        return cls(run=value["run"], news=list(value["news"]), **counted)
