"""Lint of claims, beyond the probes: topics, metrics and units must be real ones and fit each other."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.untp.lint import lint
from tests.credentials.untp.clean import passport

CLAIM = "/credentialSubject/performanceClaim/0"


def _findings(**changes: Any) -> list[tuple[str, str, str]]:
    document = passport()
    document["credentialSubject"]["performanceClaim"][0].update(changes)
    return [(found.rule, found.severity, found.pointer) for found in lint(document)]


def _measured(metric: str, value: float, unit: str) -> list[dict[str, Any]]:
    return [{"metric": {"id": metric, "name": "m"}, "measure": {"value": value, "unit": unit}}]


def _metric(slug: str) -> str:
    return f"https://vocabulary.uncefact.org/performance-metrics/{slug}"


@pytest.mark.parametrize("member", ["referenceCriteria", "claimedPerformance", "conformityTopic"])
def test_an_empty_list_is_no_statement(member: str) -> None:
    assert _findings(**{member: []}) == [("CLM-01", "error", f"{CLAIM}/{member}")]


def test_a_topic_outside_the_taxonomy_is_found() -> None:
    findings = _findings(conformityTopic=[{"id": "https://topics.example/green", "name": "Green"}])

    assert findings == [("CLM-04", "error", f"{CLAIM}/conformityTopic/0/id")]


def test_a_metric_that_only_pretends_to_be_untps_is_found() -> None:
    findings = _findings(claimedPerformance=_measured(_metric("niceness"), 1, "C62"))

    assert findings == [("CLM-04", "error", f"{CLAIM}/claimedPerformance/0/metric/id")]


def test_a_metric_of_another_list_is_allowed() -> None:
    assert _findings(claimedPerformance=_measured("https://metrics.example/softness", 1, "C62")) == []


def test_a_unit_that_cannot_be_converted_is_an_error() -> None:
    findings = _findings(claimedPerformance=_measured(_metric("energy-intensity"), 95, "P1"))

    assert findings == [("CLM-04", "error", f"{CLAIM}/claimedPerformance/0/measure/unit")]


def test_a_unit_that_can_be_converted_is_only_a_warning() -> None:
    findings = _findings(claimedPerformance=_measured(_metric("water-intensity"), 2, "MTQ"))

    assert findings == [("CLM-04", "warn", f"{CLAIM}/claimedPerformance/0/measure/unit")]


def test_a_measure_without_a_metric_is_found() -> None:
    findings = _findings(claimedPerformance=[{"measure": {"value": 1, "unit": "KGM"}}])

    assert findings == [("CLM-02", "error", f"{CLAIM}/claimedPerformance/0/metric")]


def test_a_score_alone_is_a_performance() -> None:
    assert _findings(claimedPerformance=[{"score": {"code": "A", "rank": 1}}]) == []


def test_the_singular_spelling_is_accepted_with_one_warning_a_document() -> None:
    singular = "https://vocabulary.uncefact.org/conformity-topic/"
    findings = _findings(
        conformityTopic=[
            {"id": singular + "data-privacy", "name": "a"},
            {"id": singular + "air-quality-management", "name": "b"},
        ]
    )

    assert findings == [("TAX-01", "warn", f"{CLAIM}/conformityTopic/0/id")]


def test_a_claim_date_that_is_no_date_is_found() -> None:
    assert _findings(claimDate="soon") == [("CLM-01", "error", f"{CLAIM}/claimDate")]
