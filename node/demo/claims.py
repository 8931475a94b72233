"""What is claimed and attested in the season: claims, the criteria behind them, and matching assessments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from node.demo.companies import CERTIFIER, FIELDCHECK, Company
from node.demo.drafts import (
    SCHEME,
    criterion,
    facility_reference,
    performance,
    product_reference,
    registered_party,
    topic,
)
from node.demo.products import ORGANIC_METRIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that can be claimed: topic, criterion and metric with its unit."""

    key: str
    name: str
    topic: tuple[str, str]
    metric: tuple[str, str]
    unit: str


ORGANIC: Final = Matter(
    key="organic-content",
    name="Organic content",
    topic=("ethical-material-sourcing", "Ethical material sourcing"),
    metric=(ORGANIC_METRIC, "Organic content percentage"),
    unit="P1",
)
RECYCLED: Final = Matter(
    key="recycled-content",
    name="Recycled content",
    topic=("recycled-material-integration", "Recycled material integration"),
    metric=("recycled-content-percentage", "Recycled content percentage"),
    unit="P1",
)
FOOTPRINT: Final = Matter(
    key="carbon-footprint",
    name="Carbon footprint per shirt",
    topic=("greenhouse-gas-emissions", "Greenhouse gas emissions"),
    metric=("product-carbon-footprint", "Product carbon footprint"),
    unit="KGM",
)
WAGES: Final = Matter(
    key="living-wage",
    name="Living wages where it was sewn",
    topic=("decent-work-conditions", "Decent work conditions"),
    metric=("living-wage-coverage", "Living wage coverage"),
    unit="P1",
)
INTEGRITY: Final = Matter(
    key="anti-corruption",
    name="Anti-corruption training",
    topic=("anti-corruption-measures", "Anti-corruption measures"),
    metric=("anti-corruption-training-coverage", "Anti-corruption training coverage"),
    unit="P1",
)


def claim(
    issuer: Company, matter: Matter, value: float, *, of: str, on: datetime, evidence: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """One claim of ``issuer``; ``of`` is the lot's key, ``evidence`` links the attestations."""
    about = topic(*matter.topic)
    stated = {
        "type": ["Claim"],
        "id": issuer.url(f"claims/{of}/{matter.key}"),
        "name": matter.name,
        "referenceCriteria": [criterion(matter.key, matter.name, about)],
        "claimDate": on.date().isoformat(),
        "claimedPerformance": [performance(*matter.metric, value, matter.unit)],
        "conformityTopic": [about],
    }
    return stated | ({"evidence": list(evidence)} if evidence else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One assessment: the matter, the value found, and what it was found of (a product, a site or a company)."""

    matter: Matter
    value: float
    product: dict[str, Any] | None = None
    site_of: Company | None = None
    company: Company | None = None


def attestation(
    certifier: Company, key: str, *, to: Company, on: datetime, assessed: Sequence[Assessed]
) -> dict[str, Any]:
    """A ConformityAttestation subject of a third-party certification under the demo's scheme."""
    return {
        "type": ["ConformityAttestation"],
        "id": certifier.url(f"attestations/{key}"),
        "name": f"Certification of {to.name} by {certifier.name}",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "authority-peer" if certifier in (CERTIFIER, FIELDCHECK) else "no-endorsement",
        "attestationType": "certification",
        "issuedToParty": registered_party(to, to.did),
        "referenceScheme": {"type": ["ConformityScheme"], "id": SCHEME, "name": "Responsible Textile"},
        "conformityAssessment": [_assessment(certifier, key, on, item) for item in assessed],
    }


def _assessment(certifier: Company, key: str, on: datetime, item: Assessed) -> dict[str, Any]:
    about = topic(*item.matter.topic)
    assessment: dict[str, Any] = {
        "type": ["ConformityAssessment"],
        "id": certifier.url(f"assessments/{key}/{item.matter.key}"),
        "name": f"Assessment: {item.matter.name}",
        "assessmentCriteria": [criterion(item.matter.key, item.matter.name, about)],
        "assessmentDate": on.date().isoformat(),
        "assessedPerformance": [performance(*item.matter.metric, item.value, item.matter.unit)],
        "conformityTopic": [about],
        "conformance": True,
    }
    if item.product is not None:
        reference = product_reference(item.product)
        reference.pop("idGranularity", None)
        assessment["assessedProduct"] = [{"product": reference, "idVerifiedByCAB": True}]
    if item.site_of is not None:
        assessment["assessedFacility"] = [{"facility": facility_reference(item.site_of), "idVerifiedByCAB": True}]
    if item.company is not None:
        assessment["assessedOrganisation"] = registered_party(item.company, item.company.did)
    return assessment
