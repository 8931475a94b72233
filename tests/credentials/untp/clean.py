"""One clean credential of each UNTP type, written by us: nothing in them that lint or schema could find.

Each function returns a fresh dict, so a test may break its copy. Together they tell one small story: Ndola Cotton
(ZM) grows cotton, Bursa Yarns (TR) spins a batch of yarn from it, a certifier inspects the spinner, a register
anchors the spinner's DID.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]
SPINNER = "did:web:bursa-yarns.example"
FARM = "did:web:ndola-cotton.example"
CERTIFIER = "did:web:fibre-audit.example"
REGISTER = "did:web:register.example"
YARN_BATCH = "https://id.bursa-yarns.example/yarn/ring-30/lot-7"
COTTON_BATCH = "https://id.ndola-cotton.example/cotton/2025/bale-11"
MILL = "https://facilities.example/mill-4"
FIELD = "https://facilities.example/field-2"


def envelope(*, type_: str, id_: str, issuer: dict[str, Any], name: str, subject: Any) -> dict[str, Any]:
    """A credential around ``subject``, without proof."""
    return {
        "@context": list(CONTEXTS),
        "type": [type_, "VerifiableCredential"],
        "id": id_,
        "issuer": issuer,
        "validFrom": "2025-09-01T00:00:00Z",
        "validUntil": "2027-09-01T00:00:00Z",
        "name": name,
        "credentialSubject": subject,
    }


def issuer(did: str, name: str, registered_id: str) -> dict[str, Any]:
    """An issuer with one registration."""
    return {
        "type": ["CredentialIssuer"],
        "id": did,
        "name": name,
        "issuerAlsoKnownAs": [
            {
                "type": ["Party"],
                "id": f"https://register.example/companies/{registered_id}",
                "name": name,
                "registeredId": registered_id,
                "idScheme": scheme("https://register.example", "Example Register"),
            }
        ],
    }


def scheme(id_: str, name: str) -> dict[str, Any]:
    """An identifier scheme."""
    return {"type": ["IdentifierScheme"], "id": id_, "name": name}


def country(code: str) -> dict[str, str]:
    """A country by alpha-2 code."""
    return {"countryCode": code}


def classification(code: str, name: str) -> dict[str, str]:
    """A class of the UN Central Product Classification."""
    return {
        "code": code,
        "name": name,
        "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/",
        "schemeName": "UN Central Product Classification (CPC)",
    }


def party(id_: str, name: str) -> dict[str, Any]:
    """A party by id and name."""
    return {"type": ["Party"], "id": id_, "name": name}


def claim(slug: str, *, criterion: str, topic: str, metric: str, value: float, unit: str) -> dict[str, Any]:
    """A claim of one measured value."""
    return {
        "type": ["Claim"],
        "id": f"https://bursa-yarns.example/claims/{slug}",
        "name": slug.replace("-", " "),
        "referenceCriteria": [{"type": ["Criterion"], "id": criterion, "name": "A criterion"}],
        "claimDate": "2025-09-01",
        "claimedPerformance": [
            {
                "metric": {
                    "type": ["PerformanceMetric"],
                    "id": f"https://vocabulary.uncefact.org/performance-metrics/{metric}",
                    "name": metric,
                },
                "measure": {"value": value, "unit": unit},
            }
        ],
        "evidence": [
            {"linkURL": "https://fibre-audit.example/dcc/44", "linkName": "Audit 44", "mediaType": "application/vc+jwt"}
        ],
        "conformityTopic": [
            {
                "type": ["ConformityTopic"],
                "id": f"https://vocabulary.uncefact.org/conformity-topics/{topic}",
                "name": topic,
            }
        ],
    }


def passport() -> dict[str, Any]:
    """A passport of one batch of yarn, made of cotton and a little hazardous finish."""
    product = {
        "type": ["Product"],
        "id": YARN_BATCH,
        "name": "Ring-spun yarn Ne 30",
        "idScheme": scheme("https://id.bursa-yarns.example", "Bursa Yarns identifiers"),
        "modelNumber": "RING-30",
        "batchNumber": "lot-7",
        "idGranularity": "batch",
        "productCategory": [classification("26320", "Cotton yarn")],
        "relatedParty": [{"role": "manufacturer", "party": party(SPINNER, "Bursa Yarns")}],
        "producedAtFacility": {"type": ["Facility"], "id": MILL, "name": "Mill 4", "registeredId": "mill-4"},
        "productionDate": "2025-08-20",
        "countryOfProduction": country("TR"),
        "dimensions": {"weight": {"value": 900, "unit": "KGM"}},
        "materialProvenance": [
            {
                "name": "Raw cotton",
                "originCountry": country("ZM"),
                "materialType": classification("01921", "Cotton"),
                "massFraction": 0.99,
                "mass": {"value": 891, "unit": "KGM"},
                "recycledMassFraction": 0,
                "hazardous": False,
            },
            {
                "name": "Spinning finish",
                "originCountry": country("TR"),
                "materialType": classification("35490", "Finishing agents"),
                "massFraction": 0.01,
                "hazardous": True,
                "materialSafetyInformation": {
                    "linkURL": "https://bursa-yarns.example/sds/finish.pdf",
                    "linkName": "Safety data sheet",
                    "mediaType": "application/pdf",
                },
            },
        ],
        "performanceClaim": [
            claim(
                "carbon-lot-7",
                criterion="https://fibre-scheme.example/criteria/carbon/2",
                topic="greenhouse-gas-emissions",
                metric="product-carbon-footprint",
                value=3.4,
                unit="KGM",
            )
        ],
    }
    return envelope(
        type_="DigitalProductPassport",
        id_="https://bursa-yarns.example/credentials/dpp-7",
        issuer=issuer(SPINNER, "Bursa Yarns", "TR-100"),
        name="Passport of yarn lot 7",
        subject=product,
    )


def attestation() -> dict[str, Any]:
    """A certifier's attestation: the yarn batch meets the carbon criterion."""
    assessment = {
        "type": ["ConformityAssessment"],
        "id": "https://fibre-audit.example/assessments/44-1",
        "name": "Carbon footprint of yarn lot 7",
        "assessmentCriteria": [
            {"type": ["Criterion"], "id": "https://fibre-scheme.example/criteria/carbon/2", "name": "A criterion"}
        ],
        "assessmentDate": "2025-08-28",
        "assessedPerformance": claim(
            "x", criterion="urn:x:y", topic="data-privacy", metric="product-carbon-footprint", value=3.4, unit="KGM"
        )["claimedPerformance"],
        "assessedProduct": [
            {
                "product": {
                    "type": ["Product"],
                    "id": YARN_BATCH,
                    "name": "Ring-spun yarn Ne 30",
                    "modelNumber": "RING-30",
                    "batchNumber": "lot-7",
                },
                "idVerifiedByCAB": True,
            }
        ],
        "conformityTopic": [
            {
                "type": ["ConformityTopic"],
                "id": "https://vocabulary.uncefact.org/conformity-topics/greenhouse-gas-emissions",
                "name": "Greenhouse Gas Emissions",
            }
        ],
        "conformance": True,
    }
    subject = {
        "type": ["ConformityAttestation"],
        "id": "https://fibre-audit.example/certificates/44",
        "name": "Certificate 44",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "scheme-cab",
        "attestationType": "certification",
        "issuedToParty": party(SPINNER, "Bursa Yarns"),
        "referenceScheme": {
            "type": ["ConformityScheme"],
            "id": "https://fibre-scheme.example",
            "name": "Fibre Scheme",
        },
        "conformityAssessment": [assessment],
    }
    return envelope(
        type_="DigitalConformityCredential",
        id_="https://fibre-audit.example/dcc/44",
        issuer=issuer(CERTIFIER, "Fibre Audit", "DE-200"),
        name="Certificate 44",
        subject=subject,
    )


