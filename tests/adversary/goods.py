"""How documents name lots: references, subjects of passports, amounts and moves; and a certifier's status list."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from credentials.status.status_lists import status_list_draft
from tests.adversary import documents
from tests.adversary.chain import AT, Lot
from tests.adversary.parties import Json, Party
from tests.credentials.status.bits import empty_list


def status_list(assessor: Party, *, bits: bytes | None = None, begins: datetime | None = None) -> Json:
    """The assessor's status list: nothing is revoked, unless ``bits`` say so."""
    return dict(
        status_list_draft(
            url=list_address(assessor),
            issuer=assessor.did,
            purpose="revocation",
            bits=bits or empty_list(),
            valid_from=begins or AT - timedelta(hours=1),
            valid_for=timedelta(days=7),
            ttl=timedelta(hours=1),
        )
    ) | {"issuer": {"id": assessor.did, "name": assessor.name}}


def list_address(assessor: Party) -> str:
    """Where the assessor serves its status list."""
    return assessor.url("status/1")


def move(
    step: str, teller: Party, key: str, lot: Lot, moved: Json, sender: Party, receiver: Party, at: datetime
) -> Json:
    """A move event from the sender's site to the receiver's, as ``teller`` tells it."""
    return documents.event(
        "MoveEvent",
        teller,
        key,
        step,
        at,
        relatedParty=[documents.role("consignor", sender), documents.role("consignee", receiver)],
        movedProduct=[documents.portion(reference(lot), moved, "inTransit" if step == "shipping" else "active")],
        fromFacility=documents.facility(sender),
        toFacility=documents.facility(receiver),
    )


def reference(lot: Lot) -> Json:
    """What events and assessments say of a lot: id, name and batch."""
    return {
        "type": ["Product"],
        "id": lot.id,
        "name": lot.kind[1],
        "batchNumber": lot.batch,
        "idGranularity": "batch",
    }


def product(lot: Lot, *, materials: list[Json], claims: list[Json]) -> Json:
    """The lot as the subject of its passport, made by its owner at the owner's site."""
    return {
        **reference(lot),
        "idScheme": {"type": ["IdentifierScheme"], "id": lot.owner.url("lots"), "name": "Own numbers"},
        "productCategory": [documents.product_code(*lot.kind)],
        "producedAtFacility": documents.facility(lot.owner),
        "productionDate": lot.made.date().isoformat(),
        "countryOfProduction": {"countryCode": "DE"},
        "relatedParty": [documents.role("manufacturer", lot.owner)],
        "materialProvenance": materials,
        **({"performanceClaim": claims} if claims else {}),
    }


def left_over(lot: Lot) -> Lot:
    """What is left over when ``lot`` is made, as a lot of its own."""
    assert lot.waste is not None
    code, name, mass = lot.waste
    return Lot(
        key=f"{lot.key}-left",
        kind=(code, name),
        owner=lot.owner,
        kilograms=mass,
        share=lot.share,
        made=lot.made,
        inputs=lot.inputs,
    )


def amount(lot: Lot, kilograms: Fraction) -> Json:
    """An amount of the lot in the unit it is counted in."""
    return documents.measure(kilograms / lot.piece, "C62") if lot.piece else documents.measure(kilograms)
