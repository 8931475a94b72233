"""The derivation of a report: for each claim the steps by which its lower bound follows from what is stated.

The rule: it derives what credentials.provenance.claims decides, step by step, and decides nothing itself. What is worth
nothing leaves no step. See docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.claims.decision import is_refuted_upstream
from credentials.provenance.claims.disputes import Dispute
from credentials.provenance.claims.grades import grade_of
from credentials.provenance.claims.intervals import own_of, speaking_of
from credentials.provenance.claims.weighing import attested_of, lifting_of, weighed
from credentials.provenance.derivation.attesting import Attestings
from credentials.provenance.derivation.mixing import Makings
from credentials.provenance.derivation.recording import Recorder
from credentials.provenance.derivation.step import Derivation, Said, StepRule
from credentials.provenance.mass.blending import Interval
from credentials.provenance.mass.lifting import Lifting
from credentials.provenance.statements.statement import ClaimStatement


def derived(case: Case, claims: Sequence[tuple[int, ClaimStatement]], dispute: Dispute) -> Derivation:
    """The derivation of these claims, each with its place in the report."""
    record = Recorder()
    roots = [(place, _Claim(case, record, claim).step(dispute)) for place, claim in claims]
    return record.only((place, root) for place, root in roots if root is not None)


class _Claim:
    """One claim while it is derived."""

    def __init__(self, case: Case, record: Recorder, claim: ClaimStatement) -> None:
        self._case = case
        self._record = record
        self._claim = claim
        self._makings = Makings(case, record)
        self._attestings = Attestings(case, record)
        self._shown: dict[LotKey, int | None] = {}

    def step(self, dispute: Dispute) -> int | None:
        """The step that is worth the claim's lower bound; None where that is nothing."""
        found = weighed(self._case, self._claim, dispute)
        if not found.interval.low:
            return None
        facts, refuted = found.facts, is_refuted_upstream(found.facts)
        supported = facts.supported is not None and not refuted
        shown = self._any([self._attestings.direct(self._claim) if supported else None, self._upstream()])
        if shown is None or refuted or (facts.falls_short and not supported) or not facts.unsure:
            return shown
        against = self._record.step(StepRule.AGAINST, value=facts.unsure, say="; ".join(dispute.because))
        return self._record.step(StepRule.LESS, shown, against)

    def _upstream(self) -> int | None:
        lifting, lot = lifting_of(self._case, self._claim), self._claim.lot
        if lifting is None or lot is None or grade_of(self._case, self._claim).is_broken or not lifting.found[lot].low:
            return None
        for circle in lifting.circles:
            if lifting.goes_round(circle):
                self._round(lifting, circle)
            else:
                self._shown[circle[0]] = self._lot(lifting, circle[0])
        return self._shown[lot]

    def _round(self, lifting: Lifting, circle: Iterable[LotKey]) -> None:
        """Lots that are made of each other: each stands for what it had in the round before."""
        again = {key: self._record.again() for key in circle}
        self._shown |= again
        targets = {key: self._lot(lifting, key) for key in again}
        none = [key for key, target in targets.items() if target is None]
        if none:  # nothing is shown of it in any round
            self._shown |= dict.fromkeys(none)
        closed = [(again[key], target) for key, target in targets.items() if target is not None]
        if closed:
            self._record.close(closed)

    def _lot(self, lifting: Lifting, key: LotKey) -> int | None:
        """What a lot has: by what is said of it, or by its inputs; where these do not meet, by the lesser of them."""
        own = own_of(self._case, key, self._claim, self._attested) if key != self._claim.lot else None
        step, above = lifting.steps.get(key), lifting.above.get(key)
        said = self._said(key) if own is not None and own.low else None
        whole = own is not None and own.is_exact
        made = None
        if step is not None and (above is None or above.low or not whole):
            made = self._makings.made(key, step, self._shown.get)
        if own is None:
            return made
        if not whole and above is not None and max(own.low, above.low) > min(own.high, above.high):
            return self._record.step(StepRule.ALL, said, made) if said is not None and made is not None else None
        return self._any([said, made])

    def _attested(self, claim: ClaimStatement) -> Interval | None:
        return attested_of(self._case, claim)

    def _said(self, key: LotKey) -> int | None:
        return self._any(
            [
                self._attestings.direct(theirs)
                for theirs in speaking_of(self._case, key, self._claim)
                if (found := self._attested(theirs)) is not None and found.low
            ]
        )

    def _any(self, steps: Sequence[int | None]) -> int | None:
        """The best of those that there are."""
        found = list(dict.fromkeys(step for step in steps if step is not None))
        return found[0] if len(found) == 1 else self._record.step(StepRule.ANY, *found) if found else None


def shown_by(derivation: Derivation) -> frozenset[Said]:
    """Every statement that the derivation rests on."""
    return frozenset(one for step in derivation.steps for one in step.premises if isinstance(one, Said))