def portion(
    id_: str, *, batch: str, kilograms: float, disposition: str, name: str = "Goods", granularity: str = "batch"
) -> dict[str, Any]:
    """A portion of a batch, weighed in kilograms."""
    return {
        "product": {
            "type": ["Product"],
            "id": id_,
            "name": name,
            "batchNumber": batch,
            "idGranularity": granularity,
        },
        "quantity": {"value": kilograms, "unit": "KGM"},
        "disposition": disposition,
    }


def event(kind: str, slug: str, *, at: str, activity: str, role: str, who: str) -> dict[str, Any]:
    """What the three kinds of events share."""
    return {
        "type": [kind, "LifecycleEvent"],
        "id": f"https://bursa-yarns.example/events/{slug}",
        "name": slug,
        "eventDate": at,
        "activityType": {
            "code": activity,
            "name": activity,
            "schemeId": "https://ref.gs1.org/cbv/BizStep",
            "schemeName": "GS1 CBV Business Step",
        },
        "relatedParty": [{"role": role, "party": party(who, "A party")}],
    }


def make() -> dict[str, Any]:
    """The make event: cotton became yarn."""
    spun = {
        **event(
            "MakeEvent",
            "spin-7",
            at="2025-08-20T08:00:00Z",
            activity="commissioning",
            role="manufacturer",
            who=SPINNER,
        ),
        "inputProduct": [portion(COTTON_BATCH, batch="bale-11", kilograms=1000, disposition="consumed")],
        "outputProduct": [portion(YARN_BATCH, batch="lot-7", kilograms=900, disposition="new")],
        "madeAtFacility": {"type": ["Facility"], "id": MILL, "name": "Mill 4"},
    }
    return _events("dte-spin-7", [spun], issuer(SPINNER, "Bursa Yarns", "TR-100"))


