"""How an intact credential stands at a moment: its validity and its status, read per use.

The rule: a list that could not be read is UNKNOWN, never "not revoked"; a revocation counts whenever it is seen,
because a status list does not say since when. A ``message`` or ``refresh`` that can be read never blocks; an entry
that cannot be read may have said anything, whatever purpose it states, so it makes the status UNKNOWN.
The life of a credential is the one that verifying found, asked with the same slack (credentials.encoding.period).
Specifications: VCDM 2.0 section 4.9; Bitstring Status List 1.0 section 2; docs/rules.md, PV-CRED.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from credentials.encoding.moments import start_of
from credentials.encoding.timespan import Timespan
from credentials.trust.policy import Policy
from credentials.verdict import VerifiedCredential


class Standing(StrEnum):
    """How a credential stands; only VALID (and SUSPENDED, if the policy says warn) may be relied on."""

    VALID = "valid"
    NOT_YET = "not-yet-valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    UNKNOWN = "status-unknown"


def issued(credential: VerifiedCredential) -> datetime | None:
    """The moment a credential speaks from; None when it does not say."""
    begins = credential.value.get("validFrom")
    return start_of(begins) if begins is not None else None


def validity(credential: VerifiedCredential, when: Timespan) -> Standing:
    """VALID, NOT_YET or EXPIRED at ``when``, by the life that verifying found; nothing about status.

    Of a day it is VALID if it can have been in force at the time of that day that is meant.
    """
    life = credential.verdict.life
    if life.is_ahead(when.latest):
        return Standing.NOT_YET
    return Standing.EXPIRED if life.is_over(when.earliest) else Standing.VALID


def status(credential: VerifiedCredential) -> Standing:
    """VALID, REVOKED, SUSPENDED or UNKNOWN: a revocation first, then any entry that could not be read."""
    entries = credential.verdict.status
    set_purposes = {entry.purpose for entry in entries if entry.value}
    if "revocation" in set_purposes:
        return Standing.REVOKED
    if any(entry.value is None for entry in entries):
        return Standing.UNKNOWN
    return Standing.SUSPENDED if "suspension" in set_purposes else Standing.VALID


def standing(credential: VerifiedCredential, when: Timespan) -> Standing:
    """How ``credential`` stands at ``when``: a revocation first, then validity, then what could not be told."""
    now = status(credential)
    if now is Standing.REVOKED:
        return now
    timely = validity(credential, when)
    return now if timely is Standing.VALID else timely


def acceptable(found: Standing, policy: Policy) -> bool:
    """May what stands like this be relied on?"""
    return found is Standing.VALID or (found is Standing.SUSPENDED and policy.suspended == "warn")


def reliable(credential: VerifiedCredential, when: Timespan | None, policy: Policy) -> bool:
    """May the credential be relied on for a use at ``when``; None: in a record of what was, whatever the day?"""
    return acceptable(status(credential) if when is None else standing(credential, when), policy)
