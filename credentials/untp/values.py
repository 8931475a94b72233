"""The small values UNTP credentials are made of: measures, links, parties, and references by id and name.

Each is a frozen view of one JSON object with the ``pointer`` where it stands; ``read_x(value, pointer)`` builds it
and never raises. Ids are kept as written; canonical forms belong to provenance. UNTP 0.7.0, core vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credentials.encoding.document import Json
from credentials.untp.json_reading import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number with a Rec 20 ``unit`` code; tolerances are in the same unit."""

    value: Decimal | None
    unit: str | None
    upper_tolerance: Decimal | None
    lower_tolerance: Decimal | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to a document or credential; ``digest_multibase`` binds the bytes behind ``url``."""

    url: str | None
    name: str | None
    digest_multibase: str | None
    media_type: str | None
    link_type: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A code of some classification scheme (product category, process, activity, material)."""

    code: str | None
    name: str | None
    scheme_id: str | None
    scheme_name: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Something named by ``id`` and ``name`` only: a scheme, profile, standard or regulation."""

    id: str | None
    name: str | None
    pointer: str


class CriterionReference(Reference):
    """A criterion of a conformity scheme."""

    __slots__ = ()


class TopicReference(Reference):
    """A conformity topic; compare with ``contexts.codes.topics.canonical_topic``."""

    __slots__ = ()


class MetricReference(Reference):
    """A performance metric; compare with ``contexts.codes.metrics.canonical_metric``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReference:
    """A party: its ``id`` (a DID or register URL) and, where given, its registration; the country is alpha-2."""

    id: str | None
    name: str | None
    registered_id: str | None
    id_scheme: str | None
    registration_country: str | None
    also_known_as: tuple[PartyReference, ...]
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRole:
    """A party in a role (code list: ``contexts.codes.codelists.PARTY_ROLES``)."""

    role: str | None
    party: PartyReference | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReference:
    """A product, batch or item as another credential names it."""

    id: str | None
    name: str | None
    granularity: str | None
    model_number: str | None
    batch_number: str | None
    item_number: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityReference:
    """A facility as another credential names it."""

    id: str | None
    name: str | None
    registered_id: str | None
    id_scheme: str | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From ``start`` up to, but not including, ``end`` (the first moment after the end date)."""

    start: datetime | None
    end: datetime | None
    pointer: str


def read_measure(value: Json, pointer: str) -> Measure:
    """A Measure object."""
    here = place(value, pointer)
    return Measure(
        value=here.number("value"),
        unit=here.text("unit"),
        upper_tolerance=here.number("upperTolerance"),
        lower_tolerance=here.number("lowerTolerance"),
        pointer=pointer,
    )


def read_link(value: Json, pointer: str) -> Link:
    """A Link object."""
    here = place(value, pointer)
    return Link(
        url=here.text("linkURL"),
        name=here.text("linkName"),
        digest_multibase=here.text("digestMultibase"),
        media_type=here.text("mediaType"),
        link_type=here.text("linkType"),
        pointer=pointer,
    )


def read_classification(value: Json, pointer: str) -> Classification:
    """A Classification object."""
    here = place(value, pointer)
    return Classification(
        code=here.text("code"),
        name=here.text("name"),
        scheme_id=here.text("schemeId"),
        scheme_name=here.text("schemeName"),
        pointer=pointer,
    )


def read_reference(value: Json, pointer: str) -> Reference:
    """Any object with ``id`` and ``name``."""
    here = place(value, pointer)
    return Reference(id=here.text("id"), name=here.text("name"), pointer=pointer)


def read_criterion(value: Json, pointer: str) -> CriterionReference:
    """A reference to a criterion."""
    here = place(value, pointer)
    return CriterionReference(id=here.text("id"), name=here.text("name"), pointer=pointer)


def read_topic(value: Json, pointer: str) -> TopicReference:
    """A reference to a conformity topic."""
    here = place(value, pointer)
    return TopicReference(id=here.text("id"), name=here.text("name"), pointer=pointer)


def read_metric(value: Json, pointer: str) -> MetricReference:
    """A reference to a performance metric."""
    here = place(value, pointer)
    return MetricReference(id=here.text("id"), name=here.text("name"), pointer=pointer)


def read_party(value: Json, pointer: str) -> PartyReference:
    """A Party object or a reference to one."""
    here = place(value, pointer)
    return PartyReference(
        id=here.text("id"),
        name=here.text("name"),
        registered_id=here.text("registeredId"),
        id_scheme=here.at("idScheme").text("id"),
        registration_country=here.at("registrationCountry").text("countryCode"),
        also_known_as=here.many("partyAlsoKnownAs", read_party),
        pointer=pointer,
    )


def read_party_role(value: Json, pointer: str) -> PartyRole:
    """A PartyRole object."""
    here = place(value, pointer)
    return PartyRole(role=here.text("role"), party=here.one("party", read_party), pointer=pointer)


def read_product_reference(value: Json, pointer: str) -> ProductReference:
    """A reference to a product, batch or item."""
    here = place(value, pointer)
    return ProductReference(
        id=here.text("id"),
        name=here.text("name"),
        granularity=here.text("idGranularity"),
        model_number=here.text("modelNumber"),
        batch_number=here.text("batchNumber"),
        item_number=here.text("itemNumber"),
        pointer=pointer,
    )


def read_facility_reference(value: Json, pointer: str) -> FacilityReference:
    """A reference to a facility."""
    here = place(value, pointer)
    return FacilityReference(
        id=here.text("id"),
        name=here.text("name"),
        registered_id=here.text("registeredId"),
        id_scheme=here.at("idScheme").text("id"),
        pointer=pointer,
    )


def read_period(value: Json, pointer: str) -> Period:
    """A Period object; its end date belongs to the period."""
    here = place(value, pointer)
    return Period(start=here.moment("startDate"), end=here.end_of_day("endDate"), pointer=pointer)
