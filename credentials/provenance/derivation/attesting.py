"""What assessors say of the thing itself, as steps: each atom of a claim, by any of those who bear it out.

The rule: a claim is as good as its worst atom. An assessed figure and what was assessed without one are the assessor's
facts; where a certificate of a place or company is inherited, that and when the lot was made there are its makers' and
the place's. See docs/requirements.md T22.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from credentials.provenance.case.atoms import AtomKind, atoms_of
from credentials.provenance.case.case import Case
from credentials.provenance.case.matching import Object, passport_of
from credentials.provenance.case.performance import better_of, metric_of
from credentials.provenance.case.times import assesses_lot_itself, lot_spoken_for
from credentials.provenance.claims.intervals import guaranteed, share_of
from credentials.provenance.claims.support import Support
from credentials.provenance.claims.weighing import carriers_of, direct
from credentials.provenance.derivation.licences import ATTESTING, MAKING, PLACE, key_of, recognition_of, said
from credentials.provenance.derivation.recording import Recorder
from credentials.provenance.derivation.step import Premise, StepRule
from credentials.provenance.mass.blending import Interval
from credentials.provenance.statements.authority import Saying, SubjectMatter, has_say, operators
from credentials.provenance.statements.statement import (
    ClaimStatement,
    EventStatement,
    PassportStatement,
    Statement,
)

_ALL = Fraction(1)


class Attestings:
    """Steps for what attestations say of claims of one case."""

    def __init__(self, case: Case, record: Recorder) -> None:
        self._case = case
        self._record = record

    def direct(self, claim: ClaimStatement) -> int | None:
        """The step that says how much of the claim attestations of an accepted grade bear out; None for nothing."""
        own = direct(self._case, claim)
        if own is None or not own.low:
            return None
        carriers, share = carriers_of(self._case, claim), share_of(self._case, claim)
        found: list[int] = []
        for atom in atoms_of(claim.said):
            if share is not None and atom.kind is AtomKind.METRIC:
                found.append(self._figures(claim, carriers, share[0]))
            else:
                bearing = [one for one in carriers if atom in one.atoms]
                if not bearing:
                    return None
                found.append(self._any([self._assessed(claim, one, f"{atom.kind} {atom.id}") for one in bearing]))
        return self._all(found)

    def _figures(self, claim: ClaimStatement, carriers: Sequence[Support], metric: str) -> int:
        """The assessed figures of one metric: where they do not meet, what the least of them guarantees."""
        found: list[tuple[Interval, int]] = []
        for support in carriers:
            for place, one in enumerate(support.match.assessment.said.performance):
                interval = guaranteed(one.measure, better_of(one)) if one.measure and metric_of(one) == metric else None
                if interval is not None:
                    where = f"{support.match.assessment.pointer}/assessedPerformance/{place}"
                    found.append((interval, self._fact(StepRule.FIGURE, claim, support, where, interval.low, metric)))
        (known, step), *others = found
        for interval, other in others:
            meets = max(known.low, interval.low) <= min(known.high, interval.high)
            step = self._any([step, other]) if meets else self._all([step, other])
            known = known.narrowed(interval)
        return step

    def _assessed(self, claim: ClaimStatement, support: Support, what: str) -> int:
        return self._fact(StepRule.ASSESSED, claim, support, support.match.assessment.pointer, _ALL, what)

    def _fact(
        self, rule: StepRule, claim: ClaimStatement, support: Support, pointer: str, value: Fraction, what: str
    ) -> int:
        case, record, match = self._case, self._record, support.match
        licences = (
            *recognition_of(case, record, match.attestation, match.assessment),
            key_of(case, record, match.attestation.credential),
        )
        premises: tuple[Premise, ...] = (said(match.assessment, pointer), said(claim), *licences)
        party, say = match.attestation.issuer, f"{ATTESTING} {what}"
        fact = record.step(rule, *premises, value=value, party=party, say=say)
        return self._all([fact, *self._inherited(claim, support)])

    # ---- what is inherited

    def _inherited(self, claim: ClaimStatement, support: Support) -> Iterator[int]:
        """What lends the lot a certificate that is not its own: who made it, where, and when."""
        match = support.match
        lot = lot_spoken_for(self._case, claim)
        if lot is None or assesses_lot_itself(match.assessment, lot):
            return
        counted = [one for one in self._case.graph.makers_of(lot) if self._case.counts(one)]
        passports = [one for one in self._case.graph.passports_of(lot) if self._case.counts(one)]
        passport = passport_of(self._case, claim)
        if match.object is Object.INHERITED_FACILITY and passport is not None:
            yield self._made_there(lot_tellers=(*counted, *self._case.graph.passports_of(lot)), place=passport.facility)
        if match.object is Object.INHERITED_ORGANISATION:
            company = match.assessment.organisation
            by = [one for one in counted if one.issuer == company]
            yield self._any([self._stated(one, MAKING) for one in by] or [self._stated(claim, MAKING)])
        dated: Sequence[Statement] = [one for one in counted if one.at is not None]
        dated = dated or [one for one in passports if one.said.production_date is not None]
        if dated:
            yield self._all([self._stated(one, MAKING) for one in dated])

    def _made_there(self, *, lot_tellers: Sequence[EventStatement | PassportStatement], place: str) -> int:
        """Teller and place name each other."""
        graph = self._case.graph
        found = []
        for one in lot_tellers:
            says = one.facility and graph.same_facility(one.facility, place)
            if says and has_say(graph, SubjectMatter.MADE_THERE, Saying(by=one.issuer, place=place)):
                records = graph.facility_records(place)
                naming = [record for record in records if one.issuer in operators((record,))] or list(records)
                names = self._any([self._stated(record, PLACE) for record in naming])
                found.append(self._all([self._stated(one, MAKING), names]))
        return self._any(found)

    def _stated(self, statement: Statement, say: str) -> int:
        key = key_of(self._case, self._record, statement.credential)
        return self._record.step(StepRule.STATED, said(statement), key, value=_ALL, party=statement.issuer, say=say)

    # ---- together

    def _any(self, steps: Sequence[int]) -> int:
        return steps[0] if len(set(steps)) == 1 else self._record.step(StepRule.ANY, *dict.fromkeys(steps))

    def _all(self, steps: Sequence[int]) -> int:
        return steps[0] if len(set(steps)) == 1 else self._record.step(StepRule.ALL, *dict.fromkeys(steps))
