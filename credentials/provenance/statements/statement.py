"""Statements: what verified credentials say about lots, places, events and conformity, each with its source.

The rule (PV-MRG-3): a statement never leaves its credential; it carries the credential and the JSON pointer it stands
at. ``said`` is the lens on the words themselves, as written; beside it stand the canonical ids and lot keys
that the graph joins by ("" where the words name nothing). A lot is ``named`` as the words have it; which ``lot`` that
is depends on all lots that are known, and is derived when asked.
See docs/requirements.md T16 and T20.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from credentials.identifiers.lots import LotKey
from credentials.provenance.statements.known_lots import KnownLots
from credentials.untp import anchor, claim, conformity, events, facility, passport
from credentials.verdict import VerifiedCredential


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statement:
    """Something a verified credential says; compared by identity, ordered by (source, digest, pointer)."""

    credential: VerifiedCredential
    pointer: str

    @property
    def source(self) -> str:
        """The id of the credential that says it."""
        return self.credential.id

    @property
    def issuer(self) -> str:
        """Who says it: the DID of the credential's issuer."""
        return self.credential.issuer

    @property
    def order(self) -> tuple[str, str, str]:
        """What statements are sorted by, so that nothing depends on arrival."""
        return (self.credential.id, self.credential.credential_digest, self.pointer)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClaimStatement(Statement):
    """A performance claim about a product (``lot``) or a facility; ``about`` is the id of that as given."""

    said: claim.Claim
    id: str
    about: str
    known: KnownLots
    named: LotKey | None = None
    facility: str = ""

    @property
    def lot(self) -> LotKey | None:
        """The lot the claim is about; None when it is about a facility."""
        return self.known.complete(self.named) if self.named is not None else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PassportStatement(Statement):
    """What a product passport says of one lot; ``id`` is the product id as given."""

    said: passport.Product
    id: str
    known: KnownLots
    named: LotKey
    facility: str = ""
    claims: tuple[ClaimStatement, ...] = ()

    @property
    def lot(self) -> LotKey:
        """The lot it is the passport of."""
        return self.known.complete(self.named)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FacilityStatement(Statement):
    """What a facility record says of one place; ``facility`` is its canonical id, ``id`` the one given."""

    said: facility.FacilityRecord
    id: str
    facility: str
    aliases: tuple[str, ...] = ()
    claims: tuple[ClaimStatement, ...] = ()


class EventKind(StrEnum):
    """The three kinds of event in UNTP 0.7."""

    MAKE = "make"
    MOVE = "move"
    MODIFY = "modify"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PortionStatement:
    """An amount of one lot in an event; ``id`` is the product id as given."""

    said: events.Portion
    id: str
    known: KnownLots
    named: LotKey
    pointer: str

    @property
    def lot(self) -> LotKey:
        """The lot it is an amount of."""
        return self.known.complete(self.named)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventStatement(Statement):
    """Something that happened to lots: make (inputs, outputs), move (moved) or modify (modified).

    ``facility`` is where the lots are afterwards (made at, moved to, modified at), ``origin`` where a move began;
    ``at`` is None when the event does not say when.
    """

    said: events.Event
    id: str
    kind: EventKind
    at: datetime | None
    facility: str = ""
    origin: str = ""
    inputs: tuple[PortionStatement, ...] = ()
    outputs: tuple[PortionStatement, ...] = ()
    moved: tuple[PortionStatement, ...] = ()
    modified: tuple[PortionStatement, ...] = ()

    @property
    def portions(self) -> tuple[PortionStatement, ...]:
        """Every portion the event names."""
        return (*self.inputs, *self.outputs, *self.moved, *self.modified)

    @property
    def activity(self) -> str:
        """The code of what was done, "" where none is stated."""
        return self.said.activity.code or "" if self.said.activity is not None else ""

    @property
    def is_of_nothing(self) -> bool:
        """Is it a make event that states an empty list of inputs?"""
        return isinstance(self.said, events.Make) and self.said.is_of_nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssessmentStatement(Statement):
    """One assessment of an attestation with the lots, facilities and organisation it is about (canonical)."""

    said: conformity.Assessment
    id: str
    known: KnownLots
    named: tuple[LotKey, ...] = ()
    facilities: tuple[str, ...] = ()
    organisation: str = ""

    @property
    def lots(self) -> tuple[LotKey, ...]:
        """The lots that were assessed, sorted."""
        return tuple(sorted({self.known.complete(key) for key in self.named}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttestationStatement(Statement):
    """What a conformity credential says; its assessments name what was assessed."""

    said: conformity.Attestation
    id: str
    issued_to: str = ""
    assessments: tuple[AssessmentStatement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnchorStatement(Statement):
    """What an identity anchor says: a register vouches that ``subject`` (a DID) is a member of it."""

    said: anchor.RegisteredIdentity
    subject: str
