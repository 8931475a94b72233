"""The digital facility record (DFR) as a lens: a site, where it is, who runs it, and what it claims.

UNTP 0.7.0, Digital Facility Record. Coordinates are decimal degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from credentials.encoding.document import JsonObject
from credentials.untp.claim import Claim, Period, read_claim, read_period
from credentials.untp.json_reading import JsonPlace, only_subject_of
from credentials.untp.values import (
    Classification,
    FacilityReference,
    Link,
    PartyRole,
    read_classification,
    read_facility_reference,
    read_link,
    read_party_role,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinate:
    """A point on earth in decimal degrees, north and east positive."""

    latitude: Decimal | None
    longitude: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a facility is: a plus code (URI), a point, a boundary ring, or several of them."""

    plus_code: str | None
    point: Coordinate | None
    boundary: tuple[Coordinate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityRecord:
    """The facility a record describes; countries are alpha-2 codes, ``processes`` what is done there.

    ``usage_period``: of what it tells of the materials used there, None where it does not say.
    """

    id: str | None
    name: str | None
    country_of_operation: str | None
    processes: tuple[Classification, ...]
    related_parties: tuple[PartyRole, ...]
    related_documents: tuple[Link, ...]
    also_known_as: tuple[FacilityReference, ...]
    location: Location | None
    address_country: str | None
    usage_period: Period | None
    claims: tuple[Claim, ...]
    pointer: str


def is_closed(boundary: Sequence[Coordinate]) -> bool:
    """Is a boundary a closed ring: at least four points, the last one the first (DFR-03)?"""
    return len(boundary) >= 4 and boundary[0] == boundary[-1]


def read_facility_record(document: JsonObject) -> FacilityRecord | None:
    """The facility of a record; None unless the credential has exactly one subject."""
    subject = only_subject_of(document)
    return _read_facility(subject) if subject else None


def _read_facility(here: JsonPlace) -> FacilityRecord:
    return FacilityRecord(
        id=here.text("id"),
        name=here.text("name"),
        country_of_operation=here.at("countryOfOperation").text("countryCode"),
        processes=here.many("processCategory", read_classification),
        related_parties=here.many("relatedParty", read_party_role),
        related_documents=here.many("relatedDocument", read_link),
        also_known_as=here.many("facilityAlsoKnownAs", read_facility_reference),
        location=here.one("locationInformation", read_location),
        address_country=here.at("address").at("addressCountry").text("countryCode"),
        usage_period=here.at("materialUsage").one("applicablePeriod", read_period),
        claims=here.many("performanceClaim", read_claim),
        pointer=here.pointer,
    )


def read_location(here: JsonPlace) -> Location:
    """A locationInformation object."""
    return Location(
        plus_code=here.text("plusCode"),
        point=here.one("geoLocation", read_coordinate),
        boundary=here.many("geoBoundary", read_coordinate),
    )


def read_coordinate(here: JsonPlace) -> Coordinate:
    """A Coordinate object; out of range reads as None."""
    return Coordinate(
        latitude=_within(here.number("latitude"), 90),
        longitude=_within(here.number("longitude"), 180),
    )


def _within(degrees: Decimal | None, limit: int) -> Decimal | None:
    return degrees if degrees is not None and abs(degrees) <= limit else None
