"""Recording: steps are written down once, in order, each with its value; what nothing needs is left out at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from credentials.provenance.derivation.arithmetic import NONE, ROUNDS, round_down, value_of
from credentials.provenance.derivation.step import Derivation, DerivedStep, Premise, StepRule, Value


class Recorder:
    """Steps by number; the same step is not written twice."""

    def __init__(self) -> None:
        self._steps: list[DerivedStep] = []
        self._known: dict[tuple[StepRule, tuple[Premise, ...], str, str], int] = {}

    def step(self, rule: StepRule, *premises: Premise, value: Value = None, party: str = "", say: str = "") -> int:
        """The number of a step; ``value`` is what facts and licences state, any other one's is worked out."""
        key = (rule, premises, party, say)
        if key not in self._known:
            step = DerivedStep(rule, premises, value, party, say)
            self._known[key] = len(self._steps)
            self._steps.append(replace(step, value=self._worked_out(step)))
        return self._known[key]

    def again(self) -> int:
        """A step that has the value of a later one, in the round before."""
        self._steps.append(DerivedStep(StepRule.AGAIN, (), NONE))
        return len(self._steps) - 1

    def close(self, circle: Sequence[tuple[int, int]]) -> None:
        """``circle``: each ``again`` with the step that it stands for; the rounds are gone through."""
        for again, target in circle:
            self._steps[again] = replace(self._steps[again], premises=(target,))
        first, last = min(again for again, _ in circle), max(target for _, target in circle)
        for _ in range(ROUNDS):
            found = {again: round_down(self.share(target)) for again, target in circle}
            if all(self._steps[again].value == share for again, share in found.items()):
                return
            for again, share in found.items():
                self._steps[again] = replace(self._steps[again], value=share)
            for number in range(first, last + 1):
                if self._steps[number].rule is not StepRule.AGAIN:
                    self._steps[number] = replace(self._steps[number], value=self._worked_out(self._steps[number]))

    def share(self, number: int) -> Any:
        """The value of a step."""
        return self._steps[number].value

    def only(self, roots: Iterable[tuple[int, int]]) -> Derivation:
        """The steps that the ``roots`` (claim, step) need, numbered anew in the same order."""
        wanted = list(roots)
        needed, waiting = set[int](), [root for _, root in wanted]
        while waiting:
            number = waiting.pop()
            if number not in needed:
                needed.add(number)
                waiting += self._steps[number].after
        order = {number: place for place, number in enumerate(sorted(needed))}
        return Derivation(
            steps=tuple(_renumbered(self._steps[number], order) for number in order),
            roots=tuple((claim, order[root]) for claim, root in wanted),
        )

    def _worked_out(self, step: DerivedStep) -> Value:
        return value_of(step, [self._steps[number].value for number in step.after], believed=True)


def _renumbered(step: DerivedStep, order: dict[int, int]) -> DerivedStep:
    premises = tuple(order[one] if isinstance(one, int) else one for one in step.premises)
    return replace(step, premises=premises)
