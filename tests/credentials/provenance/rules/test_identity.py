"""PV-ID: each rule is quiet on the consistent chain and speaks on one mutation of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from credentials.provenance.rules.identity import RULES
from credentials.trust.trust_lists import TrustList, parse_trust_list
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, notes, roots, with_status
from tests.credentials.provenance.signing import Draft, did_document

MAKER_ANCHOR = "anchor-cellworks.test"


def trusting(**changes: Any) -> TrustList:
    """The twin's trust list with other members for its register."""
    register, accreditor = twin.trust().to_json()["entries"][::-1]
    return parse_trust_list({"entries": [register | changes, accreditor]})


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_nothing_is_wrong_with_the_consistent_chain(rule: str) -> None:
    assert complaints(rule, twin.holdings()) == []


def test_an_issuer_nobody_vouches_for_is_genuine_but_unknown() -> None:
    drafts = twin.drafts()
    del drafts[MAKER_ANCHOR]

    answers = complaints("PV-ID-1", twin.holdings(drafts))

    assert [(one.subject, one.outcome.value, one.reason) for one in answers] == [(twin.MAKER, "unknown", "not-found")]


def test_a_party_the_trust_list_names_needs_no_anchor() -> None:
    drafts = twin.drafts()
    del drafts[MAKER_ANCHOR]
    trust = parse_trust_list(
        {"entries": [*twin.trust().to_json()["entries"], {"did": twin.MAKER, "roles": ["auditor"]}]}
    )

    assert complaints("PV-ID-1", twin.holdings(drafts, trust_list=trust)) == []


def test_a_revoked_anchor_does_not_stand_and_says_why() -> None:
    drafts = twin.drafts()
    holdings = twin.holdings(drafts, answers=with_status(drafts, MAKER_ANCHOR))

    answers = complaints("PV-ID-2", holdings)

    assert [(one.subject, one.because) for one in answers] == [
        (twin.MAKER, (f"PV-CRED-3 {drafts[MAKER_ANCHOR]['id']}",))
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"domain": "elsewhere.test"},
        {"registerTypes": ["land"]},
        {"schemes": ["https://register.test/other"]},
        {"roles": ["auditor"]},
        {"validUntil": "2026-01-01"},
    ],
)
def test_a_register_we_do_not_believe_is_one_finding_however_many_it_anchors(changes: dict[str, Any]) -> None:
    # A register that is believed for something else may still not anchor anybody here.
    holdings = twin.holdings(trust_list=trusting(**changes))

    assert [one.subject for one in complaints("PV-ID-3", holdings)] == [twin.REGISTER]


def strangers_anchor() -> Draft:
    anchor = twin.drafts()[MAKER_ANCHOR]
    anchor["id"] = "https://stranger.test/credentials/1"
    anchor["issuer"] = {"type": ["CredentialIssuer"], "id": "did:web:stranger.test", "name": "Stranger"}
    return anchor


def naming(did: str, *anchors: str) -> dict[str, Any]:
    """The DID document of ``did`` with a service for each of its ``anchors``."""
    services = [{"id": f"{did}#{place}", "type": "dia", "serviceEndpoint": place} for place in anchors]
    return {did: did_document(did, services=services)}


def test_a_second_anchor_of_a_stranger_is_only_noted_where_the_party_names_it() -> None:
    drafts, anchor = twin.drafts(), strangers_anchor()
    named = naming(twin.MAKER, drafts[MAKER_ANCHOR]["id"], anchor["id"])
    holdings = twin.holdings({**drafts, "stranger": anchor}, documents=named)

    assert complaints("PV-ID-3", holdings) == []
    assert [one.subject for one in notes("PV-ID-3", holdings)] == ["did:web:stranger.test"]


def test_an_anchor_of_a_stranger_that_the_party_does_not_name_says_nothing() -> None:
    holdings = twin.holdings({**twin.drafts(), "stranger": strangers_anchor()})

    assert complaints("PV-ID-3", holdings) == notes("PV-ID-3", holdings) == []


def test_a_party_under_another_name_than_its_register_knows_it_by_is_found_with_both() -> None:
    drafts = twin.drafts()
    drafts[MAKER_ANCHOR]["credentialSubject"]["registeredName"] = "Other Works"

    (answer,) = complaints("PV-ID-5", twin.holdings(drafts))

    assert answer.subject == twin.MAKER
    assert "“Cell Works”" in answer.detail
    assert "“Other Works”" in answer.detail


