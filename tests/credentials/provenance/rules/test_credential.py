"""PV-CRED: each rule is quiet on the consistent chain and speaks on one mutation of it."""

from __future__ import annotations

import json

import pytest

from credentials.encoding.multibase import digest_multibase
from credentials.evidence import Absent, AbsentReason, Need, NeedKind
from credentials.provenance.rules.credential import RULES
from credentials.provenance.rules.rule import Severity
from credentials.trust.policy import Policy
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, notes, roots, with_status
from tests.credentials.provenance.signing import found

CERTIFICATE = "https://assurer.test/credentials/footprint-certificate"
PASSPORT = "https://cellworks.test/credentials/battery"


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_nothing_is_wrong_with_the_consistent_chain(rule: str) -> None:
    assert complaints(rule, twin.holdings()) == []


def test_a_broken_signature_is_one_finding_about_the_credential() -> None:
    answers = complaints("PV-CRED-1", twin.holdings(broken=frozenset({"footprint-attestation"})))

    assert [(one.subject, one.outcome.value) for one in answers] == [(CERTIFICATE, "fail")]


def test_what_cannot_be_told_because_a_supplier_is_silent_follows_from_the_gap() -> None:
    silence = {Need(NeedKind.DID_DOCUMENT, twin.MINE): Absent(reason=AbsentReason.OFFLINE)}
    holdings = twin.holdings(answers=silence)

    assert {one.outcome.value for one in complaints("PV-CRED-1", holdings)} == {"unknown"}
    assert roots(holdings) == {("PV-GAP-1", twin.CONCENTRATE), ("PV-GAP-1", twin.GRAPHITE)}


def test_a_shape_the_version_does_not_allow_is_found() -> None:
    drafts = twin.drafts()
    del drafts["footprint-attestation"]["credentialSubject"]["referenceScheme"]

    answers = complaints("PV-CRED-2", twin.holdings(drafts))

    assert [one.subject for one in answers] == [CERTIFICATE]


def test_a_lint_finding_keeps_its_own_requirement_id() -> None:
    drafts = twin.drafts()
    drafts["battery-passport"]["credentialSubject"]["materialProvenance"][0]["massFraction"] = 0.5

    assert ("DPP-03", PASSPORT) in roots(twin.holdings(drafts))


PASSPORT_OF_AN_INPUT = "https://coastsmelter.test/credentials/cathode"


@pytest.mark.parametrize(("ended", "expected"), [("2026-05-10", []), ("2026-03-10", [PASSPORT_OF_AN_INPUT])])
def test_a_passport_of_an_input_holds_when_the_input_is_used(ended: str, expected: list[str]) -> None:
    drafts = twin.drafts()
    drafts["cathode-passport"]["validUntil"] = f"{ended}T12:00:00Z"
    drafts["cathode-passport"]["id"] = PASSPORT_OF_AN_INPUT

    assert [one.subject for one in complaints("PV-CRED-4", twin.holdings(drafts))] == expected


def test_a_revoked_credential_is_found() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation")

    found_wrong = complaints("PV-CRED-3", twin.holdings(drafts, answers=answers))

    assert [(one.subject, one.outcome.value) for one in found_wrong] == [(CERTIFICATE, "fail")]


@pytest.mark.parametrize(("suspended", "severity"), [("warn", Severity.WARN), ("block", Severity.BLOCK)])
def test_how_much_a_suspension_weighs_is_policy(suspended: str, severity: Severity) -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation", purpose="suspension")

    holdings = twin.holdings(drafts, answers=answers)
    (answer,) = complaints("PV-CRED-3", holdings, policy=Policy(suspended=suspended))

    assert (answer.subject, answer.severity) == (CERTIFICATE, severity)


def test_a_status_list_that_does_not_answer_is_unknown_and_never_not_revoked() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation", value=0, served=False)

    found_wrong = complaints("PV-CRED-3", twin.holdings(drafts, answers=answers))

    assert [(one.subject, one.outcome.value) for one in found_wrong] == [(CERTIFICATE, "unknown")]


def test_a_credential_that_could_be_revoked_and_is_not_is_no_finding() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation", value=0)

    assert roots(twin.holdings(drafts, answers=answers)) == set()


def test_an_expired_passport_is_found() -> None:
    drafts = twin.drafts()
    drafts["battery-passport"]["validUntil"] = "2026-05-20T00:00:00Z"

    assert [one.subject for one in complaints("PV-CRED-4", twin.holdings(drafts))] == [PASSPORT]


def test_an_attestation_that_expired_after_its_use_is_only_noted() -> None:
    drafts = twin.drafts()
    drafts["footprint-attestation"]["validUntil"] = "2026-05-20T00:00:00Z"
    holdings = twin.holdings(drafts)

    assert complaints("PV-CRED-4", holdings) == []
    assert [one.subject for one in notes("PV-CRED-4", holdings)] == [CERTIFICATE]


def test_bytes_that_are_not_those_of_the_link_are_found() -> None:
    drafts = twin.drafts()
    evidence = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]["evidence"]
    evidence[0]["digestMultibase"] = digest_multibase(b"another certificate")

    answers = complaints("PV-CRED-5", twin.holdings(drafts))

    assert [(one.subject, one.source) for one in answers] == [(CERTIFICATE, PASSPORT)]


def test_a_digest_that_is_none_is_found() -> None:
    drafts = twin.drafts()
    evidence = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]["evidence"]
    evidence[0]["digestMultibase"] = "sha256-of-something"

    assert [one.subject for one in complaints("PV-CRED-5", twin.holdings(drafts))] == [CERTIFICATE]


def test_a_credential_filed_under_something_it_does_not_name_is_noted_since_anybody_may_file() -> None:
    links = {"linkset": [{"anchor": twin.BATTERY, "dcc": [{"href": CERTIFICATE}, {"href": _SOURCING}]}]}
    need = Need(NeedKind.LINKSET, twin.BATTERY)
    body = found(json.dumps(links).encode(), media_type="application/linkset+json", source="cellworks", at=twin.AT)

    holdings = twin.holdings(answers={need: body})
    answers = notes("PV-CRED-6", holdings)

    assert complaints("PV-CRED-6", holdings) == []
    assert [(one.subject, one.source) for one in answers] == [(_SOURCING, twin.BATTERY)]


def test_a_replaced_credential_is_noted_and_the_newer_one_is_used() -> None:
    drafts = twin.drafts()
    newer = twin.drafts()["battery-passport"]
    newer |= {"id": "https://cellworks.test/credentials/battery-2", "validFrom": "2026-05-04T00:00:00Z"}
    holdings = twin.holdings({**drafts, "newer": newer})

    assert [one.subject for one in notes("PV-CRED-7", holdings)] == [PASSPORT]
    assert roots(holdings) == set()


_SOURCING = "https://assurer.test/credentials/sourcing-certificate"