def move() -> dict[str, Any]:
    """The move event: cotton went from field to mill."""
    shipped = {
        **event("MoveEvent", "ship-11", at="2025-07-01T08:00:00Z", activity="shipping", role="consignor", who=FARM),
        "movedProduct": [portion(COTTON_BATCH, batch="bale-11", kilograms=1000, disposition="inTransit")],
        "fromFacility": {"type": ["Facility"], "id": FIELD, "name": "Field 2"},
        "toFacility": {"type": ["Facility"], "id": MILL, "name": "Mill 4"},
        "consignmentId": "urn:carrier:example:WB-11",
    }
    return _events("dte-ship-11", [shipped], issuer(FARM, "Ndola Cotton", "ZM-300"))


def modify() -> dict[str, Any]:
    """The modify event: the yarn was inspected."""
    inspected = {
        **event(
            "ModifyEvent",
            "inspect-7",
            at="2025-08-25T08:00:00Z",
            activity="inspecting",
            role="inspector",
            who=CERTIFIER,
        ),
        "modifiedProduct": [portion(YARN_BATCH, batch="lot-7", kilograms=900, disposition="active")],
        "modifiedAtFacility": {"type": ["Facility"], "id": MILL, "name": "Mill 4"},
    }
    return _events("dte-inspect-7", [inspected], issuer(CERTIFIER, "Fibre Audit", "DE-200"))


def facility_record() -> dict[str, Any]:
    """The record of the mill in Bursa, with point and boundary."""
    subject = {
        "type": ["Facility"],
        "id": MILL,
        "name": "Mill 4",
        "registeredId": "mill-4",
        "idScheme": scheme("https://facilities.example", "Example Facility Register"),
        "countryOfOperation": country("TR"),
        "processCategory": [classification("26320", "Cotton yarn")],
        "relatedParty": [{"role": "operator", "party": party(SPINNER, "Bursa Yarns")}],
        "locationInformation": {
            "geoLocation": {"latitude": 40.19, "longitude": 29.06},
            "geoBoundary": [
                {"latitude": 40.18, "longitude": 29.05},
                {"latitude": 40.2, "longitude": 29.05},
                {"latitude": 40.2, "longitude": 29.07},
                {"latitude": 40.18, "longitude": 29.05},
            ],
        },
        "address": {
            "streetAddress": "Organize Sanayi 12",
            "postalCode": "16140",
            "addressLocality": "Bursa",
            "addressRegion": "Bursa",
            "addressCountry": country("TR"),
        },
        "performanceClaim": [
            claim(
                "energy-2024",
                criterion="https://fibre-scheme.example/criteria/energy/1",
                topic="energy-optimization",
                metric="total-energy-consumption",
                value=1200,
                unit="MWH",
            )
        ],
    }
    return envelope(
        type_="DigitalFacilityRecord",
        id_="https://bursa-yarns.example/credentials/dfr-4",
        issuer=issuer(SPINNER, "Bursa Yarns", "TR-100"),
        name="Record of mill 4",
        subject=subject,
    )


def anchor() -> dict[str, Any]:
    """The register's anchor of the spinner's DID."""
    subject = {
        "type": ["RegisteredIdentity"],
        "id": SPINNER,
        "registeredName": "Bursa Yarns",
        "registeredId": "TR-100",
        "registeredDate": "2010-05-01",
        "idScheme": scheme("https://register.example", "Example Register"),
        "registerType": "business",
        "registrationScope": ["https://register.example/scope/company"],
    }
    return envelope(
        type_="DigitalIdentityAnchor",
        id_="https://register.example/anchors/TR-100",
        issuer=issuer(REGISTER, "Example Register", "REG-1"),
        name="Anchor of Bursa Yarns",
        subject=subject,
    )


#: Every clean credential by a name for test ids.
CLEAN: dict[str, Callable[[], dict[str, Any]]] = {
    "passport": passport,
    "attestation": attestation,
    "make": make,
    "move": move,
    "modify": modify,
    "facility record": facility_record,
    "anchor": anchor,
}


def _events(slug: str, events: list[dict[str, Any]], who: dict[str, Any]) -> dict[str, Any]:
    return envelope(
        type_="DigitalTraceabilityEvent",
        id_=f"https://bursa-yarns.example/credentials/{slug}",
        issuer=who,
        name=slug,
        subject=events,
    )
