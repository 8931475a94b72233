"""UNTP 0.7 drafts as a company's staff would write them: one function a credential kind, no decisions inside.

Shapes are those of UNTP 0.7.0 (DigitalProductPassport, DigitalConformityCredential, DigitalTraceabilityEvent,
DigitalFacilityRecord, DigitalIdentityAnchor). ``id``, ``credentialStatus`` and securing are the issuing node's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from credentials.encoding.moments import format_moment
from node.demo.companies import ACCREDITOR, REGISTER, Company, CompanySite

CONTEXT: Final = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]
TOPICS: Final = "https://vocabulary.uncefact.org/conformity-topics/"
METRICS: Final = "https://vocabulary.uncefact.org/performance-metrics/"
SCHEME: Final = ACCREDITOR.url("schemes/responsible-textile")
LINK_TYPES: Final = "https://test.uncefact.org/vocabulary/linkTypes/"


def envelope(kind: str, issuer: Company, name: str, subject: Any, *, valid_from: datetime) -> dict[str, Any]:
    """The members every UNTP credential has; valid for five years."""
    return {
        "@context": CONTEXT,
        "type": [kind, "VerifiableCredential"],
        "issuer": {
            "type": ["CredentialIssuer"],
            "id": issuer.did,
            "name": issuer.name,
            "issuerAlsoKnownAs": [registered_party(issuer, REGISTER.url(f"companies/{issuer.register_number}"))],
        },
        "validFrom": format_moment(valid_from),
        "validUntil": format_moment(valid_from + timedelta(days=5 * 365)),
        "name": name,
        "credentialSubject": subject,
    }


def scheme_reference() -> dict[str, Any]:
    """The identifier scheme of the business register."""
    return {"type": ["IdentifierScheme"], "id": REGISTER.url("companies"), "name": "Company numbers"}


def registered_party(company: Company, party_id: str) -> dict[str, Any]:
    """A company as a Party under ``party_id`` with its number in the business register."""
    return {
        "type": ["Party"],
        "id": party_id,
        "name": company.name,
        "registeredId": company.register_number,
        "idScheme": scheme_reference(),
    }


def party_role(role: str, company: Company) -> dict[str, Any]:
    """A company in a role (code list PartyRole)."""
    return {"role": role, "party": registered_party(company, company.did)}


def facility_id(company: Company) -> str:
    """The identifier of the company's site."""
    return company.url(f"facilities/{site_of(company).key}")


def facility_reference(company: Company) -> dict[str, Any]:
    """A short reference to the company's site."""
    site = site_of(company)
    return {"type": ["Facility"], "id": facility_id(company), "name": site.name, "registeredId": site.key}


def classification(code: str, name: str) -> dict[str, Any]:
    """A code of the UN Central Product Classification."""
    return {
        "code": code,
        "name": name,
        "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/",
        "schemeName": "UN Central Product Classification (CPC)",
    }


def country(code: str) -> dict[str, Any]:
    """A country by its ISO 3166-1 code."""
    return {"countryCode": code}


def measure(value: float, unit: str = "KGM") -> dict[str, Any]:
    """A quantity with its UN/ECE Recommendation 20 unit."""
    return {"value": value, "unit": unit}


def link(url: str, name: str, relation: str, digest: str | None = None) -> dict[str, Any]:
    """A Link to a credential, with the digest of the bytes it names when they are known."""
    stated = {"linkURL": url, "linkName": name, "mediaType": "application/vc+jwt", "linkType": LINK_TYPES + relation}
    return stated | ({"digestMultibase": digest} if digest else {})


def topic(slug: str, name: str) -> dict[str, Any]:
    """A topic of the UNTP conformity taxonomy."""
    return {"type": ["ConformityTopic"], "id": TOPICS + slug, "name": name}


def criterion(key: str, name: str, about: dict[str, Any]) -> dict[str, Any]:
    """A criterion of the demo's scheme."""
    return {"type": ["Criterion"], "id": f"{SCHEME}/criteria/{key}", "name": name, "conformityTopic": [about]}


def performance(metric: str, name: str, value: float, unit: str) -> dict[str, Any]:
    """A measured performance; ``metric`` is a slug of the UNTP metrics or the full IRI of a share of mass."""
    stated: dict[str, Any] = {"type": ["PerformanceMetric"], "id": METRICS + metric, "name": name}
    if "://" in metric:
        stated |= {"id": metric, "improvementDirection": "higher", "aggregationMethod": "weighted-average"}
        stated["allowedUnit"] = [unit]
    return {"metric": stated, "measure": measure(value, unit)}


def product_reference(product: dict[str, Any]) -> dict[str, Any]:
    """What events and assessments say of a product: id, name and which lot."""
    wanted = ("type", "id", "name", "modelNumber", "batchNumber", "itemNumber", "idGranularity")
    return {key: product[key] for key in wanted if key in product}


def portion(product: dict[str, Any], kilograms: float, disposition: str) -> dict[str, Any]:
    """A quantity of a lot in an event, and its state afterwards."""
    return {
        "product": product_reference(product),
        "quantity": measure(kilograms),
        "disposition": disposition,
    }


def activity(code: str, name: str) -> dict[str, Any]:
    """A business step of the GS1 core business vocabulary."""
    return {
        "code": code,
        "name": name,
        "schemeId": "https://ref.gs1.org/cbv/BizStep",
        "schemeName": "GS1 CBV Business Step",
    }


def make_event(
    company: Company,
    key: str,
    *,
    at: datetime,
    inputs: Sequence[dict[str, Any]],
    outputs: Sequence[dict[str, Any]],
    documents: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """One MakeEvent at the company's own site; ``documents`` are the passports it relied on."""
    return {
        "type": ["MakeEvent", "LifecycleEvent"],
        "id": company.url(f"events/{key}"),
        "name": f"{site_of(company).process[1]} made at {site_of(company).name}",
        "eventDate": format_moment(at),
        "activityType": activity("commissioning", "Commissioning"),
        "relatedParty": [party_role("manufacturer", company)],
        "relatedDocument": list(documents),
        "inputProduct": list(inputs),
        "outputProduct": list(outputs),
        "madeAtFacility": facility_reference(company),
    }


def move_event(
    sender: Company, receiver: Company, key: str, *, at: datetime, moved: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """One MoveEvent from the sender's site to the receiver's, as the sender saw it."""
    return {
        "type": ["MoveEvent", "LifecycleEvent"],
        "id": sender.url(f"events/{key}"),
        "name": f"Shipment from {sender.name} to {receiver.name}",
        "eventDate": format_moment(at),
        "activityType": activity("shipping", "Shipping"),
        "relatedParty": [party_role("consignor", sender), party_role("consignee", receiver)],
        "movedProduct": list(moved),
        "fromFacility": facility_reference(sender),
        "toFacility": facility_reference(receiver),
        "consignmentId": f"urn:uuid:{_consignment(key)}",
    }


def _consignment(key: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://tracenode.example/demo/{key}"))


def site_of(company: Company) -> CompanySite:
    """The company's site. Raises LookupError when it has none."""
    if company.site is None:
        raise LookupError(f"{company.name} has no site")
    return company.site
