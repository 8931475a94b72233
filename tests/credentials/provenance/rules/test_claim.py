"""PV-CLM: each rule is quiet on the consistent chain and speaks on one mutation of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from credentials.provenance import Case, Word, judge
from credentials.provenance.rules.claim import RULES
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, notes, roots, with_status
from tests.credentials.provenance.signing import Draft

CLAIM = twin.FOOTPRINT_CLAIM
CERTIFICATE = "https://assurer.test/credentials/footprint-certificate"


def claim_of(drafts: dict[str, Draft]) -> dict[str, Any]:
    stated: dict[str, Any] = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    return stated


def assessment_of(drafts: dict[str, Draft]) -> dict[str, Any]:
    stated: dict[str, Any] = drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]
    return stated


def complaining(rule: str, drafts: dict[str, Draft]) -> list[tuple[str, str]]:
    return [(one.subject, one.outcome.value) for one in complaints(rule, twin.holdings(drafts))]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_nothing_is_wrong_with_the_consistent_chain(rule: str) -> None:
    assert complaints(rule, twin.holdings()) == []


def test_an_attestation_of_another_product_does_not_fit() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessedProduct"][0]["product"] |= {"id": "https://cellworks.test/packs/pack-0002"}

    assert complaining("PV-CLM-1", drafts) == [(CLAIM, "fail")]


def test_an_attestation_of_another_item_of_the_product_does_not_fit() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessedProduct"][0]["product"] |= {"itemNumber": "0002"}

    assert complaining("PV-CLM-1", drafts) == [(CLAIM, "fail")]


def test_an_attestation_of_the_whole_batch_covers_its_item() -> None:
    drafts = twin.drafts()
    del assessment_of(drafts)["assessedProduct"][0]["product"]["itemNumber"]

    assert complaining("PV-CLM-1", drafts) == []


def test_a_claim_about_goods_does_not_inherit_from_the_facility() -> None:
    drafts = twin.drafts()
    assess_facility(drafts)

    assert complaining("PV-CLM-1", drafts) == [(CLAIM, "fail")]


def test_a_claim_about_the_place_inherits_from_the_facility() -> None:
    drafts = twin.drafts()
    assess_facility(drafts)
    about_the_place = [{"type": ["ConformityTopic"], "id": f"{twin.TOPICS}forced-labor-elimination", "name": "Work"}]
    claim_of(drafts)["conformityTopic"] = assessment_of(drafts)["conformityTopic"] = about_the_place

    assert complaining("PV-CLM-1", drafts) == []


def test_another_criterion_is_related_evidence_only() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessmentCriteria"][0]["id"] = f"{twin.SCHEME}/criteria/other"

    assert complaining("PV-CLM-2", drafts) == [(CLAIM, "fail")]


def test_a_criterion_does_not_ride_on_one_that_was_assessed() -> None:
    drafts = twin.drafts()
    criteria = claim_of(drafts)["referenceCriteria"]
    criteria.append(criteria[0] | {"id": twin.SOURCING_CRITERION})

    assert complaining("PV-CLM-2", drafts) == [(CLAIM, "unknown")]
    assert word(drafts) is Word.UNVERIFIABLE


def test_a_topic_does_not_ride_on_one_that_was_assessed() -> None:
    drafts = twin.drafts()
    topics = claim_of(drafts)["conformityTopic"]
    topics.append(topics[0] | {"id": f"{twin.TOPICS}forced-labor-elimination"})

    assert complaining("PV-CLM-3", drafts) == [(CLAIM, "unknown")]
    assert word(drafts) is Word.UNVERIFIABLE


def test_two_assessments_bear_out_a_claim_by_two_criteria() -> None:
    drafts = twin.drafts()
    criteria = claim_of(drafts)["referenceCriteria"]
    criteria.append(criteria[0] | {"id": twin.SOURCING_CRITERION})
    second = deepcopy(assessment_of(drafts))
    second["id"] += "-2"
    second["assessmentCriteria"][0]["id"] = twin.SOURCING_CRITERION
    drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"].append(second)

    assert complaining("PV-CLM-2", drafts) == []
    assert word(drafts) is Word.VERIFIED


def word(drafts: dict[str, Draft]) -> Word:
    return judge(Case.of(twin.question(), twin.holdings(drafts))).word


def test_a_trailing_slash_does_not_make_another_criterion() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessmentCriteria"][0]["id"] += "/"

    assert complaining("PV-CLM-2", drafts) == []


def test_another_topic_is_found() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["conformityTopic"][0]["id"] = f"{twin.TOPICS}water-conservation"

    assert complaining("PV-CLM-3", drafts) == [(CLAIM, "fail")]


def test_singular_and_plural_topics_are_one() -> None:
    drafts = twin.drafts()
    singular = "https://vocabulary.uncefact.org/conformity-topic/greenhouse-gas-emissions"
    assessment_of(drafts)["conformityTopic"][0]["id"] = singular

    assert complaining("PV-CLM-3", drafts) == []


@pytest.mark.parametrize(("stated", "outcome"), [(False, "fail"), (None, "unknown")])
def test_an_outcome_other_than_conformance_is_found(stated: bool | None, outcome: str) -> None:
    drafts = twin.drafts()
    if stated is None:
        del assessment_of(drafts)["conformance"]
    else:
        assessment_of(drafts)["conformance"] = stated

    assert complaining("PV-CLM-4", drafts) == [(CLAIM, outcome)]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ({"value": 901, "unit": "KGM"}, [(CLAIM, "fail")]),  # claimed 900 is better than assessed
        ({"value": 0.9, "unit": "TNE"}, []),
        ({"value": 899, "unit": "KGM", "upperTolerance": 1}, []),  # at most 900 is guaranteed
        ({"value": 900, "unit": "KGM", "upperTolerance": 1}, [(CLAIM, "fail")]),
        ({"value": 901, "unit": "KGM", "lowerTolerance": 1}, [(CLAIM, "fail")]),
        ({"value": 850, "unit": "KGM"}, []),  # claimed is worse: allowed where lower is better
        ({"value": 900, "unit": "MTQ"}, [(CLAIM, "unknown")]),
    ],
)
def test_a_claimed_figure_may_not_be_better_than_the_assessed_one(
    measure: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessedPerformance"][0]["measure"] = measure

    assert complaining("PV-CLM-5", drafts) == expected


def test_a_metric_nobody_assessed_is_unknown() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["assessedPerformance"][0]["metric"]["id"] = f"{twin.METRICS}water-intensity"

    assert complaining("PV-CLM-5", drafts) == [(CLAIM, "unknown")]


def test_a_metric_that_is_claimed_without_a_figure_is_borne_out_by_none() -> None:
    drafts = twin.drafts()
    del claim_of(drafts)["claimedPerformance"][0]["measure"]

    assert complaining("PV-CLM-5", drafts) == [(CLAIM, "unknown")]
    assert word(drafts) is Word.UNVERIFIABLE


@pytest.mark.parametrize(("claimed", "expected"), [(1, [(CLAIM, "fail")]), (2, []), (3, [(CLAIM, "unknown")])])
def test_a_claimed_score_is_the_one_that_was_assessed(claimed: int, expected: list[tuple[str, str]]) -> None:
    drafts = twin.drafts()
    for stated, rank in (
        (claim_of(drafts)["claimedPerformance"], claimed),
        (assessment_of(drafts)["assessedPerformance"], 2),
    ):
        del stated[0]["measure"]
        stated[0]["score"] = {"code": "ABC"[rank - 1], "rank": rank}

    assert complaining("PV-CLM-5", drafts) == expected


def test_two_metrics_without_an_id_are_not_one() -> None:
    drafts = twin.drafts()
    for stated in (claim_of(drafts)["claimedPerformance"], assessment_of(drafts)["assessedPerformance"]):
        del stated[0]["metric"]["id"]

    assert complaining("PV-CLM-5", drafts) == [(CLAIM, "unknown")]
    assert word(drafts) is Word.UNVERIFIABLE


def test_a_rank_of_the_claimants_own_does_not_make_another_score_a_lesser_one() -> None:
    drafts = twin.drafts()
    claim_of(drafts)["claimedPerformance"][0]["score"] = {"code": "AAA", "rank": 9}
    assessment_of(drafts)["assessedPerformance"][0]["score"] = {"code": "D", "rank": 4}

    assert complaining("PV-CLM-5", drafts) == [(CLAIM, "unknown")]
    assert word(drafts) is Word.UNVERIFIABLE


def test_the_topic_of_a_criterion_is_that_of_an_assessment_that_states_none() -> None:
    drafts = twin.drafts()
    del assessment_of(drafts)["conformityTopic"]

    assert complaining("PV-CLM-3", drafts) == []
    assert word(drafts) is Word.VERIFIED


def test_a_figure_that_its_metric_cannot_have_is_borne_out_by_nobody() -> None:
    drafts = twin.drafts()
    for stated in (claim_of(drafts)["claimedPerformance"], assessment_of(drafts)["assessedPerformance"]):
        stated[0] |= {"measure": {"value": 560, "unit": "P1"}}
        stated[0]["metric"]["id"] = f"{twin.METRICS}recycled-content-percentage"

    assert complaining("PV-CLM-5", drafts) == [(CLAIM, "unknown")]
    assert word(drafts) is not Word.VERIFIED


def denying(drafts: dict[str, Draft]) -> dict[str, Draft]:
    """The same with a second paper of the certifier, which says no."""
    second = deepcopy(drafts["footprint-attestation"])
    second["id"] += "-2"
    second["credentialSubject"]["id"] += "-2"
    second["credentialSubject"]["conformityAssessment"][0] |= {"id": "https://assurer.test/2", "conformance": False}
    return {**drafts, "second": second}


def test_a_denial_in_another_paper_is_told() -> None:
    drafts = denying(twin.drafts())

    assert complaining("PV-CLM-4", drafts) == [(CLAIM, "fail")]
    assert word(drafts) is Word.CONTRADICTED


def test_the_date_of_the_claim_does_not_put_a_denial_aside() -> None:
    drafts = denying(twin.drafts())
    drafts["second"]["validFrom"] = "2026-05-10T00:00:00Z"  # after the claim

    assert word(drafts) is Word.CONTRADICTED


def test_a_denial_issued_to_somebody_else_is_none() -> None:
    drafts = denying(twin.drafts())
    drafts["second"]["credentialSubject"]["issuedToParty"]["id"] = twin.SMELTER

    assert word(drafts) is Word.VERIFIED


def test_what_was_assessed_of_something_else_is_told_once() -> None:
    drafts = twin.drafts()
    stated = assessment_of(drafts)
    stated["assessedProduct"][0]["product"] |= {"id": "https://cellworks.test/packs/pack-0002"}
    drafts["footprint-attestation"]["validFrom"] = "2026-05-10T00:00:00Z"  # after the claim

    assert roots(twin.holdings(drafts)) == {("PV-CLM-1", CLAIM)}


def test_that_a_certificate_names_nothing_assessed_is_told_once() -> None:
    drafts = twin.drafts()
    del assessment_of(drafts)["assessedProduct"]

    assert roots(twin.holdings(drafts)) == {("DCC-03", CERTIFICATE)}


def test_that_the_schemes_catalogue_is_not_in_hand_is_noted_once() -> None:
    assert [one.subject for one in notes("PV-CLM-6", twin.holdings())] == [twin.SCHEME]


def test_evidence_that_is_not_in_hand_is_unknown() -> None:
    drafts = twin.drafts()
    claim_of(drafts)["evidence"][0] |= {"linkURL": "https://elsewhere.test/certificate"}
    del claim_of(drafts)["evidence"][0]["digestMultibase"]

    assert complaining("PV-CLM-8", drafts) == [(CLAIM, "unknown")]


def test_evidence_that_does_not_verify_follows_from_that() -> None:
    holdings = twin.holdings(broken=frozenset({"footprint-attestation"}))

    assert roots(holdings) == {("PV-CRED-1", CERTIFICATE)}


def test_a_self_declared_claim_is_noted_and_no_defect() -> None:
    drafts = twin.drafts()
    del drafts["footprint-attestation"], claim_of(drafts)["evidence"]
    holdings = twin.holdings(drafts)

    assert roots(holdings) == set()
    assert [one.subject for one in notes("PV-CLM-8", holdings)] == [CLAIM]


def test_an_attestation_issued_to_somebody_else_is_found() -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"]["credentialSubject"]["issuedToParty"]["id"] = twin.SMELTER

    assert complaining("PV-CLM-9", drafts) == [(CLAIM, "fail")]


def test_conditions_in_words_are_noted_for_people() -> None:
    drafts = twin.drafts()
    assessment_of(drafts)["specifiedCondition"] = ["Only for packs sold in the north."]

    assert [one.subject for one in notes("PV-CLM-10", twin.holdings(drafts))] == [CLAIM]


def test_one_assessment_does_not_back_a_second_claim_about_another_metric() -> None:
    drafts = twin.drafts()
    water = twin.drafts()["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    water["id"] = f"{CLAIM}-2"
    water["claimedPerformance"][0]["metric"]["id"] = f"{twin.METRICS}water-intensity"
    drafts["battery-passport"]["credentialSubject"]["performanceClaim"].append(water)

    assert complaining("PV-CLM-11", drafts) == [(f"{CLAIM}-2", "fail")]
    assert ("PV-CLM-5", f"{CLAIM}-2") not in roots(twin.holdings(drafts))


def test_a_revoked_attestation_is_one_finding_about_it() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation")

    assert roots(twin.holdings(drafts, answers=answers)) == {("PV-CRED-3", CERTIFICATE)}


def assess_facility(drafts: dict[str, Draft]) -> None:
    """The footprint attestation assesses the factory instead of the pack."""
    stated = assessment_of(drafts)
    del stated["assessedProduct"]
    facility = {"type": ["Facility"], "id": twin.FACTORY, "name": "Cell Works factory", "registeredId": "factory"}
    stated["assessedFacility"] = [{"facility": facility, "idVerifiedByCAB": True}]
