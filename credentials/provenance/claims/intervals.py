"""Intervals over mass: how much of a lot supports a claim at least, and at most.

The rule: supported mass counts in both bounds, unknown mass only in the upper one, refuted mass in neither. An attested
lot speaks for all of its mass; its inputs speak, by their shares, for what that leaves open. What is not documented is
[0, 1]. An assessed figure is a guarantee of so much at least, where more is better.
See docs/requirements.md T6.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from contexts.codes.metrics import MetricKind
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import criteria_of, topics_of, with_same
from credentials.provenance.case.matching import is_about_place
from credentials.provenance.case.metric_kinds import kind_of
from credentials.provenance.case.performance import as_share, guarantee, metric_of
from credentials.provenance.mass.blending import Interval
from credentials.provenance.mass.lifting import Lifting, lifted
from credentials.provenance.statements.statement import ClaimStatement
from credentials.untp.claim import Performance
from credentials.untp.values import Measure

_NONE, _ALL = Fraction(0), Fraction(1)
Attested = Callable[[ClaimStatement], Interval | None]


def share_of(case: Case, claim: ClaimStatement) -> tuple[str, Fraction] | None:
    """The metric and the claimed share (0..1) of a claim about a share of mass; None for any other claim.

    Several different figures are no single share.
    """
    found = {(metric_of(one), _fraction(one)) for one in claim.said.performance}
    if len(found) != 1:
        return None
    metric, value = next(iter(found))
    is_share = value is not None and kind_of(case, metric) is MetricKind.SHARE_OF_MASS
    return (metric, value) if value is not None and is_share else None


def is_lifted(case: Case, claim: ClaimStatement) -> bool:
    """Do the inputs say something of the claim, by their mass?

    They do of a share of mass, and of goods that are said to conform, without any figure; never of another figure.
    """
    return share_of(case, claim) is not None or not (claim.said.performance or is_about_place(claim))


def upstream(case: Case, lot: LotKey, claim: ClaimStatement, attested: Attested) -> Lifting | None:
    """What the inputs of ``lot`` say of ``claim``: ``attested`` gives the interval of an upstream claim that counts.

    A lot of which not all is attested is asked through its own inputs too; mass that only comes round stays open.
    None for a claim that is not lifted.
    """
    if not is_lifted(case, claim):
        return None
    said: dict[LotKey, Interval | None] = {}

    def own(key: LotKey) -> Interval | None:
        if key not in said:
            said[key] = own_of(case, key, claim, attested)
        return said[key]

    budget = case.policy.budget
    return lifted(case.making, lot, own, depth=budget.depth, lots=budget.lots)


def guaranteed(assessed: Measure, better: str) -> Interval | None:
    """What an assessed percentage says of a share; None where it can be none."""
    value = as_share(assessed, assessed.value)
    if value is None or not 0 <= value <= 1:
        return None
    least, most = (as_share(assessed, bound) for bound in guarantee(assessed, better))
    return Interval(max(least or _NONE, _NONE), min(most if most is not None else _ALL, _ALL))


def own_of(case: Case, lot: LotKey, claim: ClaimStatement, attested: Attested) -> Interval | None:
    """What attestations say of the lot itself; the strongest word of several."""
    found = [interval for theirs in speaking_of(case, lot, claim) if (interval := attested(theirs)) is not None]
    return max(found, key=lambda one: (one.low, one.high)) if found else None


def speaking_of(case: Case, lot: LotKey, claim: ClaimStatement) -> tuple[ClaimStatement, ...]:
    """The claims that the passports of a lot make about the same property as ``claim``."""
    return tuple(
        theirs
        for passport in case.graph.passports_of(lot)
        if passport.lot.covers(lot)
        for theirs in passport.claims
        if _speaks_to(case, theirs, claim)
    )


def _speaks_to(case: Case, upstream_claim: ClaimStatement, claim: ClaimStatement) -> bool:
    """Is the upstream claim about the same property: the same metric of a share, else every criterion and topic?"""
    share = share_of(case, claim)
    if share is not None:
        theirs = share_of(case, upstream_claim)
        return theirs is not None and theirs[0] == share[0]
    criteria, topics = criteria_of(claim.said.criteria), topics_of(claim.said.topics)
    theirs_too = topics <= topics_of(upstream_claim.said.topics)
    told = with_same(criteria_of(upstream_claim.said.criteria), case.pack)
    return bool(criteria) and criteria <= told and theirs_too


def _fraction(performance: Performance) -> Fraction | None:
    measure = performance.measure
    share = as_share(measure, measure.value) if measure is not None else None
    return share if share is not None and 0 <= share <= 1 else None
