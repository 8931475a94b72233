"""The digital conformity credential (DCC) as a lens: an attestation, its assessments and its endorsements.

UNTP 0.7.0, Digital Conformity Credential. Levels are the issuer's own words (DCC-02), an endorsement is a statement
until its evidence proves it (DCC-09), and an absent ``conformance`` is no statement, never true (DCC-05).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credentials.encoding.document import Json, JsonObject
from credentials.untp.claim import Performance, Score, read_performance, read_score
from credentials.untp.json_reading import only_subject_of, place
from credentials.untp.values import (
    CriterionReference,
    FacilityReference,
    Link,
    PartyReference,
    ProductReference,
    Reference,
    TopicReference,
    read_criterion,
    read_facility_reference,
    read_link,
    read_party,
    read_product_reference,
    read_reference,
    read_topic,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedProduct:
    """A product that was assessed, and whether the assessor checked its id."""

    product: ProductReference | None
    id_verified: bool | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedFacility:
    """A facility that was assessed, and whether the assessor checked its id."""

    facility: FacilityReference | None
    id_verified: bool | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One assessment of an attestation; ``conformance`` is None when it is not stated."""

    id: str | None
    name: str | None
    criteria: tuple[CriterionReference, ...]
    assessment_date: datetime | None
    performance: tuple[Performance, ...]
    products: tuple[AssessedProduct, ...]
    facilities: tuple[AssessedFacility, ...]
    organisation: PartyReference | None
    standards: tuple[Reference, ...]
    regulations: tuple[Reference, ...]
    conditions: tuple[str, ...]
    evidence: tuple[Link, ...]
    topics: tuple[TopicReference, ...]
    conformance: bool | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """Who is said to stand behind the assessor; unverified until ``evidence`` is fetched and proves it."""

    name: str | None
    authority: PartyReference | None
    evidence: Link | None
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """The attestation a conformity credential carries."""

    id: str | None
    name: str | None
    assessor_level: str | None
    assessment_level: str | None
    attestation_type: str | None
    issued_to: PartyReference | None
    authorisations: tuple[Endorsement, ...]
    scheme: Reference | None
    profile: Reference | None
    profile_score: Score | None
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
        attestation_type=subject.text("attestationType"),
        issued_to=subject.one("issuedToParty", read_party),
        authorisations=subject.many("authorisation", read_endorsement),
        scheme=subject.one("referenceScheme", read_reference),
        profile=subject.one("referenceProfile", read_reference),
        profile_score=subject.one("profileScore", read_score),
        certificate=subject.one("conformityCertificate", read_link),
        auditable_evidence=subject.one("auditableEvidence", read_link),
        assessments=subject.many("conformityAssessment", read_assessment),
        pointer=subject.pointer,
    )


def read_assessment(value: Json, pointer: str) -> Assessment:
    """A ConformityAssessment object."""
    here = place(value, pointer)
    return Assessment(
        id=here.text("id"),
        name=here.text("name"),
        criteria=here.many("assessmentCriteria", read_criterion),
        assessment_date=here.moment("assessmentDate"),
        performance=here.many("assessedPerformance", read_performance),
        products=here.many("assessedProduct", read_assessed_product),
        facilities=here.many("assessedFacility", read_assessed_facility),
        organisation=here.one("assessedOrganisation", read_party),
        standards=here.many("referenceStandard", read_reference),
        regulations=here.many("referenceRegulation", read_reference),
        conditions=here.texts("specifiedCondition"),
        evidence=here.many("evidence", read_link),
        topics=here.many("conformityTopic", read_topic),
        conformance=here.flag("conformance"),
        pointer=pointer,
    )


def read_endorsement(value: Json, pointer: str) -> Endorsement:
    """An Endorsement object."""
    here = place(value, pointer)
    return Endorsement(
        name=here.text("name"),
        authority=here.one("issuingAuthority", read_party),
        evidence=here.one("endorsementEvidence", read_link),
        pointer=pointer,
    )


def read_assessed_product(value: Json, pointer: str) -> AssessedProduct:
    """An entry of ``assessedProduct``."""
    here = place(value, pointer)
    return AssessedProduct(
        product=here.one("product", read_product_reference), id_verified=here.flag("idVerifiedByCAB"), pointer=pointer
    )


def read_assessed_facility(value: Json, pointer: str) -> AssessedFacility:
    """An entry of ``assessedFacility``."""
    here = place(value, pointer)
    return AssessedFacility(
        facility=here.one("facility", read_facility_reference),
        id_verified=here.flag("idVerifiedByCAB"),
        pointer=pointer,
    )
