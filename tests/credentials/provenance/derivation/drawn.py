"""Derivations drawn by a seed: a few parties' figures and amounts, mixed, preferred to each other, going round."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from credentials.provenance.derivation.recording import Recorder
from credentials.provenance.derivation.step import Derivation, StepRule

PARTIES = ("did:web:a.test", "did:web:b.test", "did:web:c.test", "did:web:host.test:d", "did:web:host.test:e")


class Drawn:
    """One derivation while it is drawn."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._record = Recorder()
        self._count = 0

    def derivation(self) -> Derivation:
        """Up to a dozen shares of which the last is the claim's."""
        shares = [self._figure() for _ in range(self._chance.randint(2, 5))]
        for _ in range(self._chance.randint(1, 6)):
            shares.append(self._share(shares))
        claim = self._record.step(StepRule.ANY, *shares[-self._chance.randint(1, 4) :])
        return self._record.only([(0, claim)])

    def _share(self, shares: list[int]) -> int:
        kind = self._chance.choice(["figure", "any", "any", "any", "all", "mix", "mix", "round", "pool"])
        some = self._chance.sample(shares, min(len(shares), self._chance.randint(1, 3)))
        if kind == "figure":
            return self._figure()
        if kind in ("any", "all"):
            return self._record.step(StepRule(kind), *some)
        if kind == "mix":
            return self._mix(some)
        if kind == "pool":
            return self._record.step(StepRule.POOL, *(self._part(one) for one in some))
        again = self._record.again()
        target = self._mix([again, *some])
        if target > again:
            self._record.close([(again, target)])
        return again

    def _party(self) -> str:
        return self._chance.choice(PARTIES)

    def _fresh(self) -> str:
        self._count += 1
        return str(self._count)

    def _figure(self) -> int:
        share = Fraction(self._chance.choice([1, 2, 2, 2]), 2)
        return self._record.step(StepRule.FIGURE, value=share, party=self._party(), say=self._fresh())

    def _amount(self) -> int:
        party, mass = self._party(), Fraction(self._chance.randint(1, 5))
        high = self._chance.choice([mass, mass, mass + 1, None])
        premises = []
        if self._chance.random() < 0.5:
            premises.append(
                self._record.step(StepRule.WEIGHT, value=Fraction(1), party=self._party(), say=self._fresh())
            )
        if self._chance.random() < 0.5:
            made = self._record.step(
                StepRule.AMOUNT, value=(mass + 2, mass + 2), party=self._party(), say=self._fresh()
            )
            premises.append(self._record.step(StepRule.EVER, made))
        return self._record.step(StepRule.AMOUNT, *premises, value=(mass, high), party=party, say=self._fresh())

    def _part(self, share: int) -> int:
        return self._record.step(StepRule.PART, self._amount(), share)

    def _mix(self, shares: list[int]) -> int:
        parts = [self._part(one) for one in shares]
        if self._chance.random() < 0.5:
            parts.append(self._record.step(StepRule.PART, self._amount()))
        total = self._record.step(StepRule.SUM, self._amount())
        lacking = Fraction(self._chance.choice([0, 0, 0, 1]))
        surplus = self._record.step(StepRule.LACKING, total, value=lacking)
        made = self._record.step(StepRule.MADE, value=Fraction(1), party=self._party(), say=self._fresh())
        return self._record.step(StepRule.MIX, made, *parts, surplus)
