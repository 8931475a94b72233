"""The digital product passport (DPP) as a lens: a product, batch or item, what it is made of, and its claims.

UNTP 0.7.0, Digital Product Passport. The subject of the credential is the product itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credentials.encoding.document import JsonObject
from credentials.untp.claim import Claim, read_claim
from credentials.untp.json_reading import JsonPlace, only_subject_of
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
    """One material of a product, its share by mass (0 to 1), how much of that is recycled (0 to 1), and from where."""

    name: str | None
    type: Classification | None
    mass_fraction: Decimal | None
    recycled_mass_fraction: Decimal | None
    mass: Measure | None
    origin_country: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """The weight of one unit of the product."""

    weight: Measure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The product a passport describes; ``granularity`` is model, batch or item."""

    id: str | None
    name: str | None
    granularity: str | None
    batch_number: str | None
    item_number: str | None
    categories: tuple[Classification, ...]
    related_documents: tuple[Link, ...]
    related_parties: tuple[PartyRole, ...]
    produced_at: FacilityReference | None
    production_date: datetime | None
    country_of_production: str | None
    dimensions: Dimensions | None
    materials: tuple[Material, ...]
    claims: tuple[Claim, ...]
    pointer: str


def read_passport(document: JsonObject) -> Product | None:
    """The product of a passport; None unless the credential has exactly one subject."""
    subject = only_subject_of(document)
    return _read_product(subject) if subject else None


def _read_product(here: JsonPlace) -> Product:
    """A Product object."""
    return Product(
        id=here.text("id"),
        name=here.text("name"),
        granularity=here.text("idGranularity"),
        batch_number=here.text("batchNumber"),
        item_number=here.text("itemNumber"),
        categories=here.many("productCategory", read_classification),
        related_documents=here.many("relatedDocument", read_link),
        related_parties=here.many("relatedParty", read_party_role),
        produced_at=here.one("producedAtFacility", read_facility_reference),
        production_date=here.moment("productionDate"),
        country_of_production=here.at("countryOfProduction").text("countryCode"),
        dimensions=here.one("dimensions", read_dimensions),
        materials=here.many("materialProvenance", read_material),
        claims=here.many("performanceClaim", read_claim),
        pointer=here.pointer,
    )


def read_material(here: JsonPlace) -> Material:
    """A Material object."""
    return Material(
        name=here.text("name"),
        type=here.one("materialType", read_classification),
        mass_fraction=here.number("massFraction"),
        recycled_mass_fraction=here.number("recycledMassFraction"),
        mass=here.one("mass", read_measure),
        origin_country=here.at("originCountry").text("countryCode"),
        pointer=here.pointer,
    )


def read_dimensions(here: JsonPlace) -> Dimensions:
    """A Dimension object."""
    return Dimensions(weight=here.one("weight", read_measure))
