"""The digital conformity credential (DCC) as a lens: an attestation, its assessments and its endorsements.

UNTP 0.7.0, Digital Conformity Credential. Levels are the issuer's own words (DCC-02), an endorsement is a statement
until its evidence proves it (DCC-09), and an absent ``conformance`` is no statement, never true (DCC-05).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from credentials.encoding.document import JsonObject
from credentials.untp.claim import Performance, read_performance
from credentials.untp.json_reading import JsonPlace, only_subject_of
from credentials.untp.values import (
    CriterionReference,
    FacilityReference,
    Link,
    PartyReference,
    ProductReference,
    Reference,
    read_criterion,
    read_facility_reference,
    read_link,
    read_party,
    read_product_reference,
    read_reference,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One assessment of an attestation; ``conformance`` is None when it is not stated.

    ``verified_ids`` are the ids of products and facilities that the assessor says it verified (idVerifiedByCAB).
    """

    id: str | None
    criteria: tuple[CriterionReference, ...]
    assessment_date: datetime | None
    performance: tuple[Performance, ...]
    products: tuple[ProductReference, ...]
    facilities: tuple[FacilityReference, ...]
    verified_ids: tuple[str, ...]
    organisation: PartyReference | None
    conditions: tuple[str, ...]
    evidence: tuple[Link, ...]
    topics: tuple[Reference, ...]
    conformance: bool | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """Who is said to stand behind the assessor; unverified until ``evidence`` is fetched and proves it."""

    name: str | None
    evidence: Link | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """The attestation a conformity credential carries."""

    id: str | None
    name: str | None
    assessor_level: str | None
    assessment_level: str | None
    issued_to: PartyReference | None
    authorisations: tuple[Endorsement, ...]
    scheme: Reference | None
    profile: Reference | None
    certificate: Link | None
    auditable_evidence: Link | None
    assessments: tuple[Assessment, ...]
    pointer: str


def read_attestation(document: JsonObject) -> Attestation | None:
    """The attestation of a conformity credential; None unless it has exactly one subject."""
    subject = only_subject_of(document)
    if subject is None:
        return None
    return Attestation(
        id=subject.text("id"),
        name=subject.text("name"),
        assessor_level=subject.text("assessorLevel"),
        assessment_level=subject.text("assessmentLevel"),
        issued_to=subject.one("issuedToParty", read_party),
        authorisations=subject.many("authorisation", read_endorsement),
        scheme=subject.one("referenceScheme", read_reference),
        profile=subject.one("referenceProfile", read_reference),
        certificate=subject.one("conformityCertificate", read_link),
        auditable_evidence=subject.one("auditableEvidence", read_link),
        assessments=subject.many("conformityAssessment", read_assessment),
        pointer=subject.pointer,
    )


def read_assessment(here: JsonPlace) -> Assessment:
    """A ConformityAssessment object."""
    return Assessment(
        id=here.text("id"),
        criteria=here.many("assessmentCriteria", read_criterion),
        assessment_date=here.moment("assessmentDate"),
        performance=here.many("assessedPerformance", read_performance),
        products=_within(here.each("assessedProduct"), "product", read_product_reference),
        facilities=_within(here.each("assessedFacility"), "facility", read_facility_reference),
        verified_ids=(*_verified(here, "assessedProduct", "product"), *_verified(here, "assessedFacility", "facility")),
        organisation=here.one("assessedOrganisation", read_party),
        conditions=here.texts("specifiedCondition"),
        evidence=here.many("evidence", read_link),
        topics=here.many("conformityTopic", read_reference),
        conformance=here.flag("conformance"),
        pointer=here.pointer,
    )


def read_endorsement(here: JsonPlace) -> Endorsement:
    """An Endorsement object."""
    return Endorsement(
        name=here.text("name"),
        evidence=here.one("endorsementEvidence", read_link),
        pointer=here.pointer,
    )


def _verified(here: JsonPlace, key: str, named: str) -> Iterator[str]:
    """The ids below ``key`` that are said to be verified."""
    for entry in here.each(key):
        id_ = entry.at(named).text("id")
        if id_ is not None and entry.flag("idVerifiedByCAB"):
            yield id_


def _within(entries: Iterable[JsonPlace], key: str, read: Callable[[JsonPlace], T]) -> tuple[T, ...]:
    """What the entries of a list name under ``key``; an entry that names nothing is passed over."""
    return tuple(one for entry in entries if (one := entry.one(key, read)) is not None)
