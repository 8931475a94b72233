"""Lint of claims and of the performance they state: criteria, topics, metrics, measures.

CLM-01, CLM-02, CLM-04; probes 3 and 4. Units no list knows are found by ``lint.codes`` wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from contexts.codes.metrics import Metric, is_metric_iri, metric
from contexts.codes.topics import topic
from contexts.codes.unit_symbols import symbol
from contexts.codes.units import convertible, unit
from credentials.encoding.document import JsonObject
from credentials.untp.finding import LintFinding
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.lint.ways import Listed, Way, objects, one, pointer_of, text, way_to

_NEEDED: Final = ("referenceCriteria", "claimedPerformance", "conformityTopic")


def check_claims(holder: JsonObject, way: Way) -> Iterator[LintFinding]:
    """Every check of the claims that ``holder`` makes."""
    for index, claim in objects(holder, "performanceClaim"):
        here = way_to(way, "performanceClaim", index)
        criteria, performance, topics = (objects(claim, key) for key in _NEEDED)
        if not (criteria and performance and topics):
            yield from _lacking(claim, here)
        yield from check_topics(topics, here)
        yield from check_performance(performance, here, "claimedPerformance")


def _lacking(claim: JsonObject, way: Way) -> Iterator[LintFinding]:
    for key in _NEEDED:
        if not objects(claim, key):
            yield finding("CLM-01", pointer_of(way, key), f"The claim has no {key}.", f"Name at least one in {key}.")


def check_topics(topics: Sequence[Listed], way: Way) -> Iterator[LintFinding]:
    """CLM-04: the topics at ``conformityTopic`` come from the UNTP taxonomy."""
    for index, reference in topics:
        iri = text(reference, "id")
        if iri is None or topic(iri) is None:
            yield finding(
                "CLM-04",
                pointer_of(way, "conformityTopic", index, "id"),
                f"{(iri or '')[:120]!r} is not a topic of the UNTP taxonomy.",
                "Choose one of its 90 topics, https://vocabulary.uncefact.org/conformity-topics/….",
            )


def check_performance(performance: Sequence[Listed], way: Way, key: str) -> Iterator[LintFinding]:
    """CLM-02 and CLM-04: what stands at ``key`` is measured or scored, by a known metric, in a unit it converts to."""
    for index, entry in performance:
        named, measure = one(entry, "metric"), one(entry, "measure")
        if measure is None and one(entry, "score") is None:
            yield finding(
                "CLM-02",
                pointer_of(way, key, index),
                "The performance has neither a measure nor a score.",
                "State one of them.",
            )
        elif measure is not None and named is None:
            yield finding(
                "CLM-02",
                pointer_of(way, key, index, "metric"),
                "A measure without a metric says nothing.",
                "Name the metric that was measured.",
            )
        iri = text(named[1], "id") if named is not None else None
        if named is not None and iri is not None:
            known = metric(iri)
            if known is None and is_metric_iri(iri):
                yield _unknown_metric(iri, pointer_of(way, key, index, "metric", named[0], "id"))
            if known is not None and measure is not None:
                code = text(measure[1], "unit")
                if code is not None and code != known.unit and unit(code) is not None:
                    yield _other_unit(code, known, pointer_of(way, key, index, "measure", measure[0], "unit"))


def _unknown_metric(iri: str, pointer: str) -> LintFinding:
    return finding(
        "CLM-04",
        pointer,
        f"{iri[:120]!r} is not in the UNTP list of metrics.",
        "Choose one of its 69 metrics, or a metric of another list by its own URI.",
    )


def _other_unit(code: str, known: Metric, pointer: str) -> LintFinding:
    if convertible(code, known.unit):
        return finding(
            "CLM-04",
            pointer,
            f"The unit is {_unit(code)} where the metric {known.label} is stated in {_unit(known.unit)}.",
            f"Convert the value to {known.unit}.",
            severity=WARN,
        )
    return finding(
        "CLM-04",
        pointer,
        f"The unit {_unit(code)} does not convert to {_unit(known.unit)}, in which the metric {known.label} is stated.",
        f"State the value in {known.unit}, or name the metric that was measured.",
    )


def _unit(code: str) -> str:
    """A unit for people, with the code by which it is written."""
    return f"{symbol(code)} ({code})"
