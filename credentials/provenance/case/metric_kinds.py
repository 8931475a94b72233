"""What kind of figure a metric is of: by our table, the rule pack, or the recognised assessments, all alike.

The rule: only whoever defines a metric or is recognised for assessing by it says what it means, never who claims by it,
and never its name. A percentage that adds up by weighted average, and is about goods, is a share of their mass.
See docs/requirements.md T22.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contexts.codes.metrics import MetricKind
from contexts.codes.metrics import metric as known_metric
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import assessed_topics
from credentials.provenance.case.matching import Object, are_about_place, related_matches
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.performance import metric_of, metrics_of
from credentials.provenance.case.recognition import recognition
from credentials.provenance.statements.statement import AssessmentStatement
from credentials.untp.claim import Performance

_PERCENT: Final = "P1"
_BY_MASS: Final = "weighted-average"


@memoize_per_case
def kind_of(case: Case, metric: str) -> MetricKind:
    """The kind of the metric with the canonical id ``metric``; OTHER where nobody with a say tells, or not alike."""
    known = known_metric(metric)
    kind = known.kind if known is not None else case.pack.kind_of(metric)
    if kind is not None:
        return kind
    stated = set(_stated(case, metric))
    return stated.pop() if len(stated) == 1 else MetricKind.OTHER


def _stated(case: Case, metric: str) -> Iterator[MetricKind]:
    """What recognised assessments of lots of the case, each backing a claim by this metric, say that it is."""
    claims = (claim for passport in case.passports for claim in passport.claims)
    for claim in claims:
        if metric not in metrics_of(claim.said.performance):
            continue
        for match in related_matches(case, claim):
            heard = match.criterion and match.object is Object.SAME and case.counts(match.attestation)
            if heard and recognition(case, match.attestation, match.assessment).recognised:
                figures = match.assessment.said.performance
                yield from (_kind(match.assessment, one) for one in figures if metric_of(one) == metric)


def _kind(assessment: AssessmentStatement, figure: Performance) -> MetricKind:
    said = figure.metric
    by_mass = said is not None and said.aggregation == _BY_MASS and set(said.units) == {_PERCENT}
    about_goods = not are_about_place(assessed_topics(assessment.said))
    return MetricKind.SHARE_OF_MASS if by_mass and about_goods else MetricKind.OTHER
