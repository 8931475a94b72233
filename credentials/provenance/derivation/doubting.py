"""g(K): what is left of a claim when nothing that certain parties state is worth anything.

The rule: one pass from the facts to the claims. A set of parties changes only the steps that follow from its facts, so
only these are worked out again; licences and what counts against a claim stay as they are. A party contains everybody
who can sign as it: the host of a DID with a path, and for a key that nobody knows whoever supplied the documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from typing import Any, Final

from credentials.identifiers.hosts import host_did
from credentials.provenance.derivation.arithmetic import NONE, ROUNDS, round_down, value_of
from credentials.provenance.derivation.licences import SUPPLIED
from credentials.provenance.derivation.step import FACTS, Derivation, DerivedStep, StepRule, Value

#: Whoever supplied the documents, as a party: it can sign as everybody whose key is not known.
SUPPLIER: Final = "supplier"
#: These keep their value whoever lies: they count against the claim.
_AGAINST: Final = frozenset({StepRule.LACKING, StepRule.AGAINST})


class Evaluation:
    """The values of a derivation, and what they become without certain parties; ``work``: steps worked out so far."""

    def __init__(self, derivation: Derivation) -> None:
        self.steps = derivation.steps
        self.work = 0
        self._base: list[Value] = [step.value for step in self.steps]
        self._users: list[list[int]] = [[] for _ in self.steps]
        self._blocks: dict[int, tuple[int, int]] = {}
        self._signers = _signers(self.steps)
        self._facts: dict[str, list[int]] = {}
        for number, step in enumerate(self.steps):
            for premise in step.after:
                self._users[premise].append(number)
            for signer in self.signers(step) if step.rule in FACTS else ():
                self._facts.setdefault(signer, []).append(number)
        self._find_blocks()

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who can sign a fact of the derivation, sorted."""
        return tuple(sorted(self._facts))

    def signers(self, step: DerivedStep) -> tuple[str, ...]:
        """Who can have stated a fact: its party, and whoever that is part of."""
        return self._signers.get(step.party) or (step.party,)

    def without(self, liars: Iterable[str]) -> Mapping[int, Any]:
        """The steps that are worth another thing when nothing that ``liars`` state is worth anything."""
        doubted = {number for liar in liars for number in self._facts.get(liar, ())}
        changed: dict[int, Any] = {}
        waiting, queued = sorted(doubted), set(doubted)
        while waiting:
            number = heappop(waiting)
            block = self._blocks.get(number)
            if block is None:
                found = self._worked_out(number, changed, doubted)
                moved = [number] if found != self._base[number] else []
                changed |= {number: found} if moved else {}
            else:
                moved = self._go_round(block, changed, doubted)
                waiting = sorted(one for one in waiting if one not in range(block[0], block[1] + 1))
            for one in moved:
                for user in self._users[one]:
                    if user not in queued and not (block and block[0] <= user <= block[1]):
                        queued.add(user)
                        heappush(waiting, user)
        return changed

    def value(self, number: int, changed: Mapping[int, Any]) -> Any:
        """The value of a step."""
        return changed[number] if number in changed else self._base[number]

    def _worked_out(self, number: int, changed: Mapping[int, Any], doubted: set[int]) -> Any:
        self.work += 1
        step = self.steps[number]
        if step.rule in _AGAINST:
            return step.value
        if step.rule is StepRule.OUT:
            return None  # one of the amounts is in doubt, so nobody knows what came out at most
        if step.rule is StepRule.YIELD:
            return (NONE, None)  # an amount or a class is in doubt
        if step.rule is StepRule.AGAIN:
            return round_down(self.value(step.after[0], changed)) if step.premises else NONE
        premises = [self.value(one, changed) for one in step.after]
        return value_of(step, premises, believed=number not in doubted)

    # ---- circles

    def _find_blocks(self) -> None:
        """Ranges of steps that follow from later ones."""
        ranges = [
            (number, step.after[0])
            for number, step in enumerate(self.steps)
            if step.rule is StepRule.AGAIN and step.after and step.after[0] > number
        ]
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        for first, last in merged:
            self._blocks |= dict.fromkeys(range(first, last + 1), (first, last))

    def _go_round(self, block: tuple[int, int], changed: dict[int, Any], doubted: set[int]) -> list[int]:
        """The steps of a circle anew, from nothing; those that have another value now."""
        numbers = range(block[0], block[1] + 1)
        agains = [number for number in numbers if self.steps[number].rule is StepRule.AGAIN]
        found: dict[int, Any] = {**changed, **dict.fromkeys(agains, NONE)}
        inside = found
        for _ in range(ROUNDS):
            for number in numbers:
                if self.steps[number].rule is not StepRule.AGAIN:
                    inside[number] = self._inside(number, inside, doubted)
            next_round = {number: self._worked_out(number, inside, doubted) for number in agains}
            if all(inside[number] == share for number, share in next_round.items()):
                break
            inside |= next_round
        else:
            for number in numbers:
                if self.steps[number].rule is not StepRule.AGAIN:
                    inside[number] = self._inside(number, inside, doubted)
        moved = [number for number in numbers if inside[number] != self._base[number]]
        changed |= {number: inside[number] for number in moved}
        return moved

    def _inside(self, number: int, found: Mapping[int, Any], doubted: set[int]) -> Any:
        """A step of a circle; one that nothing in doubt leads to keeps what it states."""
        if self.steps[number].rule in (StepRule.OUT, StepRule.YIELD) and not any(
            self.value(one, found) != self._base[one] for one in self.steps[number].after
        ):
            return self._base[number]
        return self._worked_out(number, found, doubted)


def _signers(steps: Iterable[DerivedStep]) -> dict[str, tuple[str, ...]]:
    """Each party to everybody who can sign as it."""
    found: dict[str, tuple[str, ...]] = {}
    supplied = {step.party for step in steps if step.rule is StepRule.KEY and step.value == SUPPLIED}
    for party in {step.party for step in steps if step.party}:
        others = (host_did(party), SUPPLIER if party in supplied else "")
        found[party] = (party, *(one for one in others if one))
    return found
