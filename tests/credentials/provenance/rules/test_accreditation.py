"""PV-ACC: each rule is quiet on the consistent chain and speaks on one mutation of it."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.provenance import Case, judge
from credentials.provenance.question import Holdings
from credentials.provenance.rules.accreditation import RULES
from credentials.trust.trust_lists import TrustList, parse_trust_list
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings, notes, roots, with_status
from tests.credentials.provenance.signing import Draft, did_document

FOOTPRINT = "https://assurer.test/credentials/footprint-certificate"
SOURCING = "https://assurer.test/credentials/sourcing-certificate"
BODY = "did:web:regional-body.test"


def without_accreditation() -> dict[str, Draft]:
    drafts = twin.drafts()
    del drafts["accreditation"]
    return drafts


def accredited_through(*bodies: str) -> dict[str, Draft]:
    """The certifier is accredited by the first of ``bodies``, which the next accredits, and so on."""
    drafts = twin.drafts()
    subjects = (twin.CERTIFIER, *bodies)
    original = drafts.pop("accreditation")
    for step, (subject, body) in enumerate(zip(subjects, bodies, strict=False)):
        host = body.removeprefix("did:web:")
        anchor = {**original, "id": f"https://{host}/credentials/accreditation-{step}"}
        anchor["issuer"] = {"type": ["CredentialIssuer"], "id": body, "name": host}
        anchor["credentialSubject"] = {**original["credentialSubject"], "id": subject}
        drafts[f"accreditation-{step}"] = anchor
    return drafts


def named_by_themselves(drafts: dict[str, Draft]) -> Holdings:
    """The holdings in which each accredited body's DID document names its accreditation."""
    services: dict[str, list[dict[str, str]]] = {}
    for name, draft in drafts.items():
        if name.startswith("accreditation-"):
            did, id = draft["credentialSubject"]["id"], draft["id"]
            service = {"id": f"{did}#{name}", "type": "dia", "serviceEndpoint": id}
            services.setdefault(did, []).append(service)
    return twin.holdings(drafts, documents={did: did_document(did, services=those) for did, those in services.items()})


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_nothing_is_wrong_with_the_consistent_chain(rule: str) -> None:
    assert complaints(rule, twin.holdings()) == []


def test_a_third_party_that_is_the_assessed_party_itself_is_found() -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"]["credentialSubject"]["issuedToParty"]["id"] = twin.CERTIFIER

    assert [one.subject for one in complaints("PV-ACC-1", twin.holdings(drafts))] == [FOOTPRINT]


def test_two_identifiers_with_one_registration_are_one_party() -> None:
    drafts = twin.drafts()
    drafts["anchor-assurer.test"]["credentialSubject"]["registeredId"] = twin.NUMBERS[twin.MAKER]

    assert [one.subject for one in complaints("PV-ACC-1", twin.holdings(drafts))] == [FOOTPRINT]


def test_a_certifier_without_accreditation_is_one_finding_and_all_else_follows_from_it() -> None:
    holdings = twin.holdings(without_accreditation())

    assert roots(holdings) == {("PV-ACC-2", twin.CERTIFIER)}
    assert len([one for one in findings(holdings) if one.rule == "PV-ACC-2"]) == 1


def test_an_accreditor_nobody_believes_accredits_nobody() -> None:
    register_only = parse_trust_list({"entries": twin.trust().to_json()["entries"][1:]})

    answers = complaints("PV-ACC-2", twin.holdings(trust_list=register_only))

    assert [one.subject for one in answers] == [twin.CERTIFIER]


def test_a_revoked_accreditation_is_the_cause_of_what_follows() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "accreditation")

    assert roots(twin.holdings(drafts, answers=answers)) == {("PV-CRED-3", drafts["accreditation"]["id"])}


def test_an_accreditation_for_another_scheme_is_none() -> None:
    drafts = twin.drafts()
    for name in ("footprint-attestation", "sourcing-attestation"):
        drafts[name]["credentialSubject"]["referenceScheme"]["id"] = "https://other.test/scheme"

    assert [one.subject for one in complaints("PV-ACC-2", twin.holdings(drafts))] == [twin.CERTIFIER]


def test_a_scope_that_does_not_cover_the_assessment_is_found() -> None:
    drafts = twin.drafts()
    drafts["accreditation"]["credentialSubject"]["registrationScope"] = [twin.FOOTPRINT_CRITERION]

    assert [one.subject for one in complaints("PV-ACC-3", twin.holdings(drafts))] == [SOURCING]


