"""Two recognised figures that cannot both be contradict each other, also where neither of them denies the claim."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from credentials.provenance import Case, ClaimVerdict, Report, Word, judge
from tests.credentials.provenance import twin
from tests.credentials.provenance.claims.test_intervals import CLAIM, attested, claiming, performance
from tests.credentials.provenance.signing import Draft

OWN, SECOND = "https://assurer.test/credentials/battery", "https://assurer.test/credentials/second"


def found(drafts: dict[str, Draft]) -> tuple[Report, ClaimVerdict]:
    report = judge(Case.of(twin.question(claims=frozenset({CLAIM})), twin.holdings(drafts)))
    return report, report.claims[0]


def assessed(first: dict[str, Any], second: dict[str, Any], **changed: Any) -> dict[str, Draft]:
    """The battery claims 30 %; its own certificate says one thing, a second one another."""
    drafts = attested(30)
    other = deepcopy(drafts["own"])
    other["id"] = SECOND
    other["credentialSubject"]["id"] = "https://assurer.test/attestations/second"
    assessment = other["credentialSubject"]["conformityAssessment"][0]
    assessment |= {"id": "https://assurer.test/assessments/second", **changed}
    for one, figure in ((drafts["own"], first), (other, second)):
        one["credentialSubject"]["conformityAssessment"][0]["assessedPerformance"] = [figure]
    for short in ("concentrate", "graphite"):
        del drafts[f"{short}-attestation"]
    return drafts | {"second": other}


def exactly(percent: float) -> dict[str, Any]:
    return performance(percent, lowerTolerance=0, upperTolerance=0)


def test_two_figures_that_cannot_both_be_contradict_each_other() -> None:
    report, claim = found(assessed(exactly(40), exactly(60)))
    assert (claim.verdict, claim.value, claim.because) == (Word.CONTRADICTED, (0.0, 0.6), (f"PV-CLM-5 {CLAIM}",))
    assert claim.next_grade == "Recognised attestations contradict each other."
    (told,) = (one for one in report.findings if one.subject == CLAIM)
    assert (told.rule, told.outcome, told.severity, told.because) == ("PV-CLM-5", "fail", "block", ())
    assert set(told.shown_by) >= {OWN, SECOND}
    assert "40 %" in told.detail
    assert "60 %" in told.detail


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (performance(40), performance(60)),  # at least 40, at least 60
        (performance(40, upperTolerance=20), exactly(60)),
        (exactly(40), exactly(40)),
        (performance(40, upperTolerance=10, lowerTolerance=0), performance(50, lowerTolerance=5, upperTolerance=0)),
    ],
)
def test_figures_that_can_both_be_bear_the_claim_out(first: dict[str, Any], second: dict[str, Any]) -> None:
    report, claim = found(assessed(first, second))
    assert claim.verdict is Word.VERIFIED
    assert [one.rule for one in report.findings if one.subject == CLAIM] == []


def test_figures_in_other_units_are_compared_after_conversion() -> None:
    other = exactly(600)
    other["measure"]["unit"] = "NX"  # parts per thousand
    assert found(assessed(exactly(60), other))[1].verdict is Word.VERIFIED
    assert found(assessed(exactly(40), other))[1].verdict is Word.CONTRADICTED


def test_an_assessor_nobody_recognises_contradicts_nobody() -> None:
    drafts = assessed(exactly(40), exactly(60))
    drafts["second"]["issuer"] = {**drafts["second"]["issuer"], "id": twin.MINE}
    drafts["second"]["id"] = "https://northpit.test/credentials/second"
    assert found(drafts)[1].verdict is Word.VERIFIED


def test_an_assessment_of_another_lot_contradicts_nothing() -> None:
    product = {"product": {"type": ["Product"], "id": twin.CATHODE, "name": "Cathode", "batchNumber": "K-31"}}
    assert found(assessed(exactly(40), exactly(60), assessedProduct=[product]))[1].verdict is Word.VERIFIED


def test_a_denial_of_the_claim_is_told_once_as_that() -> None:
    report, claim = found(assessed(exactly(30), exactly(10)))
    assert claim.verdict is Word.CONTRADICTED
    (told,) = (one for one in report.findings if one.subject == CLAIM)
    assert "contradict each other" not in told.detail


def test_of_what_is_made_of_it_only_what_both_exclude_is_excluded() -> None:
    drafts = claiming(50, concentrate=50, graphite=50)
    second = deepcopy(drafts["graphite-attestation"])
    second["id"] = SECOND
    for draft, percent in ((drafts["graphite-attestation"], 60), (second, 80)):
        draft["credentialSubject"]["conformityAssessment"][0]["assessedPerformance"] = [exactly(percent)]
    _, claim = found(drafts | {"second": second})
    assert claim.verdict is Word.PARTIALLY_VERIFIED
    assert claim.value == pytest.approx((0.5 * 42 / 104, (0.5 * 42 + 0.8 * 62) / 104), abs=1e-6)
