"""PV-ID-10: whoever hands over a folder does not speak for those whose keys nobody else knows."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.keys.codecs import thumbprint
from credentials.provenance import Case, Report, Word, judge
from credentials.trust.trust_lists import TrustList
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints
from tests.credentials.provenance.signing import Draft, key_of

SPEAKING = sorted([twin.ACCREDITOR, twin.CERTIFIER, twin.MAKER, twin.MINE, twin.SMELTER])
#: What a claim of the battery rests on: who makes it, who attests it, and who accredits the one who attests.
CARRYING = [twin.ACCREDITOR, twin.CERTIFIER, twin.MAKER]


def supplied(*dids: str) -> dict[Need, Found | Absent]:
    """The DID documents of these parties, handed over in a folder."""
    needs = [Need(NeedKind.DID_DOCUMENT, did) for did in dids]
    known = twin.holdings().evidence
    return {need: replace(found, served=False) for need in needs if (found := known.found(need)) is not None}


def pinning(*dids: str, key_from: str = "") -> TrustList:
    """The list of the twin, with keys pinned: each party's own, or those of another one."""
    keys = tuple(sorted((did, (thumbprint(key_of(key_from or did).public_key),)) for did in dids))
    return replace(twin.trust(), keys=keys)


def asked(trust: TrustList, *dids: str) -> Report:
    return judge(Case.of(twin.question(), twin.holdings(trust_list=trust, answers=supplied(*dids))))


def test_a_party_whose_document_was_handed_over_and_is_pinned_nowhere_is_told() -> None:
    answers = complaints("PV-ID-10", twin.holdings(answers=supplied(*SPEAKING)))

    assert [(one.subject, one.outcome.value) for one in answers] == [(did, "unknown") for did in SPEAKING]


@pytest.mark.parametrize("did", CARRYING)
def test_no_claim_is_verified_by_the_word_of_whoever_handed_it_over(did: str) -> None:
    report = asked(twin.trust(), did)

    assert report.word is Word.UNVERIFIABLE
    assert report.claims[0].because == (f"PV-ID-10 {did}",)


def test_with_pins_a_folder_is_as_good_as_the_network() -> None:
    report = asked(pinning(*SPEAKING), *SPEAKING)

    assert (report.word, report.findings) == (Word.VERIFIED, ())


@pytest.mark.parametrize("did", CARRYING)
def test_another_key_than_the_pinned_one_is_not_the_partys(did: str) -> None:
    report = asked(pinning(did, key_from="did:web:mallory.test"))

    assert report.word is Word.UNVERIFIABLE
    assert {one.subject for one in report.findings if one.rule == "PV-ID-10"} == {did}


def test_a_stranger_whose_key_nobody_knows_changes_nothing() -> None:
    drafts = twin.drafts()
    rumour = {**drafts["battery-made"], "id": "https://mallory.test/credentials/rumour"}
    rumour["issuer"] = {"type": ["CredentialIssuer"], "id": "did:web:mallory.test", "name": "Mallory"}
    drafts["rumour"] = rumour
    document = Need(NeedKind.DID_DOCUMENT, "did:web:mallory.test")
    found = twin.holdings(drafts).evidence.found(document)
    assert found is not None

    holdings = twin.holdings(drafts, answers={document: replace(found, served=False)})

    assert complaints("PV-ID-10", holdings) == []


def test_a_party_whose_document_is_not_in_evidence_is_not_taken_as_known() -> None:
    held, unseen = twin.holdings(), Need(NeedKind.DID_DOCUMENT, twin.CERTIFIER)
    left = Evidence({need: answer for need, answer in held.evidence.answers.items() if need != unseen})

    answers = complaints("PV-ID-10", replace(held, evidence=left))

    assert [(one.subject, one.outcome.value) for one in answers] == [(twin.CERTIFIER, "unknown")]


HALLS = "did:web:halls.test"


def _in_rented_halls() -> dict[str, Draft]:
    """The factory is in a hall of somebody else, who records it; the claim is about work, and its certificate too."""
    drafts = json.loads(json.dumps(twin.drafts()).replace(twin.FACTORY, "https://halls.test/factory"))
    drafts["facility-cellworks.test"]["issuer"] = {"type": ["CredentialIssuer"], "id": HALLS, "name": "Halls"}
    claim = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    assessed = drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]
    topic = {"type": ["ConformityTopic"], "id": f"{twin.TOPICS}human-equity-and-welfare", "name": "Welfare"}
    criterion = {**claim["referenceCriteria"][0], "conformityTopic": [topic]}
    claim |= {"referenceCriteria": [criterion], "conformityTopic": [topic]}
    for stated, member in ((claim, "claimedPerformance"), (assessed, "assessedPerformance")):
        del stated[member]
    del assessed["assessedProduct"]
    site = drafts["battery-passport"]["credentialSubject"]["producedAtFacility"]
    assessed |= {"assessmentCriteria": [criterion], "conformityTopic": [topic], "assessmentDate": "2026-01-05"}
    assessed["assessedFacility"] = [{"facility": site, "idVerifiedByCAB": True}]
    drafts["footprint-attestation"]["validFrom"] = "2026-01-06T12:00:00Z"
    return drafts