@pytest.mark.parametrize("changed", [str.upper, "{} GmbH".format, "{},".format])
def test_the_legal_form_and_the_case_of_a_name_are_no_other_name(changed: Callable[[str], str]) -> None:
    drafts = twin.drafts()
    drafts[MAKER_ANCHOR]["credentialSubject"]["registeredName"] = changed(drafts["battery-passport"]["issuer"]["name"])

    assert complaints("PV-ID-5", twin.holdings(drafts)) == []


def test_a_trademark_does_not_prove_a_company() -> None:
    drafts = twin.drafts()
    drafts[MAKER_ANCHOR]["credentialSubject"]["registerType"] = "trademark"

    assert [one.subject for one in complaints("PV-ID-4", twin.holdings(drafts))] == [twin.MAKER]


def test_an_assessor_needs_a_business_register() -> None:
    drafts = twin.drafts()
    drafts["anchor-assurer.test"]["credentialSubject"]["registerType"] = "facility"

    assert [one.subject for one in complaints("PV-ID-4", twin.holdings(drafts))] == [twin.CERTIFIER]


def test_another_number_than_the_registered_one_is_found() -> None:
    drafts = twin.drafts()
    drafts["battery-passport"]["issuer"]["issuerAlsoKnownAs"][0]["registeredId"] = "B-99"

    assert [one.subject for one in complaints("PV-ID-5", twin.holdings(drafts))] == [twin.MAKER]


def test_a_party_that_does_not_point_back_is_found() -> None:
    holdings = twin.holdings(documents={twin.MAKER: did_document(twin.MAKER)})

    assert [one.subject for one in complaints("PV-ID-6", holdings)] == [twin.MAKER]


def test_an_anchor_that_ended_before_the_party_spoke_is_found() -> None:
    drafts = twin.drafts()
    drafts[MAKER_ANCHOR]["validUntil"] = "2026-05-01T00:00:00Z"

    assert [one.subject for one in complaints("PV-ID-7", twin.holdings(drafts))] == [twin.MAKER]


def test_whether_it_was_anchored_then_cannot_be_told_of_a_credential_without_a_date() -> None:
    drafts = twin.drafts()
    del drafts["battery-passport"]["validFrom"]

    answers = complaints("PV-ID-7", twin.holdings(drafts))

    assert [(one.subject, one.outcome.value, one.reason) for one in answers] == [(twin.MAKER, "unknown", "not-stated")]


def test_registers_that_vouch_for_each_other_end_nowhere() -> None:
    drafts = twin.drafts()
    anchor = twin.drafts()[MAKER_ANCHOR]
    anchor["id"] = "https://cellworks.test/credentials/self-made"
    anchor["issuer"] = drafts["battery-passport"]["issuer"]
    anchor["credentialSubject"]["id"] = twin.REGISTER
    named = naming(twin.REGISTER, anchor["id"])
    holdings = twin.holdings({**drafts, "back": anchor}, trust_list=TrustList(), documents=named)

    assert {one.subject for one in complaints("PV-ID-8", holdings)} >= {twin.MAKER}


def test_an_identifier_of_somebody_else_needs_a_reason() -> None:
    drafts = twin.drafts()
    foreign = "https://brand.test/packs/pack-0001"
    drafts["battery-passport"]["credentialSubject"]["id"] = foreign

    answers = complaints("PV-ID-9", twin.holdings(drafts), target=foreign)

    assert [(one.subject, one.outcome.value) for one in answers] == [(foreign, "unknown")]


def test_an_identifier_that_only_looks_like_an_address_is_on_nobodys_domain() -> None:
    drafts = twin.drafts()
    broken = "https://[cellworks.test/packs/pack-0001"
    drafts["battery-passport"]["credentialSubject"]["id"] = broken

    answers = complaints("PV-ID-9", twin.holdings(drafts), target=broken)

    assert [one.outcome.value for one in answers if one.subject == broken] == ["unknown"]


def test_an_importer_does_not_speak_for_a_number_by_calling_itself_one() -> None:
    drafts = twin.drafts()
    subject = drafts["battery-passport"]["credentialSubject"]
    subject["id"] = "https://brand.test/packs/pack-0001"
    subject["relatedParty"].append({**subject["relatedParty"][0], "role": "importer"})

    answers = complaints("PV-ID-9", twin.holdings(drafts), target=subject["id"])
    assert [(one.subject, one.outcome.value) for one in answers] == [(subject["id"], "unknown")]


def test_a_missing_anchor_is_one_finding() -> None:
    drafts = twin.drafts()
    del drafts[MAKER_ANCHOR]

    assert ("PV-ID-1", twin.MAKER) in roots(twin.holdings(drafts))
