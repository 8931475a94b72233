"""The digital traceability event (DTE) as a lens: goods made, moved or modified.

UNTP 0.7.0, Digital Traceability Events. A credential carries a list of events, each exactly one of the three; one that
does not say which, or says two, is left out here and named by the lint (DTE-12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from credentials.encoding.document import JsonObject, types_of
from credentials.untp.json_reading import JsonPlace, subjects_of
from credentials.untp.values import (
    Classification,
    FacilityReference,
    Link,
    Measure,
    PartyRole,
    ProductReference,
    read_classification,
    read_facility_reference,
    read_link,
    read_measure,
    read_party_role,
    read_product_reference,
)

#: Event type → the members only it has; an event without a usable ``type`` is known by them.
EVENT_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "MakeEvent": ("inputProduct", "outputProduct", "madeAtFacility"),
        "MoveEvent": ("movedProduct", "fromFacility", "toFacility"),
        "ModifyEvent": ("modifiedProduct", "modifiedAtFacility"),
    }
)

#: Event type → the members that hold its goods, inputs before outputs.
PORTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "MakeEvent": ("inputProduct", "outputProduct"),
        "MoveEvent": ("movedProduct",),
        "ModifyEvent": ("modifiedProduct",),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A quantity of a product, batch or item in an event, and the state it is in afterwards."""

    product: ProductReference | None
    quantity: Measure | None
    disposition: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleEvent:
    """What all three kinds of events share."""

    id: str | None
    name: str | None
    event_date: datetime | None
    activity: Classification | None
    related_parties: tuple[PartyRole, ...]
    related_documents: tuple[Link, ...]
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Make(LifecycleEvent):
    """Inputs became outputs at one facility; ``is_of_nothing``: it states an empty list of inputs (an origin)."""

    inputs: tuple[Portion, ...]
    outputs: tuple[Portion, ...]
    facility: FacilityReference | None
    is_of_nothing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(LifecycleEvent):
    """Goods went from one facility to another."""

    moved: tuple[Portion, ...]
    origin: FacilityReference | None
    destination: FacilityReference | None
    consignment_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modify(LifecycleEvent):
    """Goods changed state but kept their identity: repair, inspection, recycling, disposal, recall."""

    modified: tuple[Portion, ...]
    facility: FacilityReference | None


Event: TypeAlias = Make | Move | Modify


def read_events(document: JsonObject) -> tuple[Event, ...]:
    """The events of a traceability credential, in the order they stand."""
    return tuple(event for subject in subjects_of(document) if (event := _read_event(subject)) is not None)


def event_type_of(value: JsonObject) -> str | None:
    """MakeEvent, MoveEvent or ModifyEvent: as ``type`` says, else as the members show; None when undecided."""
    named = [term for term in types_of(value) if term in EVENT_MEMBERS]
    if not named:
        named = [term for term, members in EVENT_MEMBERS.items() if any(key in value for key in members)]
    return named[0] if len(set(named)) == 1 else None


def portions_of(event: Event) -> tuple[Portion, ...]:
    """Every portion an event names, inputs before outputs."""
    match event:
        case Make():
            return event.inputs + event.outputs
        case Move():
            return event.moved
        case Modify():
            return event.modified


def read_portion(here: JsonPlace) -> Portion:
    """An EventProduct object."""
    return Portion(
        product=here.one("product", read_product_reference),
        quantity=here.one("quantity", read_measure),
        disposition=here.text("disposition"),
        pointer=here.pointer,
    )


def _read_event(here: JsonPlace) -> Event | None:
    match event_type_of(here.value):
        case "MakeEvent":
            return Make(
                **_shared(here),
                inputs=here.many("inputProduct", read_portion),
                outputs=here.many("outputProduct", read_portion),
                facility=here.one("madeAtFacility", read_facility_reference),
                is_of_nothing=here.value.get("inputProduct") == [],
            )
        case "MoveEvent":
            return Move(
                **_shared(here),
                moved=here.many("movedProduct", read_portion),
                origin=here.one("fromFacility", read_facility_reference),
                destination=here.one("toFacility", read_facility_reference),
                consignment_id=here.text("consignmentId"),
            )
        case "ModifyEvent":
            return Modify(
                **_shared(here),
                modified=here.many("modifiedProduct", read_portion),
                facility=here.one("modifiedAtFacility", read_facility_reference),
            )
    return None


def _shared(here: JsonPlace) -> dict[str, Any]:
    return {
        "id": here.text("id"),
        "name": here.text("name"),
        "event_date": here.moment("eventDate"),
        "activity": here.one("activityType", read_classification),
        "related_parties": here.many("relatedParty", read_party_role),
        "related_documents": here.many("relatedDocument", read_link),
        "pointer": here.pointer,
    }