def _handed_over(drafts: dict[str, Draft], did: str) -> dict[Need, Found | Absent]:
    found = twin.holdings(drafts).evidence.found(Need(NeedKind.DID_DOCUMENT, did))
    assert found is not None
    return {Need(NeedKind.DID_DOCUMENT, did): replace(found, served=False)}


def test_the_certificate_of_a_place_rests_on_who_records_the_place() -> None:
    drafts = _in_rented_halls()
    keyed = judge(Case.of(twin.question(), twin.holdings(drafts)))

    unkeyed = judge(Case.of(twin.question(), twin.holdings(drafts, answers=_handed_over(drafts, HALLS))))

    assert (keyed.claims[0].verdict, unkeyed.claims[0].verdict) == (Word.VERIFIED, Word.UNVERIFIABLE)
    assert unkeyed.claims[0].because == (f"PV-ID-10 {HALLS}",)


def _made_for_the_brand() -> dict[str, Draft]:
    """The battery is another company's number; whoever made it tells so, and the certificate was issued to it."""
    drafts = twin.drafts()
    drafts["battery-made"]["issuer"] = {"type": ["CredentialIssuer"], "id": HALLS, "name": "Halls"}
    roles = drafts["battery-passport"]["credentialSubject"]["relatedParty"]
    roles[0]["party"] = {**roles[0]["party"], "id": HALLS, "name": "Halls"}
    drafts["footprint-attestation"]["credentialSubject"]["issuedToParty"]["id"] = HALLS
    return drafts


def test_a_certificate_of_the_maker_rests_on_the_makers_own_word_that_it_made_the_lot() -> None:
    drafts = _made_for_the_brand()
    keyed = judge(Case.of(twin.question(), twin.holdings(drafts)))

    unkeyed = judge(Case.of(twin.question(), twin.holdings(drafts, answers=_handed_over(drafts, HALLS))))

    assert (keyed.claims[0].verdict, unkeyed.claims[0].verdict) == (Word.VERIFIED, Word.UNVERIFIABLE)
    assert unkeyed.claims[0].because == (f"PV-ID-10 {HALLS}",)


def _numbered(number: str) -> dict[str, Draft]:
    """The battery has a GS1 key, and its certifier does not say that it checked whose that is."""
    drafts: dict[str, Draft] = json.loads(json.dumps(twin.drafts()).replace(twin.BATTERY, number))
    for assessed in drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]["assessedProduct"]:
        assessed["idVerifiedByCAB"] = False
    return drafts


def test_a_licensed_number_rests_on_the_register_that_says_whose_it_is() -> None:
    number = "https://id.gs1.org/01/09506000134352"
    drafts = _numbered(number)
    licence = deepcopy(drafts["anchor-cellworks.test"])
    licence["id"] += "-number"
    licence["credentialSubject"] |= {"registerType": "product", "registeredId": number, "registrationScope": [number]}
    drafts["licence"] = licence
    listed = twin.trust()
    register = replace(listed.entries[0], register_types=frozenset({"business", "product"}))
    trust = replace(listed, entries=(register, *listed.entries[1:]))
    question = twin.question(target=number)

    keyed = judge(Case.of(question, twin.holdings(drafts, trust_list=trust)))
    answers = _handed_over(drafts, twin.REGISTER)
    unkeyed = judge(Case.of(question, twin.holdings(drafts, trust_list=trust, answers=answers)))

    assert (keyed.claims[0].verdict, unkeyed.claims[0].verdict) == (Word.VERIFIED, Word.UNVERIFIABLE)
    assert unkeyed.claims[0].because == (f"PV-ID-10 {twin.REGISTER}",)


def test_a_licensed_number_rests_on_the_assessor_who_says_whose_it_is() -> None:
    number, notary = "https://id.gs1.org/01/09506000134352", "did:web:notary.test"
    drafts = _numbered(number)
    licence = deepcopy(drafts["footprint-attestation"])
    licence["id"], licence["issuer"] = "https://notary.test/credentials/number", licence["issuer"] | {"id": notary}
    assessment = licence["credentialSubject"]["conformityAssessment"][0]
    assessment["assessedProduct"][0]["idVerifiedByCAB"] = True
    del assessment["assessedPerformance"]
    drafts["licence"] = licence
    listed = twin.trust()
    root = next(entry for entry in listed.entries if entry.did == twin.ACCREDITOR)
    trust = replace(listed, entries=(*listed.entries, replace(root, did=notary, domain="notary.test")))
    question = twin.question(target=number)

    nobody = judge(Case.of(question, twin.holdings(drafts)))
    keyed = judge(Case.of(question, twin.holdings(drafts, trust_list=trust)))
    answers = _handed_over(drafts, notary)
    unkeyed = judge(Case.of(question, twin.holdings(drafts, trust_list=trust, answers=answers)))

    assert [one.verdict for one in nobody.claims] == []
    assert (keyed.claims[0].verdict, unkeyed.claims[0].verdict) == (Word.VERIFIED, Word.UNVERIFIABLE)
    assert unkeyed.claims[0].because == (f"PV-ID-10 {notary}",)
