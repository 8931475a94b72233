"""From credentials to statements: the lenses' words, joined to canonical ids and lot keys.

The rule: reading never judges and never drops what it can name; a member without an id joins nothing and stays where
it is. Each credential is read once; which lot a reference means is derived from ``known`` later (PV-MRG-2).
See docs/requirements.md T16 and T20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final, TypeAlias

from credentials.identifiers.about import lot_of as _lot
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.statements.known_lots import KnownLots
from credentials.provenance.statements.statement import (
    AnchorStatement,
    AssessmentStatement,
    AttestationStatement,
    ClaimStatement,
    EventKind,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    PortionStatement,
    Statement,
)
from credentials.untp.anchor import read_registered_identity
from credentials.untp.claim import Claim as ClaimLens
from credentials.untp.conformity import Assessment as AssessmentLens
from credentials.untp.conformity import read_attestation
from credentials.untp.events import Event as EventLens
from credentials.untp.events import Make, Modify, Move, read_events
from credentials.untp.events import Portion as PortionLens
from credentials.untp.facility import read_facility_record
from credentials.untp.kinds import kind_of
from credentials.untp.passport import read_passport
from credentials.untp.values import FacilityReference, PartyReference
from credentials.verdict import VerifiedCredential

Reader: TypeAlias = Callable[[VerifiedCredential, KnownLots], tuple[Statement, ...]]
_Lens: TypeAlias = Callable[[VerifiedCredential, KnownLots], Iterable[Statement]]


def read(credential: VerifiedCredential, known: KnownLots) -> tuple[Statement, ...]:
    """Every statement of ``credential``; one that is not of a UNTP kind says nothing here."""
    kind = kind_of(credential.value)
    return tuple(_READERS[kind.short](credential, known)) if kind is not None else ()


def _passport(credential: VerifiedCredential, known: KnownLots) -> Iterable[Statement]:
    said = read_passport(credential.value)
    if said is None or said.id is None:
        return
    named = _lot(said)
    claims = tuple(_claim(credential, one, known, about=said.id, named=named) for one in said.claims)
    yield PassportStatement(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id,
        known=known,
        named=named,
        facility=_id(said.produced_at),
        claims=claims,
    )


def _facility(credential: VerifiedCredential, known: KnownLots) -> Iterable[Statement]:
    said = read_facility_record(credential.value)
    if said is None or said.id is None:
        return
    facility = given_or_canonical(said.id)
    yield FacilityStatement(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id,
        facility=facility,
        aliases=tuple(sorted({_id(one) for one in said.also_known_as} - {"", facility})),
        claims=tuple(_claim(credential, one, known, about=said.id, facility=facility) for one in said.claims),
    )


def _claim(
    credential: VerifiedCredential,
    said: ClaimLens,
    known: KnownLots,
    *,
    about: str,
    named: LotKey | None = None,
    facility: str = "",
) -> ClaimStatement:
    return ClaimStatement(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or f"{credential.id}#{said.pointer}",
        about=about,
        known=known,
        named=named,
        facility=facility,
    )


def _events(credential: VerifiedCredential, known: KnownLots) -> Iterable[Statement]:
    return tuple(_event(credential, said, known) for said in read_events(credential.value))


def _event(credential: VerifiedCredential, said: EventLens, known: KnownLots) -> EventStatement:
    event = partial(
        EventStatement,
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or f"{credential.id}#{said.pointer}",
        at=said.event_date,
    )
    match said:
        case Make():
            inputs, outputs = _portions(said.inputs, known), _portions(said.outputs, known)
            return event(kind=EventKind.MAKE, facility=_id(said.facility), inputs=inputs, outputs=outputs)
        case Move():
            moved = _portions(said.moved, known)
            return event(kind=EventKind.MOVE, facility=_id(said.destination), origin=_id(said.origin), moved=moved)
        case Modify():
            return event(kind=EventKind.MODIFY, facility=_id(said.facility), modified=_portions(said.modified, known))


def _portions(said: Iterable[PortionLens], known: KnownLots) -> tuple[PortionStatement, ...]:
    return tuple(
        PortionStatement(said=one, id=one.product.id, known=known, named=_lot(one.product), pointer=one.pointer)
        for one in said
        if one.product is not None and one.product.id is not None
    )


def _attestation(credential: VerifiedCredential, known: KnownLots) -> Iterable[Statement]:
    said = read_attestation(credential.value)
    if said is None:
        return
    yield AttestationStatement(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or credential.id,
        issued_to=_id(said.issued_to),
        assessments=tuple(_assessment(credential, one, known) for one in said.assessments),
    )


def _assessment(credential: VerifiedCredential, said: AssessmentLens, known: KnownLots) -> AssessmentStatement:
    return AssessmentStatement(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or f"{credential.id}#{said.pointer}",
        known=known,
        named=tuple(sorted({_lot(one) for one in said.products if one.id is not None})),
        facilities=tuple(sorted({_id(one) for one in said.facilities} - {""})),
        organisation=_id(said.organisation),
    )


def _anchor(credential: VerifiedCredential, _: KnownLots) -> Iterable[Statement]:
    said = read_registered_identity(credential.value)
    if said is not None and said.id is not None:
        yield AnchorStatement(
            credential=credential, pointer=said.pointer, said=said, subject=given_or_canonical(said.id)
        )


def _id(reference: FacilityReference | PartyReference | None) -> str:
    return given_or_canonical(reference.id) if reference is not None and reference.id is not None else ""


_READERS: Final[Mapping[str, _Lens]] = {
    "dpp": _passport,
    "dfr": _facility,
    "dte": _events,
    "dcc": _attestation,
    "dia": _anchor,
}
