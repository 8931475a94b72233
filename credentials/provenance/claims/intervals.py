"""Intervals over mass: how much of a lot supports a claim at least, and at most.

The rule: supported mass counts in both bounds, unknown mass only in the upper one, refuted mass in neither. An attested
lot speaks for all of its mass; otherwise its inputs do, by their shares. What is not documented is [0, 1].
See docs/requirements.md T6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from contexts.codes.units import convert
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import criteria_of, topics_of
from credentials.provenance.case.performance import metric_of
from credentials.provenance.mass.shares import End
from credentials.provenance.statements.statement import ClaimStatement
from credentials.provenance.statements.stepwise import finished
from credentials.untp.claim import Performance

PERCENT: Final = "P1"


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, both in 0..1."""

    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction) -> Interval:
        """The interval of one value, kept within 0..1."""
        kept = min(max(value, Fraction(0)), Fraction(1))
        return cls(kept, kept)

    def rounded(self) -> tuple[float, float]:
        """Both bounds to six decimals, as the report states them."""
        return (round(float(self.low), 6), round(float(self.high), 6))


UNKNOWN: Final = Interval(Fraction(0), Fraction(1))
Attested = Callable[[ClaimStatement], Interval | None]


def share_of(claim: ClaimStatement) -> tuple[str, Fraction] | None:
    """The metric and the claimed share (0..1) of a claim about a share of mass; None for any other claim.

    A share of mass is a percentage whose metric is about content, such as recycled content; several different
    figures are no single share.
    """
    found = {(metric_of(one), _fraction(one)) for one in claim.said.performance}
    if len(found) != 1:
        return None
    metric, value = next(iter(found))
    return (metric, value) if value is not None and "content" in metric.rpartition("/")[2] else None


def upstream(case: Case, lot: LotKey, claim: ClaimStatement, attested: Attested) -> Interval:
    """What the inputs of ``lot`` say of ``claim``: ``attested`` gives the interval of an upstream claim that counts.

    A lot that nobody attests is asked through its own inputs; mass that comes round to itself stays open.
    """
    said: dict[LotKey, Interval | None] = {}

    def speaks(key: LotKey) -> bool:
        if key not in said:
            said[key] = _own(case, key, claim, attested)
        return said[key] is not None

    ends = finished(case.upstream(lot, speaks=speaks)).ends
    parts = [(one.share, (said[one.lot] if one.end is End.SPEAKS else None) or UNKNOWN) for one in ends]
    low = sum((share * part.low for share, part in parts), Fraction(0))
    high = sum((share * part.high for share, part in parts), Fraction(0))
    return Interval(low, min(high, Fraction(1)))


def _own(case: Case, lot: LotKey, claim: ClaimStatement, attested: Attested) -> Interval | None:
    """What attestations say of the lot itself; the strongest word of several."""
    found = [
        interval
        for passport in case.graph.passports_of(lot)
        if passport.lot.covers(lot)
        for theirs in passport.claims
        if _speaks_to(theirs, claim) and (interval := attested(theirs)) is not None
    ]
    return max(found, key=lambda one: (one.low, one.high)) if found else None


def _speaks_to(upstream_claim: ClaimStatement, claim: ClaimStatement) -> bool:
    """Is the upstream claim about the same property: the same metric of a share, else every criterion and topic?"""
    share = share_of(claim)
    if share is not None:
        theirs = share_of(upstream_claim)
        return theirs is not None and theirs[0] == share[0]
    criteria, topics = criteria_of(claim.said.criteria), topics_of(claim.said.topics)
    theirs_too = topics <= topics_of(upstream_claim.said.topics)
    return bool(criteria) and criteria <= criteria_of(upstream_claim.said.criteria) and theirs_too


def _fraction(performance: Performance) -> Fraction | None:
    measure = performance.measure
    if measure is None or measure.value is None or measure.unit is None:
        return None
    percent = convert(measure.value, measure.unit, PERCENT)
    return percent / 100 if percent is not None and 0 <= percent <= 100 else None
