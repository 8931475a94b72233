"""The official sample chain as an oracle: what it says about claims and trust (docs/requirements.md T18)."""

from __future__ import annotations

from functools import lru_cache

from credentials.provenance import Case, Report, Word, judge
from tests.credentials.provenance import official
from tests.shared import needs_shared

pytestmark = needs_shared

BATTERY_CLAIMS = "https://sample-battery.example.com/claims"
CATHODE_FOOTPRINT = "https://sample-refinery.example.com/claims/product-carbon-2025"
CONCENTRATE_FOOTPRINT = "https://sample-mine.example.com/claims/product-carbon-2025"
CONCENTRATE_WATER = "https://sample-mine.example.com/claims/product-water-2025"
MINE_RECORD = "https://credentials.sample-mine.example.com/dfr/mine-001"


@lru_cache
def report() -> Report:
    return judge(Case.of(official.question(), official.holdings()))


def subjects(rule: str, outcome: str = "fail") -> set[str]:
    return {one.subject for one in report().findings if one.rule == rule and one.outcome == outcome}


def test_1_claims_name_other_criteria_than_the_certificates() -> None:
    assert {CATHODE_FOOTPRINT, CONCENTRATE_FOOTPRINT, CONCENTRATE_WATER} <= subjects("PV-CLM-2")


def test_2_certificates_assess_facilities_where_claims_are_about_products() -> None:
    assert subjects("PV-CLM-1") == {CATHODE_FOOTPRINT, CONCENTRATE_FOOTPRINT, CONCENTRATE_WATER}


def test_3_two_evidence_links_of_the_battery_lead_outside_the_set() -> None:
    assert subjects("PV-CLM-8", "unknown") == {
        f"{BATTERY_CLAIMS}/battery-carbon-2025",
        f"{BATTERY_CLAIMS}/battery-due-diligence-2025",
    }


def test_3_other_claims_of_the_battery_have_no_evidence_at_all() -> None:
    noted = {one.subject for one in report().notes if one.rule == "PV-CLM-8"}

    assert {f"{BATTERY_CLAIMS}/battery-recycled-2025", f"{BATTERY_CLAIMS}/battery-efficiency-2025"} <= noted


def test_15_the_battery_makers_only_anchor_is_of_a_register_that_nobody_lists_and_it_does_not_name() -> None:
    assert official.BATTERY_MAKER in subjects("PV-ID-1", "unknown")


def test_15_no_assessor_is_accredited() -> None:
    assert subjects("PV-ACC-2") == set(official.ASSESSORS)


def test_16_material_fractions_of_the_mine_exceed_the_whole() -> None:
    assert MINE_RECORD in subjects("DPP-03")


def test_no_claim_is_verified() -> None:
    assert {claim.verdict for claim in report().claims} == {Word.UNVERIFIABLE}
    assert max(claim.grade for claim in report().claims) == 1
