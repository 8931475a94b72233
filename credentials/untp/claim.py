"""A claim and the performance it states, as passports and facility records make them and attestations measure them.

UNTP 0.7.0, core vocabulary (Claim). Which topic, metric and unit are real ones is the lint's question (CLM-04), not
this lens's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credentials.untp.json_reading import JsonPlace
from credentials.untp.values import (
    CriterionReference,
    Link,
    Measure,
    MetricReference,
    Reference,
    read_criterion,
    read_link,
    read_measure,
    read_metric,
    read_reference,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score of some scoring framework; ``rank`` 1 is best."""

    code: str | None
    rank: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One stated or measured value: a metric with a measure, a score, or both."""

    metric: MetricReference | None
    measure: Measure | None
    score: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first moment of one day to that of another, which is the last one."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an issuer says of a product or facility, by criteria, with the evidence it points to."""

    id: str | None
    name: str | None
    criteria: tuple[CriterionReference, ...]
    claim_date: datetime | None
    performance: tuple[Performance, ...]
    evidence: tuple[Link, ...]
    topics: tuple[Reference, ...]
    period: Period | None
    pointer: str


def read_score(here: JsonPlace) -> Score:
    """A Score object."""
    return Score(code=here.text("code"), rank=here.number("rank"))


def read_performance(here: JsonPlace) -> Performance:
    """A Performance object."""
    return Performance(
        metric=here.one("metric", read_metric),
        measure=here.one("measure", read_measure),
        score=here.one("score", read_score),
    )


def read_period(here: JsonPlace) -> Period:
    """A Period object."""
    return Period(start=here.moment("startDate"), end=here.moment("endDate"))


def read_claim(here: JsonPlace) -> Claim:
    """A Claim object."""
    return Claim(
        id=here.text("id"),
        name=here.text("name"),
        criteria=here.many("referenceCriteria", read_criterion),
        claim_date=here.moment("claimDate"),
        performance=here.many("claimedPerformance", read_performance),
        evidence=here.many("evidence", read_link),
        topics=here.many("conformityTopic", read_reference),
        period=here.one("applicablePeriod", read_period),
        pointer=here.pointer,
    )
