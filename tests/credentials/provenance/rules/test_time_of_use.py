"""PV-CLM-7: what counts is when the thing happened; the claim's date narrows it and never moves it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credentials.provenance import Case, Report, judge
from tests.credentials.provenance import twin
from tests.credentials.provenance.rules.test_claim import CLAIM, assessment_of, claim_of, complaining
from tests.credentials.provenance.signing import Draft


def _judged(drafts: dict[str, Draft]) -> list[Report]:
    return [judge(Case.of(twin.question(), twin.holdings(drafts)))]


@pytest.mark.parametrize(
    "life",
    [
        {"validFrom": "2026-05-01T06:00:00Z", "validUntil": "2026-05-01T09:58:59Z"},
        {"validFrom": "2026-05-03T12:01:01Z"},
    ],
)
def test_an_attestation_not_in_force_on_the_claims_date_is_found(life: dict[str, str]) -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"] |= life

    assert complaining("PV-CLM-7", drafts) == [(CLAIM, "fail")]


@pytest.mark.parametrize(
    ("member", "value"), [("validUntil", "2026-05-02T06:00:00Z"), ("validFrom", "2026-05-02T20:00:00Z")]
)
def test_an_attestation_in_force_during_some_of_the_claims_day_is_in_force(member: str, value: str) -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"][member] = value

    assert complaining("PV-CLM-7", drafts) == []


def test_an_assessment_older_than_the_policy_allows_is_found() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessmentDate"] = "2022-05-01"

    assert complaining("PV-CLM-7", drafts) == [(CLAIM, "fail")]


def test_a_claim_dated_before_its_lot_was_made_is_found() -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"]["validFrom"] = "2026-03-01T12:00:00Z"
    claim_of(drafts)["claimDate"] = "2026-04-15"

    assert complaining("PV-CLM-7", drafts) == [(CLAIM, "fail")]


def test_a_lot_is_not_assessed_before_it_is_made() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessmentDate"] = "2026-04-15"

    assert complaining("PV-CLM-7", drafts) == [(CLAIM, "fail")]


def test_a_lot_may_be_assessed_on_the_day_it_is_made() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessmentDate"] = "2026-04-20"

    assert complaining("PV-CLM-7", drafts) == []


def test_when_nobody_says_when_the_lot_was_made_nobody_can_tell() -> None:
    drafts = twin.drafts()
    del drafts["battery-made"], drafts["battery-passport"]["credentialSubject"]["productionDate"]

    assert complaining("PV-CLM-7", drafts) == [(CLAIM, "unknown")]


def assess_model(drafts: dict[str, Draft], made: str) -> None:
    """The model of the pack was assessed in March 2026; the pack was made at another time."""
    product = assessment_of(drafts)["assessedProduct"][0]["product"]
    del product["itemNumber"], product["batchNumber"]
    product["idGranularity"] = "model"
    assessment_of(drafts)["assessmentDate"] = "2026-03-01"
    drafts["footprint-attestation"]["validFrom"] = "2026-03-02T12:00:00Z"
    drafts["battery-passport"]["credentialSubject"]["productionDate"] = made[:10]
    drafts["battery-made"]["credentialSubject"][0]["eventDate"] = made


@pytest.mark.parametrize(("made", "fits"), [("2026-04-20T09:00:00Z", True), ("2026-02-20T09:00:00Z", False)])
def test_a_certificate_of_a_model_is_for_what_was_made_while_it_was_in_force(*, made: str, fits: bool) -> None:
    drafts = twin.drafts()
    assess_model(drafts, made)

    assert complaining("PV-CLM-7", drafts) == ([] if fits else [(CLAIM, "fail")])


@pytest.mark.parametrize("days", [0, 10])
def test_what_is_dated_after_the_question_is_no_fact_yet(days: int) -> None:
    drafts = twin.drafts()
    day = (twin.AT + timedelta(days=days)).date().isoformat()
    assessment_of(drafts)["assessmentDate"] = claim_of(drafts)["claimDate"] = day

    assert complaining("PV-CLM-7", drafts) == ([(CLAIM, "fail")] if days else [])


@pytest.mark.parametrize("later", ["assessed", "issued"])
def test_a_refusal_of_the_time_after_the_question_refutes_nothing_yet(later: str) -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["conformance"] = False
    assert {one.word.value for one in _judged(drafts)} == {"REFUTED"}
    if later == "assessed":
        assessment_of(drafts)["assessmentDate"] = "2026-07-01"
    else:
        drafts["footprint-attestation"]["validFrom"] = "2026-07-01T12:00:00Z"

    assert {one.word.value for one in _judged(drafts)} == {"UNVERIFIABLE"}
