"""Who would have to lie: the smallest sets of parties without whose word a claim is not proven any more.

The rule: a single party is always found. Two and three are looked for among the parties of one proof after the other,
as everybody who makes a claim false has to spoil every proof of it; the search may work out so many steps and no more.
See docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, Final

from credentials.provenance.derivation.arithmetic import NONE
from credentials.provenance.derivation.doubting import Evaluation
from credentials.provenance.derivation.step import FACTS, LICENCES, StepRule
from credentials.provenance.report.report import HoldsUnless, Rest

#: Sets of so many parties are looked for, and so many are told.
LARGEST: Final = 3
TOLD: Final = 32
#: For sets of more than one party so many times the number of steps may be worked out.
WORK: Final = 200

Liars = frozenset[str]


def holds_unless(evaluation: Evaluation, root: int, claimed: Fraction) -> HoldsUnless | None:
    """Who would have to lie for less than ``claimed`` to be so; None where not so much is proven."""
    if claimed <= 0 or evaluation.value(root, {}) < claimed:
        return None
    return _Search(evaluation, root, claimed).found()


def rests(evaluation: Evaluation, root: int) -> tuple[Rest, ...]:
    """The parties on whose word alone some of what is proven rests, those on whom most does first."""
    whole = evaluation.value(root, {})
    lost = [
        (party, whole - evaluation.value(root, evaluation.without([party])))
        for party in sorted(proof(evaluation, root, {}))
    ]
    found = sorted((-share, party) for party, share in lost if share > 0)
    return tuple(Rest(party=party, share=round(float(-share), 6)) for share, party in found[:TOLD])


def proof(evaluation: Evaluation, root: int, changed: Mapping[int, Any]) -> Liars:
    """The parties whose facts are enough for the value that a step has; of several ways the first one that has it."""
    parties: set[str] = set()
    waiting, seen = [root], {root}
    while waiting:
        number = waiting.pop()
        step = evaluation.steps[number]
        if step.rule in FACTS:
            parties.update(evaluation.signers(step))
        for premise in _needed(evaluation, number, changed):
            if premise not in seen:
                seen.add(premise)
                waiting.append(premise)
    return frozenset(parties)


def _needed(evaluation: Evaluation, number: int, changed: Mapping[int, Any]) -> Collection[int]:
    """The premises by which a step has its value."""
    step = evaluation.steps[number]
    if step.rule in (StepRule.LACKING, StepRule.AGAINST) or step.rule in LICENCES:
        return ()
    if step.rule is StepRule.ANY and step.after:
        best = max(evaluation.value(one, changed) for one in step.after)
        return (next(one for one in step.after if evaluation.value(one, changed) == best),)
    if step.rule is StepRule.PART:
        amount, *share = step.after
        return (amount, *(one for one in share if evaluation.value(one, changed) > NONE))
    return step.after


class _Search:
    """One search for the sets that break a claim."""

    def __init__(self, evaluation: Evaluation, root: int, claimed: Fraction) -> None:
        self._evaluation = evaluation
        self._root = root
        self._claimed = claimed
        self._found: list[Liars] = []
        self._tried: set[Liars] = set()
        self._complete = True
        self._searched = 1  # sets of so many parties were looked for, all of them
        self._budget = 0

    def found(self) -> HoldsUnless:
        first = proof(self._evaluation, self._root, {})
        self._found = [frozenset({one}) for one in sorted(first) if not self._holds(frozenset({one}))]
        self._budget = self._evaluation.work + WORK * len(self._evaluation.steps)
        for size in range(2, LARGEST + 1):
            self._tried.clear()
            self._widen(frozenset(), first, size)
            self._searched += self._complete
        told = sorted((tuple(sorted(one)) for one in self._found), key=lambda one: (len(one), one))
        fewest = max(self._searched + 1, self._disjoint(first))
        return HoldsUnless(
            sets=tuple(told[:TOLD]),
            complete=self._complete and len(told) <= TOLD,
            at_least=min(fewest, len(told[0])) if told else fewest,
        )

    def _holds(self, liars: Liars) -> bool:
        changed = self._evaluation.without(liars)
        return bool(self._evaluation.value(self._root, changed) >= self._claimed)

    def _widen(self, liars: Liars, parties: Liars, size: int) -> None:
        """Add to ``liars`` one more party of what is still a proof without them, until they are ``size``."""
        for party in sorted(parties):
            wider = liars | {party}
            if wider in self._tried or any(known <= wider for known in self._found):
                continue
            self._tried.add(wider)
            if self._evaluation.work > self._budget:
                self._complete = False
                return
            changed = self._evaluation.without(wider)
            if len(wider) == size:
                if self._evaluation.value(self._root, changed) < self._claimed:
                    self._found.append(wider)
            else:
                self._widen(wider, proof(self._evaluation, self._root, changed), size)

    def _disjoint(self, first: Liars) -> int:
        """How many proofs there are of which no two have a party in common, as far as one goes after the other."""
        count, used = 1, first
        while count < TOLD:
            changed = self._evaluation.without(used)
            if self._evaluation.value(self._root, changed) < self._claimed:
                return count
            count, used = count + 1, used | proof(self._evaluation, self._root, changed)
        return count
