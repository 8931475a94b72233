"""The small values UNTP credentials are made of: measures, links, parties, and references by id and name.

Each is a frozen view of one JSON object; a link keeps the ``pointer`` where it stands, since findings name it.
``read_x(here)`` builds it and never raises. Ids are kept as written; canonical forms belong to provenance. UNTP 0.7.0,
core vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from credentials.untp.json_reading import JsonPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number with a Rec 20 ``unit`` code; tolerances are in the same unit."""

    value: Decimal | None
    unit: str | None
    upper_tolerance: Decimal | None
    lower_tolerance: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to a document or credential; ``digest_multibase`` binds the bytes behind ``url``."""

    url: str | None
    digest_multibase: str | None
    media_type: str | None
    link_type: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A code of some classification scheme (product category, activity, material)."""

    code: str | None
    scheme_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Something named by ``id`` and ``name`` only: a scheme, profile, criterion, topic or metric."""

    id: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionReference(Reference):
    """A criterion with the ``topics`` that whoever names it says it is about."""

    topics: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricReference(Reference):
    """A metric with what whoever names it says of it: what is ``better``, how it adds up, its Rec 20 ``units``."""

    better: str | None
    aggregation: str | None
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReference:
    """A party: its ``id`` (a DID or register URL) and, where given, its registration."""

    id: str | None
    registered_id: str | None
    id_scheme: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRole:
    """A party in a role (code list: ``contexts.codes.codelists.PARTY_ROLES``)."""

    role: str | None
    party: PartyReference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReference:
    """A product, batch or item as another credential names it."""

    id: str | None
    granularity: str | None
    batch_number: str | None
    item_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityReference:
    """A facility as another credential names it."""

    id: str | None


def read_measure(here: JsonPlace) -> Measure:
    """A Measure object."""
    return Measure(
        value=here.number("value"),
        unit=here.text("unit"),
        upper_tolerance=here.number("upperTolerance"),
        lower_tolerance=here.number("lowerTolerance"),
    )


def read_link(here: JsonPlace) -> Link:
    """A Link object."""
    return Link(
        url=here.text("linkURL"),
        digest_multibase=here.text("digestMultibase"),
        media_type=here.text("mediaType"),
        link_type=here.text("linkType"),
        pointer=here.pointer,
    )


def read_classification(here: JsonPlace) -> Classification:
    """A Classification object."""
    return Classification(code=here.text("code"), scheme_id=here.text("schemeId"))


def read_reference(here: JsonPlace) -> Reference:
    """Any object with ``id`` and ``name``."""
    return Reference(id=here.text("id"), name=here.text("name"))


def read_criterion(here: JsonPlace) -> CriterionReference:
    """A Criterion object or a reference to one."""
    return CriterionReference(
        id=here.text("id"), name=here.text("name"), topics=here.many("conformityTopic", read_reference)
    )


def read_metric(here: JsonPlace) -> MetricReference:
    """A PerformanceMetric object or a reference to one."""
    return MetricReference(
        id=here.text("id"),
        name=here.text("name"),
        better=here.text("improvementDirection"),
        aggregation=here.text("aggregationMethod"),
        units=here.texts("allowedUnit"),
    )


def read_party(here: JsonPlace) -> PartyReference:
    """A Party object or a reference to one."""
    return PartyReference(
        id=here.text("id"), registered_id=here.text("registeredId"), id_scheme=here.at("idScheme").text("id")
    )


def read_party_role(here: JsonPlace) -> PartyRole:
    """A PartyRole object."""
    return PartyRole(role=here.text("role"), party=here.one("party", read_party))


def read_product_reference(here: JsonPlace) -> ProductReference:
    """A reference to a product, batch or item."""
    return ProductReference(
        id=here.text("id"),
        granularity=here.text("idGranularity"),
        batch_number=here.text("batchNumber"),
        item_number=here.text("itemNumber"),
    )


def read_facility_reference(here: JsonPlace) -> FacilityReference:
    """A reference to a facility."""
    return FacilityReference(id=here.text("id"))
