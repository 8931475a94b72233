"""Grades 0 to 4 of one claim, each with the sentence why the next was not reached."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.provenance import Case, ClaimVerdict, Holdings, Word, judge
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import Draft, found

CERTIFICATE = "https://assurer.test/credentials/footprint-certificate"


def verdict(holdings: Holdings) -> ClaimVerdict:
    (claim,) = judge(Case.of(twin.question(), holdings)).claims
    return claim


def claim_of(drafts: dict[str, Draft]) -> dict[str, Any]:
    stated: dict[str, Any] = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    return stated


def self_declared() -> dict[str, Draft]:
    drafts = twin.drafts()
    del drafts["footprint-attestation"], claim_of(drafts)["evidence"]
    return drafts


def test_an_attestation_by_a_recognised_assessor_is_grade_4_and_verified() -> None:
    claim = verdict(twin.holdings())

    assert (claim.verdict, claim.grade, claim.attested_by) == (Word.VERIFIED, 4, (CERTIFICATE,))
    assert "custody" in claim.next_grade


def test_without_accreditation_it_is_grade_3_and_not_verified() -> None:
    drafts = twin.drafts()
    del drafts["accreditation"]

    claim = verdict(twin.holdings(drafts))

    assert (claim.verdict, claim.grade, claim.value) == (Word.UNVERIFIABLE, 3, (0.0, 1.0))
    assert claim.because == (f"PV-ACC-2 {twin.CERTIFIER}",)
    assert [(gap.gap_class, gap.ask) for gap in claim.gaps] == [("unrecognised-issuer", twin.CERTIFIER)]


def test_a_document_instead_of_an_attestation_is_grade_2() -> None:
    drafts = self_declared()
    url = "https://cellworks.test/reports/footprint.pdf"
    claim_of(drafts)["evidence"] = [{"linkURL": url, "linkName": "Report", "mediaType": "application/pdf"}]
    report = found(b"%PDF", media_type="application/pdf", source=url, at=twin.AT)
    answers: dict[Need, Found | Absent] = {Need(NeedKind.FILE, url): report}

    claim = verdict(twin.holdings(drafts, answers=answers))

    assert (claim.verdict, claim.grade) == (Word.UNVERIFIABLE, 2)


def test_a_word_of_ones_own_is_grade_1() -> None:
    claim = verdict(twin.holdings(self_declared()))

    assert (claim.verdict, claim.grade) == (Word.UNVERIFIABLE, 1)
    assert claim.next_grade == "It is self-declared: it names no evidence and nobody attests it."


def test_an_attestation_by_the_claimant_itself_is_worth_no_more_than_its_word() -> None:
    drafts = twin.drafts()
    drafts["anchor-assurer.test"]["credentialSubject"]["registeredId"] = twin.NUMBERS[twin.MAKER]

    claim = verdict(twin.holdings(drafts))

    assert (claim.grade, claim.because) == (1, (f"PV-ACC-1 {CERTIFICATE}",))


@pytest.mark.parametrize(("value", "served", "gap"), [(1, True, "revoked"), (0, False, "stale")])
def test_an_attestation_revoked_or_of_unknown_status_supports_nothing(*, value: int, served: bool, gap: str) -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation", value=value, served=served)

    claim = verdict(twin.holdings(drafts, answers=answers))

    assert (claim.verdict, claim.grade, claim.because) == (Word.UNVERIFIABLE, 1, (f"PV-CRED-3 {CERTIFICATE}",))
    assert [one.gap_class for one in claim.gaps] == [gap]


@pytest.mark.parametrize(("value", "served", "gap"), [(1, True, "revoked"), (0, False, "stale")])
def test_a_passport_revoked_or_of_unknown_status_makes_no_claim(*, value: int, served: bool, gap: str) -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "battery-passport", value=value, served=served)

    claim = verdict(twin.holdings(drafts, answers=answers))

    assert (claim.verdict, claim.grade, claim.value) == (Word.UNVERIFIABLE, 0, (0.0, 1.0))
    assert claim.because == ("PV-CRED-3 https://cellworks.test/credentials/battery",)
    assert [one.gap_class for one in claim.gaps] == [gap]


def test_an_expired_passport_makes_no_claim_today() -> None:
    drafts = twin.drafts()
    drafts["battery-passport"]["validUntil"] = "2026-05-20T00:00:00Z"

    claim = verdict(twin.holdings(drafts))

    assert (claim.grade, claim.because) == (0, ("PV-CRED-4 https://cellworks.test/credentials/battery",))


def test_a_recognised_contradiction_is_grade_0_and_refutes() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["conformance"] = False

    claim = verdict(twin.holdings(drafts))

    assert (claim.verdict, claim.grade, claim.value) == (Word.REFUTED, 0, (0.0, 0.0))
    assert f"PV-CLM-4 {claim.id}" in claim.because


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ({"value": 2000}, Word.CONTRADICTED),  # at most so much was found: less is possible, and nobody found it
        ({"value": 2000, "lowerTolerance": 100}, Word.REFUTED),  # at least 1900 was found
    ],
)
def test_a_figure_worse_than_claimed_contradicts_and_refutes_where_it_excludes(
    found: dict[str, Any], word: Word
) -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessedPerformance"][0]["measure"] |= found

    claim = verdict(twin.holdings(drafts))

    assert (claim.verdict, claim.grade) == (word, 0)
    assert f"PV-CLM-5 {claim.id}" in claim.because


def test_support_and_contradiction_of_equal_weight_are_contradicted() -> None:
    drafts = twin.drafts()
    second = twin.drafts()["footprint-attestation"]
    second["id"] = f"{CERTIFICATE}-2"
    second["credentialSubject"]["id"] += "-2"
    second["credentialSubject"]["conformityAssessment"][0] |= {"id": "https://assurer.test/2", "conformance": False}

    claim = verdict(twin.holdings({**drafts, "second": second}))

    assert (claim.verdict, claim.grade) == (Word.CONTRADICTED, 0)


def test_a_strangers_contradiction_changes_nothing() -> None:
    drafts = twin.drafts()
    second = twin.drafts()["footprint-attestation"]
    second["id"] = "https://rival.test/credentials/1"
    second["issuer"] = {"type": ["CredentialIssuer"], "id": "did:web:rival.test", "name": "Rival"}
    second["credentialSubject"]["id"] += "-2"
    second["credentialSubject"]["conformityAssessment"][0] |= {"id": "https://rival.test/2", "conformance": False}

    claim = verdict(twin.holdings({**drafts, "second": second}))

    assert (claim.verdict, claim.grade) == (Word.VERIFIED, 4)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("conformance", None),
        ("assessmentCriteria", [{"type": ["Criterion"], "id": "https://other.test/c", "name": "Other"}]),
        ("specifiedCondition", ["Only in the north."]),
        ("assessmentDate", "2020-01-01"),
    ],
)
def test_whatever_of_the_attestation_does_not_fit_keeps_the_claim_at_grade_1(member: str, value: Any) -> None:
    drafts = twin.drafts()
    assessment = assessment_of(drafts)
    if value is None:
        del assessment[member]
    else:
        assessment[member] = value

    assert verdict(twin.holdings(drafts)).grade == 1


def assessment_of(drafts: dict[str, Draft]) -> dict[str, Any]:
    stated: dict[str, Any] = drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]
    return stated
