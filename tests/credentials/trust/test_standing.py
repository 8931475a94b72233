"""How a credential stands: validity at a moment, status whenever it is seen, and what a policy may rely on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.encoding.timespan import Timespan
from credentials.evidence import Absent, Evidence, Found, Need
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.trust.policy import Policy
from credentials.trust.standing import Standing, reliable, standing, validity
from credentials.verdict import Outcome, VerifiedCredential
from credentials.verify import judge, read
from tests.corpus.making import CREATED, ISSUER, KEY, METHOD, to_bytes, token
from tests.corpus.making import credential as credential_of
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import Draft, moment

NAME = "footprint-attestation"
BEFORE, EARLY, FIRST, LAST, LATE, AFTER = (
    moment(text)
    for text in (
        "2026-04-30T00:00:00Z",
        "2026-05-01T11:59:00Z",
        "2026-05-01T12:00:00Z",
        "2031-01-01T00:00:00Z",
        "2031-01-01T00:01:00Z",
        "2031-01-01T00:01:01Z",
    )
)


def credential(purpose: str = "", *, value: int = 1, served: bool = True) -> VerifiedCredential:
    drafts = twin.drafts()
    answers = with_status(drafts, NAME, purpose=purpose, value=value, served=served) if purpose else {}
    return _held(drafts, answers)


def _held(drafts: dict[str, Draft], answers: Mapping[Need, Found | Absent]) -> VerifiedCredential:
    held = twin.holdings(drafts, answers=answers).credentials
    found = next(one for one in held if one.verdict.id == drafts[NAME]["id"])
    assert isinstance(found, VerifiedCredential)
    return found


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (BEFORE, Standing.NOT_YET),
        (EARLY, Standing.VALID),
        (FIRST, Standing.VALID),
        (LAST, Standing.VALID),
        (LATE, Standing.VALID),
        (AFTER, Standing.EXPIRED),
    ],
)
def test_validity_includes_both_ends_give_or_take_a_minute_as_verifying_does(at: datetime, expected: Standing) -> None:
    assert validity(credential(), Timespan.exactly(at)) is expected


@pytest.mark.parametrize(
    ("purpose", "value", "served", "expected"),
    [
        ("revocation", 1, True, Standing.REVOKED),
        ("revocation", 0, True, Standing.VALID),
        ("revocation", 0, False, Standing.UNKNOWN),
        ("suspension", 1, True, Standing.SUSPENDED),
        ("suspension", 0, False, Standing.UNKNOWN),
        ("refresh", 1, True, Standing.VALID),
        ("refresh", 1, False, Standing.UNKNOWN),
        ("message", 0, False, Standing.UNKNOWN),
    ],
)
def test_status_is_read_by_purpose(*, purpose: str, value: int, served: bool, expected: Standing) -> None:
    assert standing(credential(purpose, value=value, served=served), Timespan.exactly(twin.AT)) is expected


UNREADABLE: dict[str, Any] = {
    "a type written as an address": {"type": "https://www.w3.org/ns/credentials/status#BitstringStatusListEntry"},
    "no purpose": {"statusPurpose": None},
    "a purpose nobody knows": {"statusPurpose": "withdrawal"},
    "a purpose in capitals": {"statusPurpose": "Revocation"},
    "an index in words": {"statusListIndex": "seven"},
}


@pytest.mark.parametrize("story", UNREADABLE)
def test_an_entry_that_cannot_be_read_makes_the_status_unknown_whatever_it_is_for(story: str) -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, NAME, value=0)
    drafts[NAME]["credentialStatus"] |= UNREADABLE[story]

    assert standing(_held(drafts, answers), Timespan.exactly(twin.AT)) is Standing.UNKNOWN


def test_more_entries_than_are_read_make_the_status_unknown() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, NAME, value=0)
    drafts[NAME]["credentialStatus"] = [drafts[NAME]["credentialStatus"]] * 20

    assert standing(_held(drafts, answers), Timespan.exactly(twin.AT)) is Standing.UNKNOWN


def test_a_revocation_counts_also_for_a_moment_long_past() -> None:
    assert standing(credential("revocation"), Timespan.exactly(BEFORE)) is Standing.REVOKED


@pytest.mark.parametrize(("suspended", "relied_on"), [("warn", True), ("block", False)])
def test_the_policy_says_whether_a_suspended_credential_may_be_relied_on(*, suspended: str, relied_on: bool) -> None:
    assert reliable(credential("suspension"), Timespan.exactly(twin.AT), Policy(suspended=suspended)) is relied_on


NARROWED = {
    "a token's exp": token(validUntil="2030-01-01T00:00:00Z", exp=int(FIRST.timestamp())),
    "a token's nbf": token(validUntil="2030-12-01T00:00:00Z", nbf=int(FIRST.timestamp())),
    "a proof's expires": to_bytes(
        add_proof(
            credential_of(issuer=ISSUER, validUntil="2030-01-01T00:00:00Z"),
            ProofOptions(verification_method=METHOD, created=CREATED, expires=FIRST),
            suite=SUITES["eddsa-jcs-2022"],
            signer=KEY,
            contexts=standard_library(),
        )
    ),
}


@pytest.mark.parametrize("name", NARROWED)
@pytest.mark.parametrize("seconds", [-61, -60, 0, 60, 61])
def test_a_chain_takes_a_credential_for_as_long_as_verifying_does(name: str, seconds: int) -> None:
    reading, at = read(NARROWED[name], None), FIRST + timedelta(seconds=seconds)
    intact = judge(reading, Evidence(), at=BEFORE).require()
    alive = seconds >= -60 if "nbf" in name else seconds <= 60
    assert (validity(intact, Timespan.exactly(at)) is Standing.VALID) is alive
    assert (judge(reading, Evidence(), at=at).validity.outcome is Outcome.PASSED) is alive
