"""Lint of claims and of the performance they state: criteria, topics, metrics, measures.

CLM-01, CLM-02, CLM-04; probes 3 and 4. Units no list knows are found by ``lint.codes`` wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contexts.codes.metrics import is_metric_iri, metric
from contexts.codes.topics import topic
from contexts.codes.units import convertible, unit
from credentials.untp.claim import Claim, Performance
from credentials.untp.finding import LintFinding
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.values import TopicReference


def check_claim(claim: Claim) -> Iterator[LintFinding]:
    """Every check of one claim."""
    for key, value in (
        ("referenceCriteria", claim.criteria),
        ("claimedPerformance", claim.performance),
        ("conformityTopic", claim.topics),
    ):
        if not value:
            yield finding(
                "CLM-01", f"{claim.pointer}/{key}", f"The claim has no {key}.", f"Name at least one in {key}."
            )
    yield from check_topics(claim.topics)
    yield from check_performance(claim.performance)


def check_topics(topics: Iterable[TopicReference]) -> Iterator[LintFinding]:
    """CLM-04: topics come from the UNTP taxonomy."""
    for reference in topics:
        if reference.id is None or topic(reference.id) is None:
            yield finding(
                "CLM-04",
                f"{reference.pointer}/id",
                f"{(reference.id or '')[:120]!r} is not a topic of the UNTP taxonomy.",
                "Choose one of its 90 topics, https://vocabulary.uncefact.org/conformity-topics/….",
            )


def check_performance(performance: Iterable[Performance]) -> Iterator[LintFinding]:
    """CLM-02 and CLM-04: something is measured or scored, by a known metric, in a unit it converts to."""
    for entry in performance:
        if entry.measure is None and entry.score is None:
            yield finding(
                "CLM-02", entry.pointer, "The performance has neither a measure nor a score.", "State one of them."
            )
        elif entry.measure is not None and entry.metric is None:
            yield finding(
                "CLM-02",
                f"{entry.pointer}/metric",
                "A measure without a metric says nothing.",
                "Name the metric that was measured.",
            )
        yield from _metric(entry)


def _metric(entry: Performance) -> Iterator[LintFinding]:
    iri = entry.metric.id if entry.metric else None
    known = metric(iri) if iri else None
    if entry.metric is not None and iri is not None and known is None and is_metric_iri(iri):
        yield finding(
            "CLM-04",
            f"{entry.metric.pointer}/id",
            f"{iri[:120]!r} is not in the UNTP list of metrics.",
            "Choose one of its 69 metrics, or a metric of another list by its own URI.",
        )
    code = entry.measure.unit if entry.measure else None
    if entry.measure is None or known is None or code is None or unit(code) is None or code == known.unit:
        return
    pointer = f"{entry.measure.pointer}/unit"
    if convertible(code, known.unit):
        yield finding(
            "CLM-04",
            pointer,
            f"The unit is {code} where the metric {known.slug} is stated in {known.unit}.",
            f"Convert the value to {known.unit}.",
            severity=WARN,
        )
    else:
        yield finding(
            "CLM-04",
            pointer,
            f"The unit {code} cannot be converted to {known.unit}, in which the metric {known.slug} is stated.",
            f"State the value in {known.unit}, or name the metric that was measured.",
        )