def test_a_topic_contains_no_criterion_because_whoever_assesses_names_it() -> None:
    drafts = twin.drafts()
    scope = [f"{twin.TOPICS}greenhouse-gas-emissions", f"{twin.TOPICS}ethical-material-sourcing"]
    drafts["accreditation"]["credentialSubject"]["registrationScope"] = scope

    assert {one.subject for one in complaints("PV-ACC-3", twin.holdings(drafts))} == {FOOTPRINT, SOURCING}


def test_a_scheme_is_a_scope_for_what_is_below_it_and_for_nothing_else() -> None:
    drafts = twin.drafts()
    criterion = drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]["assessmentCriteria"][0]
    criterion["id"] = "https://other.test/schemes/clean/criteria/footprint"

    assert [one.subject for one in complaints("PV-ACC-3", twin.holdings(drafts))] == [FOOTPRINT]


def test_each_criterion_of_an_assessment_must_be_in_the_scope() -> None:
    drafts = twin.drafts()
    drafts["accreditation"]["credentialSubject"]["registrationScope"] = [twin.SOURCING_CRITERION]
    criteria = drafts["sourcing-attestation"]["credentialSubject"]["conformityAssessment"][0]["assessmentCriteria"]
    criteria.append(criteria[0] | {"id": twin.FOOTPRINT_CRITERION})

    assert {one.subject for one in complaints("PV-ACC-3", twin.holdings(drafts))} == {FOOTPRINT, SOURCING}


def test_a_body_believed_for_other_topics_only_does_not_cover_the_assessment() -> None:
    accreditor, register = twin.trust().to_json()["entries"]
    sourcing = {"topics": ["https://vocabulary.uncefact.org/conformity-topic/ethical-material-sourcing"]}

    answers = complaints(
        "PV-ACC-3", twin.holdings(trust_list=parse_trust_list({"entries": [accreditor | sourcing, register]}))
    )

    assert [one.subject for one in answers] == [FOOTPRINT]


@pytest.mark.parametrize("accredited", [True, False])
def test_a_stated_endorsement_weighs_only_where_it_is_all_there_is(*, accredited: bool) -> None:
    drafts = twin.drafts() if accredited else without_accreditation()
    drafts["footprint-attestation"]["credentialSubject"]["authorisation"] = [endorsement("https://board.test/page")]
    holdings = twin.holdings(drafts)

    assert [one.subject for one in notes("PV-ACC-4", holdings)] == [FOOTPRINT] * accredited
    answers = complaints("PV-ACC-4", holdings)
    assert [one.because for one in answers] == [(f"PV-ACC-2 {twin.CERTIFIER}",)] * (not accredited)


def test_an_endorsement_proven_by_the_accreditation_is_no_finding() -> None:
    drafts = twin.drafts()
    proof = endorsement(drafts["accreditation"]["id"])
    drafts["footprint-attestation"]["credentialSubject"]["authorisation"] = [proof]
    holdings = twin.holdings(drafts)

    assert complaints("PV-ACC-4", holdings) == notes("PV-ACC-4", holdings) == []


def test_an_assessment_before_the_accreditation_is_found() -> None:
    drafts = twin.drafts()
    drafts["accreditation"]["validFrom"] = "2026-02-01T00:00:00Z"

    answers = complaints("PV-ACC-5", twin.holdings(drafts))

    assert [(one.subject, one.source) for one in answers] == [(twin.CERTIFIER, SOURCING)]


def test_everything_assessed_before_the_accreditation_has_one_cause() -> None:
    drafts = twin.drafts()
    drafts["accreditation"]["validFrom"] = "2026-05-20T00:00:00Z"

    assert roots(twin.holdings(drafts)) == {("PV-ACC-5", twin.CERTIFIER)}


def test_an_accreditation_on_the_day_of_the_assessment_is_one_whatever_the_hour() -> None:
    drafts = twin.drafts()
    day = drafts["sourcing-attestation"]["credentialSubject"]["conformityAssessment"][0]["assessmentDate"]
    drafts["accreditation"]["validFrom"] = f"{day}T20:00:00Z"

    assert complaints("PV-ACC-5", twin.holdings(drafts)) == []


def test_an_accreditation_that_ended_since_is_only_noted() -> None:
    drafts = twin.drafts()
    drafts["accreditation"]["validUntil"] = "2026-05-20T00:00:00Z"
    holdings = twin.holdings(drafts)

    assert complaints("PV-ACC-5", holdings) == []
    assert {one.subject for one in notes("PV-ACC-5", holdings)} == {twin.CERTIFIER}


def test_a_chain_of_bodies_up_to_the_root_is_accepted() -> None:
    holdings = twin.holdings(accredited_through(BODY, twin.ACCREDITOR), trust_list=delegating(1))

    assert complaints("PV-ACC-2", holdings) == complaints("PV-ACC-6", holdings) == []


