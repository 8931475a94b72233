"""A draft of each kind that this node can issue as it is: something to begin with, to be changed to what is true.

Every identifier is below the node's own address, so that the node has a say of it; every figure is an example.
Shapes: UNTP 0.7.0 (DigitalProductPassport, DigitalConformityCredential, DigitalTraceabilityEvent,
DigitalFacilityRecord, DigitalIdentityAnchor).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.encoding.moments import format_moment
from credentials.untp.kinds import ANCHOR, CONFORMITY, CONTEXTS, EVENT, FACILITY, PASSPORT, CredentialType
from node.flows.identity.identity import Identity

_TOPICS: Final = "https://vocabulary.uncefact.org/conformity-topics/"
_METRICS: Final = "https://vocabulary.uncefact.org/performance-metrics/"
_CPC: Final = "https://unstats.un.org/unsd/classifications/Econ/cpc/"
_LIFE: Final = timedelta(days=5 * 365)


def example(kind: str, identity: Identity, *, at: datetime) -> dict[str, Json]:
    """The draft of ``kind`` (dpp, dcc, dfr, dia, dte), dated the day before ``at``. Raises KeyError for another."""
    type_, subject = EXAMPLES[kind]
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", CONTEXTS["0.7.0"]],
        "type": [type_.name, "VerifiableCredential"],
        "validFrom": format_moment(at),
        "validUntil": format_moment(at + _LIFE),
        "name": f"Example: {type_.name}",
        "credentialSubject": subject(identity, at - timedelta(days=1)),
    }


def _passport(own: Identity, day: datetime) -> Json:
    return {
        "type": ["Product"],
        "id": f"{own.public_url}/lots/example-1",
        "name": "Cotton yarn, lot 1",
        "description": "Ring-spun cotton yarn on cones.",
        "idScheme": {"type": ["IdentifierScheme"], "id": f"{own.public_url}/lots", "name": f"Lots of {own.name}"},
        "batchNumber": "1",
        "idGranularity": "batch",
        "productCategory": [_class("26360", "Cotton yarn")],
        "producedAtFacility": _site(own),
        "productionDate": day.date().isoformat(),
        "countryOfProduction": {"countryCode": "IN"},
        "relatedParty": [{"role": "manufacturer", "party": _party(own)}],
        "materialProvenance": [
            {
                "name": "Cotton",
                "originCountry": {"countryCode": "IN"},
                "materialType": _class("01921", "Cotton, whether or not ginned"),
                "massFraction": 1,
                "recycledMassFraction": 0,
                "hazardous": False,
            }
        ],
        "performanceClaim": [
            {
                "type": ["Claim"],
                "id": f"{own.public_url}/claims/example-1/recycled-content",
                "name": "Recycled content",
                "referenceCriteria": [_criterion(own)],
                "claimDate": day.date().isoformat(),
                "claimedPerformance": [_recycled_share(0)],
                "conformityTopic": [_topic()],
            }
        ],
    }


def _attestation(own: Identity, day: datetime) -> Json:
    return {
        "type": ["ConformityAttestation"],
        "id": f"{own.public_url}/attestations/example-1",
        "name": f"Certificate 1 of {own.name}",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "no-endorsement",
        "attestationType": "certification",
        "issuedToParty": {"type": ["Party"], "id": "did:web:mill.example", "name": "Example Mill"},
        "referenceScheme": {
            "type": ["ConformityScheme"],
            "id": f"{own.public_url}/schemes/example",
            "name": "Example scheme",
        },
        "conformityAssessment": [
            {
                "type": ["ConformityAssessment"],
                "id": f"{own.public_url}/assessments/example-1",
                "name": "Recycled content of one lot",
                "assessmentCriteria": [_criterion(own)],
                "assessmentDate": day.date().isoformat(),
                "assessedPerformance": [_recycled_share(40)],
                "conformityTopic": [_topic()],
                "conformance": True,
                "assessedProduct": [
                    {
                        "product": {
                            "type": ["Product"],
                            "id": "https://mill.example/lots/1",
                            "name": "Cotton yarn, lot 1",
                            "batchNumber": "1",
                        },
                        "idVerifiedByCAB": True,
                    }
                ],
            }
        ],
    }


def _facility(own: Identity, day: datetime) -> Json:
    return {
        **_site(own),
        "description": "A spinning mill.",
        "idScheme": {
            "type": ["IdentifierScheme"],
            "id": f"{own.public_url}/facilities",
            "name": f"Sites of {own.name}",
        },
        "countryOfOperation": {"countryCode": "IN"},
        "processCategory": [_class("26360", "Cotton yarn")],
        "relatedParty": [{"role": "operator", "party": _party(own)}],
        "locationInformation": {"geoLocation": {"latitude": 11.1085, "longitude": 77.3411}},
        "address": {
            "streetAddress": "1 Mill Road",
            "postalCode": "641601",
            "addressLocality": "Tiruppur",
            "addressRegion": "Tamil Nadu",
            "addressCountry": {"countryCode": "IN"},
        },
    }


def _anchor(own: Identity, day: datetime) -> Json:
    return {
        "type": ["RegisteredIdentity"],
        "id": "did:web:mill.example",
        "registeredName": "Example Mill Private Limited",
        "registeredId": "M-1",
        "idScheme": {"type": ["IdentifierScheme"], "id": f"{own.public_url}/companies", "name": "Company numbers"},
        "registerType": "business",
        "registrar": _party(own),
        "registrationScope": [f"{own.public_url}/companies/scopes/trade"],
        "registeredDate": "2019-04-01",
    }


def _event(own: Identity, day: datetime) -> Json:
    return [
        {
            "type": ["MakeEvent", "LifecycleEvent"],
            "id": f"{own.public_url}/events/example-1",
            "name": "Cotton yarn made",
            "eventDate": format_moment(day),
            "activityType": {
                "code": "commissioning",
                "name": "Commissioning",
                "schemeId": "https://ref.gs1.org/cbv/BizStep",
                "schemeName": "GS1 CBV Business Step",
            },
            "relatedParty": [{"role": "manufacturer", "party": _party(own)}],
            "inputProduct": [_portion("https://farm.example/lots/1", "Raw cotton, lot 1", 1100)],
            "outputProduct": [_portion(f"{own.public_url}/lots/example-1", "Cotton yarn, lot 1", 1000)],
            "madeAtFacility": _site(own),
        }
    ]


def _site(own: Identity) -> dict[str, Json]:
    return {
        "type": ["Facility"],
        "id": f"{own.public_url}/facilities/1",
        "name": f"Site 1 of {own.name}",
        "registeredId": "1",
    }


def _party(own: Identity) -> dict[str, Json]:
    return {"type": ["Party"], "id": own.did, "name": own.name}


def _class(code: str, name: str) -> dict[str, Json]:
    return {"code": code, "name": name, "schemeId": _CPC, "schemeName": "UN Central Product Classification (CPC)"}


def _topic() -> dict[str, Json]:
    slug, name = "recycled-material-integration", "Recycled material integration"
    return {"type": ["ConformityTopic"], "id": _TOPICS + slug, "name": name}


def _criterion(own: Identity) -> dict[str, Json]:
    return {
        "type": ["Criterion"],
        "id": f"{own.public_url}/schemes/example/criteria/recycled-content",
        "name": "Recycled content",
        "conformityTopic": [_topic()],
    }


def _recycled_share(percent: float) -> dict[str, Json]:
    metric = {"type": ["PerformanceMetric"], "id": f"{_METRICS}recycled-content-percentage", "name": "Recycled content"}
    return {"metric": metric, "measure": {"value": percent, "unit": "P1"}}


def _portion(lot: str, name: str, kilograms: float) -> dict[str, Json]:
    product: JsonObject = {
        "type": ["Product"],
        "id": lot,
        "name": name,
        "batchNumber": lot.rpartition("/")[2],
        "idGranularity": "batch",
    }
    return {"product": dict(product), "quantity": {"value": kilograms, "unit": "KGM"}, "disposition": "active"}


#: Short name → the credential type, and what makes its subject.
EXAMPLES: Final[Mapping[str, tuple[CredentialType, Callable[[Identity, datetime], Json]]]] = MappingProxyType(
    {
        PASSPORT.short: (PASSPORT, _passport),
        CONFORMITY.short: (CONFORMITY, _attestation),
        FACILITY.short: (FACILITY, _facility),
        ANCHOR.short: (ANCHOR, _anchor),
        EVENT.short: (EVENT, _event),
    }
)
