"""From credentials to statements: the lenses' words, joined to canonical ids and lot keys.

The rule: reading never judges and never drops what it can name; a member without an id joins nothing and stays where
it is. ``complete`` fills in a lot's missing numbers once all lots are known (PV-MRG-2).
Specification: untp.md (b).3, (e).2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final, TypeAlias

from credentials.identifiers.about import lot_of as _lot
from credentials.identifiers.canonical import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.statements.statement import (
    Anchor,
    Assessment,
    Attestation,
    Claim,
    Event,
    EventKind,
    FacilityRecord,
    Passport,
    Portion,
    Statement,
    Statements,
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

Complete: TypeAlias = Callable[[LotKey], LotKey]
Reader: TypeAlias = Callable[[VerifiedCredential, Complete], Iterable[Statement]]


def read_all(credentials: Iterable[VerifiedCredential], *, complete: Complete) -> Statements:
    """Every statement of ``credentials``; one that is not of a UNTP kind says nothing here."""
    found: list[Statement] = []
    for credential in credentials:
        kind = kind_of(credential.value)
        if kind is not None:
            found.extend(_READERS[kind.short](credential, complete))
    return Statements(
        passports=tuple(one for one in found if isinstance(one, Passport)),
        facilities=tuple(one for one in found if isinstance(one, FacilityRecord)),
        events=tuple(one for one in found if isinstance(one, Event)),
        attestations=tuple(one for one in found if isinstance(one, Attestation)),
        anchors=tuple(one for one in found if isinstance(one, Anchor)),
    )


def _passport(credential: VerifiedCredential, complete: Complete) -> Iterable[Statement]:
    said = read_passport(credential.value)
    if said is None or said.id is None:
        return
    lot = complete(_lot(said))
    claims = tuple(_claim(credential, one, about=said.id, lot=lot) for one in said.claims)
    yield Passport(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id,
        lot=lot,
        facility=_id(said.produced_at),
        claims=claims,
    )


def _facility(credential: VerifiedCredential, _: Complete) -> Iterable[Statement]:
    said = read_facility_record(credential.value)
    if said is None or said.id is None:
        return
    facility = given_or_canonical(said.id)
    yield FacilityRecord(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id,
        facility=facility,
        aliases=tuple(sorted({_id(one) for one in said.also_known_as} - {"", facility})),
        claims=tuple(_claim(credential, one, about=said.id, facility=facility) for one in said.claims),
    )


def _claim(
    credential: VerifiedCredential, said: ClaimLens, *, about: str, lot: LotKey | None = None, facility: str = ""
) -> Claim:
    return Claim(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or f"{credential.id}#{said.pointer}",
        about=about,
        lot=lot,
        facility=facility,
    )


def _events(credential: VerifiedCredential, complete: Complete) -> Iterable[Statement]:
    return tuple(_event(credential, said, complete) for said in read_events(credential.value))


def _event(credential: VerifiedCredential, said: EventLens, complete: Complete) -> Event:
    event = partial(
        Event,
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or f"{credential.id}#{said.pointer}",
        at=said.event_date,
    )
    match said:
        case Make():
            inputs, outputs = _portions(said.inputs, complete), _portions(said.outputs, complete)
            return event(kind=EventKind.MAKE, facility=_id(said.facility), inputs=inputs, outputs=outputs)
        case Move():
            moved = _portions(said.moved, complete)
            return event(kind=EventKind.MOVE, facility=_id(said.destination), origin=_id(said.origin), moved=moved)
        case Modify():
            return event(
                kind=EventKind.MODIFY, facility=_id(said.facility), modified=_portions(said.modified, complete)
            )


def _portions(said: Iterable[PortionLens], complete: Complete) -> tuple[Portion, ...]:
    return tuple(
        Portion(said=one, id=one.product.id, lot=complete(_lot(one.product)), pointer=one.pointer)
        for one in said
        if one.product is not None and one.product.id is not None
    )


def _attestation(credential: VerifiedCredential, complete: Complete) -> Iterable[Statement]:
    said = read_attestation(credential.value)
    if said is None:
        return
    yield Attestation(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or credential.id,
        issued_to=_id(said.issued_to),
        assessments=tuple(_assessment(credential, one, complete) for one in said.assessments),
    )


def _assessment(credential: VerifiedCredential, said: AssessmentLens, complete: Complete) -> Assessment:
    products = (one.product for one in said.products)
    return Assessment(
        credential=credential,
        pointer=said.pointer,
        said=said,
        id=said.id or f"{credential.id}#{said.pointer}",
        lots=tuple(sorted({complete(_lot(one)) for one in products if one is not None and one.id is not None})),
        facilities=tuple(sorted({_id(one.facility) for one in said.facilities} - {""})),
        organisation=_id(said.organisation),
    )


def _anchor(credential: VerifiedCredential, _: Complete) -> Iterable[Statement]:
    said = read_registered_identity(credential.value)
    if said is not None and said.id is not None:
        yield Anchor(credential=credential, pointer=said.pointer, said=said, subject=given_or_canonical(said.id))


def _id(reference: FacilityReference | PartyReference | None) -> str:
    return given_or_canonical(reference.id) if reference is not None and reference.id is not None else ""


_READERS: Final[Mapping[str, Reader]] = {
    "dpp": _passport,
    "dfr": _facility,
    "dte": _events,
    "dcc": _attestation,
    "dia": _anchor,
}
