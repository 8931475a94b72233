"""How a credential stands: validity at a moment, status whenever it is seen, and what a policy may rely on."""

from __future__ import annotations

from datetime import datetime

import pytest

from credentials.trust.policy import Policy
from credentials.trust.standing import Standing, reliable, standing, validity
from credentials.verdict import VerifiedCredential
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import moment

NAME = "footprint-attestation"
BEFORE, FIRST, LAST, AFTER = (
    moment(text)
    for text in ("2026-04-30T00:00:00Z", "2026-05-01T12:00:00Z", "2030-12-31T23:59:59Z", "2031-01-01T00:00:00Z")
)


def credential(purpose: str = "", *, value: int = 1, served: bool = True) -> VerifiedCredential:
    drafts = twin.drafts()
    answers = with_status(drafts, NAME, purpose=purpose, value=value, served=served) if purpose else {}
    held = twin.holdings(drafts, answers=answers).credentials
    found = next(one for one in held if one.verdict.id == drafts[NAME]["id"])
    assert isinstance(found, VerifiedCredential)
    return found


@pytest.mark.parametrize(
    ("at", "expected"),
    [(BEFORE, Standing.NOT_YET), (FIRST, Standing.VALID), (LAST, Standing.VALID), (AFTER, Standing.EXPIRED)],
)
def test_validity_includes_its_first_moment_and_excludes_its_last(at: datetime, expected: Standing) -> None:
    assert validity(credential(), at) is expected


@pytest.mark.parametrize(
    ("purpose", "value", "served", "expected"),
    [
        ("revocation", 1, True, Standing.REVOKED),
        ("revocation", 0, True, Standing.VALID),
        ("revocation", 0, False, Standing.UNKNOWN),
        ("suspension", 1, True, Standing.SUSPENDED),
        ("suspension", 0, False, Standing.UNKNOWN),
        ("refresh", 1, True, Standing.VALID),
    ],
)
def test_status_is_read_by_purpose(*, purpose: str, value: int, served: bool, expected: Standing) -> None:
    assert standing(credential(purpose, value=value, served=served), twin.AT) is expected


def test_a_revocation_counts_also_for_a_moment_long_past() -> None:
    assert standing(credential("revocation"), BEFORE) is Standing.REVOKED


@pytest.mark.parametrize(("suspended", "relied_on"), [("warn", True), ("block", False)])
def test_the_policy_says_whether_a_suspended_credential_may_be_relied_on(*, suspended: str, relied_on: bool) -> None:
    assert reliable(credential("suspension"), twin.AT, Policy(suspended=suspended)) is relied_on
