"""Moves of certifiers and accreditors: beyond their scope, in two minds, or with a status nobody can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from random import Random
from typing import Final

from tests.adversary import documents
from tests.adversary.chain import AT
from tests.adversary.goods import status_list
from tests.adversary.matters import CONTENT_SCHEME, WAGES, WORK_SCHEME
from tests.adversary.moves.claimants import claim_on, without_truth
from tests.adversary.moves.move import By, Move
from tests.adversary.parties import ACCREDITOR, ASSURER, AUDITOR, FRIEND, REGISTER, Json, Party
from tests.adversary.world import World
from tests.credentials.status.bits import empty_list, with_bit

_DAY: Final = timedelta(days=1)
WORKS: Final = "certificate:works"
WORKS_AGAIN: Final = "certificate:works-again"  # the other one where the auditor is in two minds


def _certified_by(world: World, assessor: Party, scheme: str, name: str) -> World:
    """The claim on wages rests on a certificate by ``assessor``; the auditor's own is gone, and so is its truth."""
    owner = world.chain.target.owner
    on = world.chain.target.made - 20 * _DAY
    found = documents.assessment(assessor, WAGES, Fraction(100), of=name, on=on, **documents.of_site(owner))
    draft = documents.certificate(assessor, name, to=owner, scheme=scheme, assessments=[found], begins=on)
    document = f"certificate:{name}"

    def lean(claim: Json) -> None:
        claim["evidence"] = [documents.link(draft["id"], document, "dcc")]

    def drop_wages(certificate: Json) -> None:
        subject = certificate["credentialSubject"]
        kept = [one for one in subject["conformityAssessment"] if not one["id"].endswith(f"/{WAGES.key}")]
        subject["conformityAssessment"] = kept

    changed = claim_on(world.with_document(document, draft), WAGES)(lean).edited(WORKS, drop_wages)
    return changed.with_truth(world.chain.target.id, WAGES.criterion, None)


def _widens_scope(world: World, chance: Random) -> World | None:
    """Accredited for contents, it certifies wages under its own scheme's name."""
    return None if "certificate:wide" in world.documents else _certified_by(world, ASSURER, CONTENT_SCHEME, "wide")


def _accredits_friend(world: World, chance: Random) -> World | None:
    """Accredited for contents, it accredits a friend for everything, who certifies wages."""
    if "certificate:friend" in world.documents:
        return None
    begins = AT - 300 * _DAY
    registered = documents.anchor(REGISTER, FRIEND, "business", [documents.REGISTER_SCHEME], begins=begins)
    accredited = documents.anchor(ASSURER, FRIEND, "accreditation", [WORK_SCHEME, CONTENT_SCHEME], begins=begins)
    known = world.with_party(FRIEND, anchors=[registered["id"], accredited["id"]])
    known = known.with_document("anchor:friend", registered).with_document("accreditation:friend", accredited)
    return _certified_by(known, FRIEND, WORK_SCHEME, "friend")


def _certifies_itself(world: World, chance: Random) -> World | None:
    """A tenant of the maker's own host, accredited for it and known to no register, certifies the maker's wages."""
    if "certificate:neighbour" in world.documents:
        return None
    host = world.chain.target.owner.host
    tenant = Party(key="neighbour", name="Neighbour Certificates", number="M-7", path="certificates", on_host=host)
    accredited = documents.anchor(ACCREDITOR, tenant, "accreditation", [WORK_SCHEME], begins=AT - 300 * _DAY)
    known = world.with_party(tenant, anchors=[accredited["id"]]).with_document("accreditation:neighbour", accredited)
    return _certified_by(known, tenant, WORK_SCHEME, "neighbour")


def _by_itself(world: World, chance: Random) -> World | None:
    """The certificate of the works says that they assessed themselves, and nobody deserves what it says."""

    def level(certificate: Json) -> None:
        certificate["credentialSubject"]["assessorLevel"] = "self"

    return without_truth(world.edited(WORKS, level))


def revoked(world: World) -> World:
    """The auditor found its certificate of the works wrong: the bit is set in its newest list."""
    bits = with_bit(empty_list(), 0, 1)
    return without_truth(world).with_document("status-list:auditor", status_list(AUDITOR, bits=bits))


def _status(member: str, value: object) -> Callable[[World, Random], World | None]:
    """The certificate was revoked; one member of its status entry cannot be read."""

    def change(world: World, chance: Random) -> World | None:
        def spoil(certificate: Json) -> None:
            certificate["credentialStatus"][member] = value

        return revoked(world).edited(WORKS, spoil)

    return change


def _token(claim: str, member: str, at: datetime) -> Callable[[World, Random], World | None]:
    """The certificate's own dates are open; its token is not in force when it was used.

    Nor is that of a second one that says the same, or that would follow upon the first: it would be a plain word.
    """

    def change(world: World, chance: Random) -> World | None:
        def date_token(certificate: Json) -> None:
            certificate.pop(member, None)
            certificate[claim] = int(at.timestamp())

        changed = without_truth(world).edited(WORKS, date_token)
        if WORKS_AGAIN not in world.documents:
            return changed
        first, second = (world.draft(name)["credentialSubject"] for name in (WORKS, WORKS_AGAIN))
        return changed.edited(WORKS_AGAIN, date_token) if claim == "exp" or first == second else changed

    return change


def _two_minds(world: World, chance: Random) -> World | None:
    """The auditor signs two certificates with one id: 100 % earn living wages in one, 40 % in the other, truly."""
    if WORKS_AGAIN in world.documents:
        return None
    other = world.draft(WORKS)
    for found in other["credentialSubject"]["conformityAssessment"]:
        if found["id"].endswith(f"/{WAGES.key}"):
            found["assessedPerformance"] = [documents.performance(WAGES, Fraction(40))]
    changed = world.with_document(WORKS_AGAIN, other)
    return changed.with_truth(world.chain.target.id, WAGES.criterion, Fraction(40))


_move = partial(Move, by=By.ASSESSOR)
_PAST: Final = datetime(2026, 2, 1, tzinfo=UTC)
MOVES: Final = (
    _move(name="widened-scope", story="A certifier of contents certifies wages.", change=_widens_scope),
    _move(
        name="friend-accreditation", story="A certifier accredits a friend for everything.", change=_accredits_friend
    ),
    _move(name="self-assessment", story="A certificate is of a self-assessment.", change=_by_itself),
    _move(name="neighbour-certificate", story="A tenant of the maker certifies the maker.", change=_certifies_itself),
    _move(
        name="status-index-in-words", story="Revoked; the index is in words.", change=_status("statusListIndex", "one")
    ),
    _move(
        name="status-purpose-unknown",
        story="Revoked, for a purpose nobody knows.",
        change=_status("statusPurpose", "withdrawal"),
    ),
    _move(
        name="status-purpose-capital",
        story="Revoked; the purpose begins with a capital.",
        change=_status("statusPurpose", "Revocation"),
    ),
    _move(
        name="status-type-unknown",
        story="Revoked, by an entry of an unknown type.",
        change=_status("type", "BitstringStatusList"),
    ),
    _move(
        name="token-expired", story="The token of the certificate expired.", change=_token("exp", "validUntil", _PAST)
    ),
    _move(
        name="token-not-yet",
        story="The token of the certificate begins next month.",
        change=_token("nbf", "validFrom", AT + 30 * _DAY),
    ),
    _move(name="equivocation", story="Two certificates with one id differ.", change=_two_minds),
)