@pytest.mark.parametrize("delegates", [0, 1])
def test_a_chain_longer_than_its_root_delegates_is_found(delegates: int) -> None:
    bodies = (BODY, "did:web:local-body.test")[: delegates + 1]
    holdings = twin.holdings(accredited_through(*bodies, twin.ACCREDITOR), trust_list=delegating(delegates))

    assert [one.subject for one in complaints("PV-ACC-6", holdings)] == [twin.CERTIFIER]
    assert roots(holdings) == {("PV-ACC-6", twin.CERTIFIER)}


def test_nobody_accredits_for_more_than_it_is_accredited_for() -> None:
    drafts = accredited_through(BODY, twin.ACCREDITOR)
    drafts["accreditation-1"]["credentialSubject"]["registrationScope"] = [twin.SOURCING_CRITERION]

    answers = complaints("PV-ACC-3", twin.holdings(drafts, trust_list=delegating(1)))

    assert [one.subject for one in answers] == [FOOTPRINT]


def test_an_assessor_with_two_accreditations_is_recognised_for_what_either_covers() -> None:
    drafts = twin.drafts()
    second = {**drafts["accreditation"], "id": f"{drafts['accreditation']['id']}-2"}
    second["credentialSubject"] = {**second["credentialSubject"], "registrationScope": [twin.SOURCING_CRITERION]}
    drafts["accreditation"]["credentialSubject"]["registrationScope"] = [twin.FOOTPRINT_CRITERION]
    drafts["accreditation-2"] = second

    assert complaints("PV-ACC-3", twin.holdings(drafts)) == []


def test_a_chain_longer_than_the_policy_allows_is_found() -> None:
    bodies = [f"did:web:body-{step}.test" for step in range(4)]

    chain = accredited_through(*bodies, twin.ACCREDITOR)
    answers = complaints("PV-ACC-6", twin.holdings(chain, trust_list=delegating(9)))

    assert [one.subject for one in answers] == [twin.CERTIFIER]


def test_a_chain_that_ends_with_a_stranger_is_found() -> None:
    answers = complaints("PV-ACC-6", named_by_themselves(accredited_through(BODY, "did:web:stranger.test")))

    assert [one.subject for one in answers] == [twin.CERTIFIER]


def test_bodies_that_accredit_each_other_are_found() -> None:
    answers = complaints("PV-ACC-6", named_by_themselves(accredited_through(BODY, twin.CERTIFIER)))

    assert [one.subject for one in answers] == [twin.CERTIFIER]


def test_a_level_that_only_an_authority_gives_is_not_borne_out_by_a_scheme_owner() -> None:
    answers = complaints("PV-ACC-8", twin.holdings(trust_list=scheme_owner_only()))

    assert {(one.subject, one.because) for one in answers} == {(FOOTPRINT, ()), (SOURCING, ())}


def test_what_a_scheme_gives_is_borne_out_by_its_owner() -> None:
    drafts = twin.drafts()
    for name in ("footprint-attestation", "sourcing-attestation"):
        drafts[name]["credentialSubject"]["assessmentLevel"] = "scheme-cab"

    assert complaints("PV-ACC-8", twin.holdings(drafts, trust_list=scheme_owner_only())) == []


def delegating(bodies: int) -> TrustList:
    """The accreditor lets so many others accredit in its name."""
    accreditor = next(one for one in twin.trust().to_json()["entries"] if one["did"] == twin.ACCREDITOR)
    others = [one for one in twin.trust().to_json()["entries"] if one is not accreditor and one != accreditor]
    return parse_trust_list({"entries": [accreditor | {"delegates": bodies}, *others]})


def scheme_owner_only() -> TrustList:
    accreditor, register = twin.trust().to_json()["entries"]
    return parse_trust_list({"entries": [accreditor | {"roles": ["scheme-owner"]}, register]})


def endorsement(url: str) -> dict[str, Any]:
    return {
        "name": "Recognised assessor",
        "issuingAuthority": {"type": ["Party"], "id": twin.ACCREDITOR, "name": "Board"},
        "endorsementEvidence": {"linkURL": url, "linkName": "Recognition", "mediaType": "application/vc+jwt"},
    }


def test_a_self_assessment_by_its_own_word_bears_out_nothing_whoever_issued_it() -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"]["credentialSubject"]["assessorLevel"] = "self"
    holdings = twin.holdings(drafts)

    assert [one.outcome.value for one in complaints("PV-ACC-1", holdings)] == ["fail"]
    (claim,) = judge(Case.of(twin.question(), holdings)).claims
    assert (claim.verdict.value, claim.grade) == ("UNVERIFIABLE", 1)
