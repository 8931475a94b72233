"""The digital product passport (DPP) as a lens: a product, batch or item, what it is made of, and its claims.

UNTP 0.7.0, Digital Product Passport. The subject of the credential is the product itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credentials.encoding.document import Json, JsonObject
from credentials.untp.claim import Claim, read_claim
from credentials.untp.json_reading import only_subject_of, place
from credentials.untp.values import (
    Classification,
    FacilityReference,
    Link,
    Measure,
    PartyRole,
    read_classification,
    read_facility_reference,
    read_link,
    read_measure,
    read_party_role,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One material of a product or facility: its share by mass (0 to 1), origin (alpha-2) and recycled share."""

    name: str | None
    origin_country: str | None
    type: Classification | None
    mass_fraction: Decimal | None
    mass: Measure | None
    recycled_mass_fraction: Decimal | None
    hazardous: bool | None
    safety_information: Link | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """Weight, length, width, height and volume of one unit of the product."""

    weight: Measure | None
    length: Measure | None
    width: Measure | None
    height: Measure | None
    volume: Measure | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The packaging, with its own materials and claims."""

    description: str | None
    dimensions: Dimensions | None
    materials: tuple[Material, ...]
    claims: tuple[Claim, ...]
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The product a passport describes; ``granularity`` is model, batch or item."""

    id: str | None
    name: str | None
    id_scheme: str | None
    granularity: str | None
    model_number: str | None
    batch_number: str | None
    item_number: str | None
    categories: tuple[Classification, ...]
    related_documents: tuple[Link, ...]
    related_parties: tuple[PartyRole, ...]
    produced_at: FacilityReference | None
    production_date: datetime | None
    expiry_date: datetime | None
    country_of_production: str | None
    dimensions: Dimensions | None
    materials: tuple[Material, ...]
    packaging: Package | None
    claims: tuple[Claim, ...]
    characteristics: JsonObject
    pointer: str


def read_passport(document: JsonObject) -> Product | None:
    """The product of a passport; None unless the credential has exactly one subject."""
    subject = only_subject_of(document)
    return read_product(subject.value, subject.pointer) if subject else None


def read_product(value: Json, pointer: str) -> Product:
    """A Product object."""
    here = place(value, pointer)
    return Product(
        id=here.text("id"),
        name=here.text("name"),
        id_scheme=here.at("idScheme").text("id"),
        granularity=here.text("idGranularity"),
        model_number=here.text("modelNumber"),
        batch_number=here.text("batchNumber"),
        item_number=here.text("itemNumber"),
        categories=here.many("productCategory", read_classification),
        related_documents=here.many("relatedDocument", read_link),
        related_parties=here.many("relatedParty", read_party_role),
        produced_at=here.one("producedAtFacility", read_facility_reference),
        production_date=here.moment("productionDate"),
        expiry_date=here.moment("expiryDate"),
        country_of_production=here.at("countryOfProduction").text("countryCode"),
        dimensions=here.one("dimensions", read_dimensions),
        materials=here.many("materialProvenance", read_material),
        packaging=here.one("packaging", read_package),
        claims=here.many("performanceClaim", read_claim),
        characteristics=here.at("characteristics").value,
        pointer=pointer,
    )


def read_material(value: Json, pointer: str) -> Material:
    """A Material object."""
    here = place(value, pointer)
    return Material(
        name=here.text("name"),
        origin_country=here.at("originCountry").text("countryCode"),
        type=here.one("materialType", read_classification),
        mass_fraction=here.number("massFraction"),
        mass=here.one("mass", read_measure),
        recycled_mass_fraction=here.number("recycledMassFraction"),
        hazardous=here.flag("hazardous"),
        safety_information=here.one("materialSafetyInformation", read_link),
        pointer=pointer,
    )


def read_dimensions(value: Json, pointer: str) -> Dimensions:
    """A Dimension object."""
    here = place(value, pointer)
    return Dimensions(
        weight=here.one("weight", read_measure),
        length=here.one("length", read_measure),
        width=here.one("width", read_measure),
        height=here.one("height", read_measure),
        volume=here.one("volume", read_measure),
        pointer=pointer,
    )


def read_package(value: Json, pointer: str) -> Package:
    """A Package object."""
    here = place(value, pointer)
    return Package(
        description=here.text("description"),
        dimensions=here.one("dimensions", read_dimensions),
        materials=here.many("materialUsed", read_material),
        claims=here.many("performanceClaim", read_claim),
        pointer=pointer,
    )
