"""A claim and the performance it states, as passports and facility records make them and attestations measure them.

UNTP 0.7.0, core vocabulary (Claim). Which topic, metric and unit are real ones is the lint's question (CLM-04), not
this lens's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credentials.encoding.document import Json
from credentials.untp.json_reading import place
from credentials.untp.values import (
    CriterionReference,
    Link,
    Measure,
    MetricReference,
    Period,
    Reference,
    TopicReference,
    read_criterion,
    read_link,
    read_measure,
    read_metric,
    read_period,
    read_reference,
    read_topic,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score of some scoring framework; ``rank`` 1 is best."""

    code: str | None
    rank: Decimal | None
    definition: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One stated or measured value: a metric with a measure, a score, or both."""

    metric: MetricReference | None
    measure: Measure | None
    score: Score | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an issuer says of a product or facility, by criteria, with the evidence it points to."""

    id: str | None
    name: str | None
    description: str | None
    criteria: tuple[CriterionReference, ...]
    regulations: tuple[Reference, ...]
    standards: tuple[Reference, ...]
    claim_date: datetime | None
    period: Period | None
    performance: tuple[Performance, ...]
    evidence: tuple[Link, ...]
    topics: tuple[TopicReference, ...]
    pointer: str


def read_score(value: Json, pointer: str) -> Score:
    """A Score object."""
    here = place(value, pointer)
    return Score(code=here.text("code"), rank=here.number("rank"), definition=here.text("definition"), pointer=pointer)


def read_performance(value: Json, pointer: str) -> Performance:
    """A Performance object."""
    here = place(value, pointer)
    return Performance(
        metric=here.one("metric", read_metric),
        measure=here.one("measure", read_measure),
        score=here.one("score", read_score),
        pointer=pointer,
    )


def read_claim(value: Json, pointer: str) -> Claim:
    """A Claim object."""
    here = place(value, pointer)
    return Claim(
        id=here.text("id"),
        name=here.text("name"),
        description=here.text("description"),
        criteria=here.many("referenceCriteria", read_criterion),
        regulations=here.many("referenceRegulation", read_reference),
        standards=here.many("referenceStandard", read_reference),
        claim_date=here.moment("claimDate"),
        period=here.one("applicablePeriod", read_period),
        performance=here.many("claimedPerformance", read_performance),
        evidence=here.many("evidence", read_link),
        topics=here.many("conformityTopic", read_topic),
        pointer=pointer,
    )
