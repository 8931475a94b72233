"""PV-ID-10: whoever hands over a folder does not speak for those whose keys nobody else knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.keys.codecs import thumbprint
from credentials.provenance import Case, Report, Word, judge
from credentials.trust.trust_lists import TrustList
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints
from tests.credentials.provenance.signing import key_of

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
