"""PV-AGG-2: what is claimed of a place and of what was made there."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints
from tests.credentials.provenance.rules.mutations import Drafts, subject


def claimed(
    metric: str, *, of_place: float, of_goods: float, unit: str, period: tuple[str, str] | None = None
) -> Drafts:
    """The works and the cathode that was made there on 20 February 2026, each with a figure of one metric."""
    drafts = twin.drafts()
    model = subject(drafts, "battery-passport")["performanceClaim"][0]
    for name, value in (("facility-coastsmelter.test", of_place), ("cathode-passport", of_goods)):
        claim = deepcopy(model) | {"id": f"https://coastsmelter.test/claims/{name}", "evidence": []}
        claim["claimedPerformance"] = [_performance(metric, value, unit)]
        if period is not None:
            claim["applicablePeriod"] = {"startDate": period[0], "endDate": period[1]}
        subject(drafts, name)["performanceClaim"] = [claim]
    return drafts


def _performance(metric: str, value: float, unit: str) -> dict[str, Any]:
    named = {"type": ["PerformanceMetric"], "id": twin.METRICS + metric, "name": metric}
    return {"metric": named, "measure": {"value": value, "unit": unit}}


def test_a_mean_far_from_all_that_is_told_of_cannot_be_told() -> None:
    drafts = claimed("water-intensity", of_place=2.1, of_goods=15, unit="MTQ")

    (one,) = complaints("PV-AGG-2", twin.holdings(drafts))

    assert (one.subject, one.outcome, one.reason) == (twin.WORKS, "unknown", "not-found")
    assert one.pointer == "/credentialSubject/performanceClaim/0/claimedPerformance/0/measure"
    assert "2.1 m³ water intensity" in one.detail
    assert "15 m³" in one.detail


def test_a_mean_near_what_is_told_of_is_quiet_whatever_the_unit() -> None:
    drafts = claimed("water-intensity", of_place=2.1, of_goods=3, unit="MTQ")
    figures = subject(drafts, "cathode-passport")["performanceClaim"][0]["claimedPerformance"]
    figures[0]["measure"] = {"value": 3000, "unit": "LTR"}

    assert complaints("PV-AGG-2", twin.holdings(drafts)) == []


def test_a_share_of_one_product_says_nothing_of_the_share_of_the_place() -> None:
    drafts = claimed("recycled-content-percentage", of_place=10, of_goods=90, unit="P1")

    assert complaints("PV-AGG-2", twin.holdings(drafts)) == []


def test_parts_that_are_more_than_the_whole_are_found() -> None:
    drafts = claimed("water-discharge", of_place=100, of_goods=120, unit="MTQ", period=("2026-01-01", "2026-12-31"))

    (one,) = complaints("PV-AGG-2", twin.holdings(drafts))

    assert (one.subject, one.outcome) == (twin.WORKS, "fail")
    assert "120 m³" in one.detail


def test_parts_of_another_year_are_no_parts_of_it() -> None:
    drafts = claimed("water-discharge", of_place=100, of_goods=120, unit="MTQ", period=("2025-01-01", "2025-12-31"))

    assert complaints("PV-AGG-2", twin.holdings(drafts)) == []


def test_a_total_without_a_period_is_compared_with_nothing() -> None:
    drafts = claimed("water-discharge", of_place=100, of_goods=120, unit="MTQ")

    assert complaints("PV-AGG-2", twin.holdings(drafts)) == []
