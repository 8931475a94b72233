"""Assessments that contradict each other: recognised ones of one claimed metric whose figures cannot both be.

The rule: each figure guarantees so much and no more; where two of one lot, or two of one day, do not meet, one of them
is wrong, whatever is claimed. Nobody knows which, so neither bears the claim out. A denial of the claim is told as one.
See docs/rules.md PV-CLM-5; docs/requirements.md T6 and T22.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from contexts.codes.units import convert
from credentials.provenance.case.case import Case
from credentials.provenance.case.matching import Match, related_matches
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.performance import better_of, guarantee, metric_of, metrics_of
from credentials.provenance.case.times import assesses_lot_itself
from credentials.provenance.report.figures import amount
from credentials.provenance.rules.fitting import denials, objection, recognised
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import acceptable, status
from credentials.untp.values import Measure


@dataclass(frozen=True, slots=True)
class Clash:
    """Two assessments seen from one claim, and what each found of the same metric."""

    one: Match
    other: Match
    found: tuple[Measure, Measure]

    @property
    def detail(self) -> str:
        """What they found, for people."""
        sources = (self.one.attestation.source, self.other.attestation.source)
        first, second = (f"{amount(measure)} by {source}" for measure, source in zip(self.found, sources, strict=True))
        return f"Recognised assessments contradict each other: {first}, {second}."


@memoize_per_case
def clashes(case: Case, claim: ClaimStatement) -> tuple[Clash, ...]:
    """The pairs of recognised assessments, heard on ``claim``, that cannot both be right."""
    metrics = metrics_of(claim.said.performance)
    related = related_matches(case, claim) if metrics else ()
    if len([one for one in related if metrics & metrics_of(one.assessment.said.performance)]) < 2:
        return ()
    denied = denials(case, claim)
    heard = [one for one in related if one not in denied and _is_heard(case, one)]
    pairs = ((one, other) for one, other in combinations(heard, 2) if _of_one_thing(one, other))
    return tuple(clash for one, other in pairs for clash in _clash(one, other, metrics))


def _is_heard(case: Case, match: Match) -> bool:
    stands = acceptable(status(match.attestation.credential), case.policy)
    return stands and objection(case, match) is None and recognised(case, match).recognised


def _of_one_thing(one: Match, other: Match) -> bool:
    """Do both assess the same, that does not change from one day to the other?

    Two documents under one id of one issuer are told of as that (PV-MRG-6).
    """
    first, second = one.attestation, other.attestation
    if one.object is not other.object or (first.issuer, first.source) == (second.issuer, second.source):
        return False
    lot = one.claim.lot
    if lot is not None and all(assesses_lot_itself(match.assessment, lot) for match in (one, other)):
        return True
    return one.assessment.said.assessment_date == other.assessment.said.assessment_date


def _clash(one: Match, other: Match, metrics: frozenset[str]) -> Iterator[Clash]:
    for mine in one.assessment.said.performance:
        for theirs in other.assessment.said.performance:
            same = metric_of(mine) in metrics and metric_of(mine) == metric_of(theirs)
            if same and mine.measure is not None and theirs.measure is not None:
                bounds = (guarantee(mine.measure, better_of(mine)), guarantee(theirs.measure, better_of(theirs)))
                if _apart(mine.measure, theirs.measure, *bounds):
                    yield Clash(one, other, (mine.measure, theirs.measure))


def _apart(
    mine: Measure,
    theirs: Measure,
    my_bounds: tuple[Fraction | None, Fraction | None],
    their_bounds: tuple[Fraction | None, Fraction | None],
) -> bool:
    """Can no figure be within both bounds? What does not convert is not compared."""
    least, most = (_converted(bound, theirs.unit, mine.unit) for bound in their_bounds)
    my_least, my_most = my_bounds
    return bool(
        (least is not None and my_most is not None and least > my_most)
        or (most is not None and my_least is not None and most < my_least)
    )


def _converted(bound: Fraction | None, unit: str | None, into: str | None) -> Fraction | None:
    return convert(bound, unit, into) if bound is not None and unit and into else None
