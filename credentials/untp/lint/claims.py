"""Lint of claims and of the performance they state: criteria, topics, metrics, measures.

CLM-01, CLM-02, CLM-04; probes 3 and 4. Units no list knows are found by ``lint.codes`` wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from contexts.codes.metrics import Metric, is_metric_iri, metric
from contexts.codes.topics import topic
from contexts.codes.units import convertible, unit
from credentials.untp.finding import LintFinding
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.reading import Place

_NEEDED: Final = ("referenceCriteria", "claimedPerformance", "conformityTopic")


def check_claim(claim: Place) -> Iterator[LintFinding]:
    """Every check of one Claim object."""
    for key in _NEEDED:
        if not claim.each(key):
            yield finding("CLM-01", claim.below(key), f"The claim has no {key}.", f"Name at least one in {key}.")
    yield from check_topics(claim.each("conformityTopic"))
    yield from check_performance(claim.each("claimedPerformance"))


def check_topics(topics: Iterable[Place]) -> Iterator[LintFinding]:
    """CLM-04: topics come from the UNTP taxonomy."""
    for reference in topics:
        iri = reference.text("id")
        if iri is None or topic(iri) is None:
            yield finding(
                "CLM-04",
                reference.below("id"),
                f"{(iri or '')[:120]!r} is not a topic of the UNTP taxonomy.",
                "Choose one of its 90 topics, https://vocabulary.uncefact.org/conformity-topics/….",
            )


def check_performance(performance: Iterable[Place]) -> Iterator[LintFinding]:
    """CLM-02 and CLM-04: something is measured or scored, by a known metric, in a unit it converts to."""
    for entry in performance:
        named, measure = entry.one("metric", Place), entry.one("measure", Place)
        if measure is None and entry.one("score", Place) is None:
            yield finding(
                "CLM-02", entry.pointer, "The performance has neither a measure nor a score.", "State one of them."
            )
        elif measure is not None and named is None:
            yield finding(
                "CLM-02",
                entry.below("metric"),
                "A measure without a metric says nothing.",
                "Name the metric that was measured.",
            )
        iri = named.text("id") if named is not None else None
        if named is not None and iri is not None:
            known = metric(iri)
            if known is None and is_metric_iri(iri):
                yield _unknown_metric(named, iri)
            if known is not None and measure is not None:
                yield from _unit(measure, known)


def _unknown_metric(named: Place, iri: str) -> LintFinding:
    return finding(
        "CLM-04",
        named.below("id"),
        f"{iri[:120]!r} is not in the UNTP list of metrics.",
        "Choose one of its 69 metrics, or a metric of another list by its own URI.",
    )


def _unit(measure: Place, known: Metric) -> Iterator[LintFinding]:
    code = measure.text("unit")
    if code is None or unit(code) is None or code == known.unit:
        return
    if convertible(code, known.unit):
        yield finding(
            "CLM-04",
            measure.below("unit"),
            f"The unit is {code} where the metric {known.slug} is stated in {known.unit}.",
            f"Convert the value to {known.unit}.",
            severity=WARN,
        )
    else:
        yield finding(
            "CLM-04",
            measure.below("unit"),
            f"The unit {code} cannot be converted to {known.unit}, in which the metric {known.slug} is stated.",
            f"State the value in {known.unit}, or name the metric that was measured.",
        )
