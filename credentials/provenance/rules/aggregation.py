"""PV-AGG-2: do figures of a place and of what was made there fit each other?

The rule: figures compare within one metric. Totals of lots made in the period of a place's total are parts of it, and
parts are no more than the whole. So much in a kilogram or a piece is at a place the mean over all it makes: where all
that is told of lies far on one side of it, something is missing or wrong, and nobody says which.
See docs/rules.md PV-AGG-2; docs/decisions/0036-places-and-figures-of-places.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from contexts.codes.metrics import Metric, MetricKind
from contexts.codes.metrics import metric as known_metric
from contexts.codes.unit_symbols import symbol
from contexts.codes.units import convert, convertible
from credentials.encoding.timespan import Timespan
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.times import making_of
from credentials.provenance.mass.quantities import exact
from credentials.provenance.report.figures import amount, number, what_of
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import ClaimStatement, FacilityStatement
from credentials.untp.claim import Performance, Period

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
_FAR: Final = 2  # other years and other goods make a difference, but not that much
_PERCENT: Final = "P1"


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure of a claim: its metric, and its value in the metric's own unit."""

    claim: ClaimStatement
    metric: Metric
    value: Fraction
    said: Performance
    pointer: str


def _fits(case: Case) -> Iterator[Answer]:
    for place in case.places:
        made = [one for one in case.passports if case.graph.same_facility(one.facility, place) and case.counts(one)]
        of_goods = [figure for passport in made for claim in passport.claims for figure in _figures(claim)]
        for record in case.records_of(place):
            for figure in (figure for claim in record.claims for figure in _figures(claim)):
                same = [one for one in of_goods if one.metric == figure.metric]
                if figure.metric.aggregation == "sum":
                    yield from _parts(case, record, figure, same)
                elif same and _is_a_rate(figure.metric):
                    yield _mean(record, figure, same)


def _figures(claim: ClaimStatement) -> Iterator[_Figure]:
    for index, one in enumerate(claim.said.performance):
        known = known_metric(one.metric.id) if one.metric is not None and one.metric.id else None
        if known is None or one.measure is None or one.measure.value is None or one.measure.unit is None:
            continue
        value = convert(one.measure.value, one.measure.unit, known.unit)
        if value is not None and value >= 0:
            yield _Figure(claim, known, value, one, f"{claim.pointer}/claimedPerformance/{index}/measure")


def _is_a_rate(metric: Metric) -> bool:
    """Is it so much in a unit of what is made, and no share or figure of the place itself?"""
    share = convertible(metric.unit, _PERCENT)
    return metric.aggregation == "weighted-average" and metric.kind is MetricKind.OTHER and not share


def _mean(record: FacilityStatement, whole: _Figure, parts: Sequence[_Figure]) -> Answer:
    low, high = min(one.value for one in parts), max(one.value for one in parts)
    if low <= whole.value * _FAR and high * _FAR >= whole.value:
        detail = "The figures of the place and of what was made there fit each other."
        return about(record, PASS, detail, whole.pointer)
    nearest = min(parts, key=lambda one: (abs(one.value - whole.value), one.claim.order))
    detail = (
        f"{amount(whole.said.measure)} {what_of(whole.metric.iri)} is claimed of {record.id} as a whole, and "
        f"{amount(nearest.said.measure)} of what was made there: it is the mean over all it makes."
    )
    sources = tuple(dict.fromkeys(one.claim.source for one in parts))
    return about(record, UNKNOWN, detail, whole.pointer, reason="not-found", because=sources)


def _parts(case: Case, record: FacilityStatement, whole: _Figure, parts: Sequence[_Figure]) -> Iterator[Answer]:
    inside = {one.claim.lot: one for one in parts if _is_within(case, one.claim.lot, whole.claim.said.period)}
    told = sum((one.value for one in inside.values()), Fraction(0))
    if not inside:
        return
    if told <= whole.value * (1 + exact(case.policy.tolerance)):
        yield about(record, PASS, "What was made there has no more of it than the place.", whole.pointer)
        return
    unit = symbol(whole.metric.unit)
    detail = (
        f"{number(whole.value)} {unit} {what_of(whole.metric.iri)} is all that is claimed of {record.id}, and "
        f"{number(told)} {unit} of what was made there in the same time."
    )
    sources = tuple(sorted({one.claim.source for one in inside.values()}))
    yield about(record, FAIL, detail, whole.pointer, because=sources)


def _is_within(case: Case, lot: LotKey | None, period: Period | None) -> bool:
    """Was a lot certainly made in a period?"""
    making = making_of(case, lot) if lot is not None else None
    if making is None or period is None or period.start is None or period.end is None:
        return False
    return Timespan.of(period.start).latest <= making.earliest and making.latest <= Timespan.of(period.end).earliest


PV_AGG_2 = Rule(
    id="PV-AGG-2",
    asks="Do figures of a place and of what was made there fit?",
    severity=Severity.WARN,
    answers=_fits,
)

RULES: Final = (PV_AGG_2,)
