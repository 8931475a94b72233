"""A small consistent world: ore and graphite, a smelter, a battery, one certifier, one register, one accreditor.

Every word and number here is ours. With all of it in hand a trace of ``TARGET`` at ``AT`` finds nothing wrong; every
rule's mutation starts from it. ``drafts()`` gives fresh copies by name, in the order they are signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

from credentials.evidence import Absent, Found, Need
from credentials.provenance.question import Holdings, Question
from credentials.trust.trust_lists import TrustList, parse_trust_list
from tests.credentials.provenance.signing import Draft, did_document, hold, moment

AT = moment("2026-06-01T12:00:00Z")
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]
MINE, SMELTER, MAKER = "did:web:northpit.test", "did:web:coastsmelter.test", "did:web:cellworks.test"
CERTIFIER, REGISTER, ACCREDITOR = "did:web:assurer.test", "did:web:register.test", "did:web:accreditor.test"
NAMES = {
    MINE: "North Pit Mining",
    SMELTER: "Coast Smelter",
    MAKER: "Cell Works",
    CERTIFIER: "Clear Assurance",
    REGISTER: "Common Business Register",
    ACCREDITOR: "Assurance Recognition Board",
}
NUMBERS = {MINE: "B-1", SMELTER: "B-2", MAKER: "B-3", CERTIFIER: "B-4", REGISTER: "B-5", ACCREDITOR: "B-6"}
REGISTER_SCHEME = "https://register.test/companies"
SCHEME = "https://accreditor.test/schemes/fair-metal"
FOOTPRINT_CRITERION, SOURCING_CRITERION = f"{SCHEME}/criteria/footprint", f"{SCHEME}/criteria/sourcing"
TOPICS = "https://vocabulary.uncefact.org/conformity-topics/"
METRICS = "https://vocabulary.uncefact.org/performance-metrics/"
LINK_TYPES = "https://test.uncefact.org/vocabulary/linkTypes/"

PIT, WORKS, FACTORY = (
    "https://northpit.test/facilities/pit",
    "https://coastsmelter.test/facilities/works",
    "https://cellworks.test/facilities/factory",
)
CONCENTRATE, GRAPHITE = "https://northpit.test/lots/concentrate-7", "https://northpit.test/lots/graphite-2"
CATHODE, BATTERY = "https://coastsmelter.test/lots/cathode-31", "https://cellworks.test/packs/pack-0001"
TARGET = BATTERY
FOOTPRINT_CLAIM = "https://cellworks.test/claims/pack-0001/footprint"

_COPPER = ("14110", "Copper ores and concentrates")
_GRAPHITE = ("16390", "Natural graphite and other minerals")
_SITES = {
    PIT: ("North Pit", "ZM", -12.9, 27.6, "Kitwe", _COPPER, _GRAPHITE),
    WORKS: ("Coast Smelter works", "JP", 35.5, 139.0, "Tsuru", ("41413", "Refined copper")),
    FACTORY: ("Cell Works factory", "DE", 51.3, 10.2, "Mühlhausen", ("46420", "Electric accumulators")),
}
#: Where each is by its plus code, and how far its boundary runs from its middle, in degrees.
_PLUS_CODES = {PIT: "5GV94J22+22", WORKS: "8Q7XG222+22", FACTORY: "9F3G8622+22"}
_HALF = 0.01
_OPERATORS = {PIT: MINE, WORKS: SMELTER, FACTORY: MAKER}


def question(**changes: Any) -> Question:
    """The question asked of this world."""
    return Question(**({"target": TARGET, "at": AT} | changes))


def trust() -> TrustList:
    """Whom the asker believes: the register for companies, the accreditor for its scheme."""
    return parse_trust_list(
        {
            "entries": [
                {"did": REGISTER, "domain": "register.test", "roles": ["registrar"], "registerTypes": ["business"]},
                {
                    "did": ACCREDITOR,
                    "domain": "accreditor.test",
                    "roles": ["accreditation", "scheme-owner"],
                    "schemes": [SCHEME],
                },
            ]
        }
    )


def holdings(
    changed: Mapping[str, Draft] | None = None,
    *,
    trust_list: TrustList | None = None,
    answers: Mapping[Need, Found | Absent] | None = None,
    broken: frozenset[str] = frozenset(),
    documents: Mapping[str, Mapping[str, Any]] | None = None,
) -> Holdings:
    """Everything in hand: ``changed`` drafts instead of :func:`drafts`, ``answers`` on top of the evidence."""
    return hold(
        drafts() if changed is None else changed,
        at=AT,
        trust=trust() if trust_list is None else trust_list,
        documents=did_documents() | dict(documents or {}),
        answers=answers,
        broken=broken,
    )


def did_documents() -> dict[str, dict[str, Any]]:
    """The DID documents of everybody; the members of the register point to their anchors."""
    return {did: _did_document(did) for did in NAMES}


def drafts() -> dict[str, Draft]:
    """Fresh drafts of every credential by name."""
    return deepcopy(_drafts())


@lru_cache
def _drafts() -> dict[str, Draft]:
    anchors = {f"anchor-{_host(did)}": _anchor(REGISTER, did, "business", REGISTER_SCHEME) for did in _members()}
    return {
        **anchors,
        "accreditation": _anchor(ACCREDITOR, CERTIFIER, "accreditation", SCHEME),
        **{f"facility-{_host(_OPERATORS[site])}": _facility(site) for site in _SITES},
        "sourcing-attestation": _sourcing_attestation(),
        "concentrate-passport": _concentrate(),
        "graphite-passport": _graphite(),
        "concentrate-shipped": _shipped(CONCENTRATE, 60_000, PIT, WORKS, "2026-01-15T08:00:00Z", "sea-1"),
        "concentrate-received": _received(CONCENTRATE, 60_000, PIT, WORKS, "2026-02-12T08:00:00Z", "sea-1"),
        "graphite-shipped": _shipped(GRAPHITE, 5_000, PIT, FACTORY, "2026-01-20T08:00:00Z", "sea-2"),
        "graphite-received": _received(GRAPHITE, 5_000, PIT, FACTORY, "2026-02-20T08:00:00Z", "sea-2"),
        "cathode-made": _cathode_made(),
        "cathode-passport": _cathode(),
        "cathode-shipped": _shipped(CATHODE, 12_000, WORKS, FACTORY, "2026-02-25T08:00:00Z", "sea-3"),
        "cathode-received": _received(CATHODE, 12_000, WORKS, FACTORY, "2026-04-02T08:00:00Z", "sea-3"),
        "battery-made": _battery_made(),
        "footprint-attestation": _footprint_attestation(),
        "battery-passport": _battery(),
    }


# ---- lots


def _concentrate() -> Draft:
    materials = [_material("Copper ore", "ZM", ("14110", "Copper ores and concentrates"), 1)]
    category = ("14110", "Copper ores and concentrates")
    subject = _product(CONCENTRATE, "Copper concentrate", "C-7", category, PIT, "2026-01-10", materials)
    return _envelope("DigitalProductPassport", MINE, "concentrate", subject, "2026-01-11T00:00:00Z")


def _graphite() -> Draft:
    materials = [_material("Graphite", "ZM", ("16390", "Natural graphite and other minerals"), 1)]
    category = ("16390", "Natural graphite and other minerals")
    subject = _product(GRAPHITE, "Natural graphite", "G-2", category, PIT, "2026-01-12", materials)
    return _envelope("DigitalProductPassport", MINE, "graphite", subject, "2026-01-13T00:00:00Z")


def _cathode() -> Draft:
    materials = [_material("Copper concentrate", "ZM", ("14110", "Copper ores and concentrates"), 1)]
    category = ("41413", "Refined copper, unwrought")
    subject = _product(CATHODE, "Copper cathode", "K-31", category, WORKS, "2026-02-20", materials)
    subject["dimensions"] = {"weight": _measure(125)}
    return _envelope("DigitalProductPassport", SMELTER, "cathode", subject, "2026-02-21T00:00:00Z")


def _battery() -> Draft:
    materials = [
        _material("Copper cathode", "JP", ("41413", "Refined copper, unwrought"), 0.4, mass=40),
        _material("Graphite", "ZM", ("16390", "Natural graphite and other minerals"), 0.6, mass=60),
    ]
    category = ("46420", "Electric accumulators")
    subject = _product(BATTERY, "Battery pack", "P-1", category, FACTORY, "2026-04-20", materials, item="0001")
    subject["dimensions"] = {"weight": _measure(100)}
    subject["relatedDocument"] = [_link("battery-made", "How it was made", "dte")]
    subject["performanceClaim"] = [
        {
            "type": ["Claim"],
            "id": FOOTPRINT_CLAIM,
            "name": "Carbon footprint",
            "referenceCriteria": [_criterion(FOOTPRINT_CRITERION, "Footprint", "greenhouse-gas-emissions")],
            "claimDate": "2026-05-02",
            "claimedPerformance": [_performance("product-carbon-footprint", "Product carbon footprint", 900, "KGM")],
            "evidence": [_link("footprint-attestation", "Footprint certificate", "dcc", digest=True)],
            "conformityTopic": [_topic("greenhouse-gas-emissions")],
        }
    ]
    return _envelope("DigitalProductPassport", MAKER, "battery", subject, "2026-05-03T00:00:00Z")


def _product(
    id: str,
    name: str,
    batch: str,
    category: tuple[str, str],
    site: str,
    produced: str,
    materials: list[dict[str, Any]],
    *,
    item: str = "",
) -> dict[str, Any]:
    """A product made by the operator of ``site``."""
    operator = _OPERATORS[site]
    return {
        "type": ["Product"],
        "id": id,
        "name": name,
        "idScheme": {"type": ["IdentifierScheme"], "id": f"https://{_host(operator)}/lots", "name": "Own numbers"},
        "batchNumber": batch,
        **({"itemNumber": item} if item else {}),
        "idGranularity": "item" if item else "batch",
        "productCategory": [_code(*category)],
        "producedAtFacility": _facility_reference(site),
        "productionDate": produced,
        "countryOfProduction": {"countryCode": _SITES[site][1]},
        "relatedParty": [_role("manufacturer", operator)],
        "materialProvenance": materials,
    }


def _material(
    name: str, country: str, kind: tuple[str, str], fraction: float, *, mass: float | None = None
) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "name": name,
        "originCountry": {"countryCode": country},
        "materialType": _code(*kind),
        "massFraction": fraction,
        "recycledMassFraction": 0,
        "hazardous": False,
    }
    return stated if mass is None else stated | {"mass": _measure(mass)}


# ---- events


def _cathode_made() -> Draft:
    event = _make(
        "cathode-31",
        WORKS,
        "2026-02-20T06:00:00Z",
        inputs=[_portion("concentrate-passport", 60_000, "consumed")],
        outputs=[_portion("cathode-passport", 18_000, "new")],
    )
    event["relatedDocument"] = [_link("concentrate-passport", "Passport relied on", "dpp", digest=True)]
    return _envelope("DigitalTraceabilityEvent", SMELTER, "cathode-made", [event], "2026-02-20T18:00:00Z")


def _battery_made() -> Draft:
    event = _make(
        "pack-0001",
        FACTORY,
        "2026-04-20T09:00:00Z",
        inputs=[_portion("cathode-passport", 42, "consumed"), _portion("graphite-passport", 62, "consumed")],
        outputs=[_portion("battery-passport", 100, "new")],
    )
    return _envelope("DigitalTraceabilityEvent", MAKER, "battery-made", [event], "2026-04-20T18:00:00Z")


def _make(
    key: str, site: str, at: str, *, inputs: list[dict[str, Any]], outputs: list[dict[str, Any]]
) -> dict[str, Any]:
    operator = _OPERATORS[site]
    return {
        "type": ["MakeEvent", "LifecycleEvent"],
        "id": f"https://{_host(operator)}/events/make-{key}",
        "name": f"Making {key}",
        "eventDate": at,
        "activityType": _step("commissioning"),
        "relatedParty": [_role("manufacturer", operator)],
        "inputProduct": inputs,
        "outputProduct": outputs,
        "madeAtFacility": _facility_reference(site),
    }


def _shipped(lot: str, kilograms: float, origin: str, destination: str, at: str, consignment: str) -> Draft:
    sender = _OPERATORS[origin]
    event = _move(lot, kilograms, origin, destination, at, consignment, sender, "shipping", "inTransit")
    return _envelope("DigitalTraceabilityEvent", sender, f"shipped-{consignment}", [event], at)


def _received(lot: str, kilograms: float, origin: str, destination: str, at: str, consignment: str) -> Draft:
    receiver = _OPERATORS[destination]
    event = _move(lot, kilograms, origin, destination, at, consignment, receiver, "receiving", "active")
    return _envelope("DigitalTraceabilityEvent", receiver, f"received-{consignment}", [event], at)


def _move(
    lot: str,
    kilograms: float,
    origin: str,
    destination: str,
    at: str,
    consignment: str,
    who: str,
    step: str,
    disposition: str,
) -> dict[str, Any]:
    passports = {
        CONCENTRATE: "concentrate-passport",
        GRAPHITE: "graphite-passport",
        CATHODE: "cathode-passport",
    }
    return {
        "type": ["MoveEvent", "LifecycleEvent"],
        "id": f"https://{_host(who)}/events/{step}-{consignment}",
        "name": f"{step} of {consignment}",
        "eventDate": at,
        "activityType": _step(step),
        "relatedParty": [_role("consignor", _OPERATORS[origin]), _role("consignee", _OPERATORS[destination])],
        "movedProduct": [_portion(passports[lot], kilograms, disposition)],
        "fromFacility": _facility_reference(origin),
        "toFacility": _facility_reference(destination),
        "consignmentId": f"urn:carrier:slow-boats:{consignment}",
    }


def _portion(passport: str, kilograms: float, disposition: str) -> dict[str, Any]:
    named = {
        "concentrate-passport": (CONCENTRATE, "Copper concentrate", "C-7", ""),
        "graphite-passport": (GRAPHITE, "Natural graphite", "G-2", ""),
        "cathode-passport": (CATHODE, "Copper cathode", "K-31", ""),
        "battery-passport": (BATTERY, "Battery pack", "P-1", "0001"),
    }
    id, name, batch, item = named[passport]
    product = {"type": ["Product"], "id": id, "name": name, "batchNumber": batch}
    product |= {"itemNumber": item, "idGranularity": "item"} if item else {"idGranularity": "batch"}
    return {"product": product, "quantity": _measure(kilograms), "disposition": disposition}


# ---- conformity


def _footprint_attestation() -> Draft:
    product = {"type": ["Product"], "id": BATTERY, "name": "Battery pack", "batchNumber": "P-1", "itemNumber": "0001"}
    assessment = _assessment("footprint", FOOTPRINT_CRITERION, "greenhouse-gas-emissions", "2026-05-01")
    assessment["assessedPerformance"] = [
        _performance("product-carbon-footprint", "Product carbon footprint", 900, "KGM")
    ]
    assessment["assessedProduct"] = [{"product": product, "idVerifiedByCAB": True}]
    return _attestation("footprint", MAKER, [assessment], "2026-05-01T12:00:00Z")


def _sourcing_attestation() -> Draft:
    assessment = _assessment("sourcing", SOURCING_CRITERION, "ethical-material-sourcing", "2026-01-05")
    assessment["assessedPerformance"] = [_performance("supplier-due-diligence-coverage", "Coverage", 100, "P1")]
    assessment["assessedFacility"] = [{"facility": _facility_reference(PIT), "idVerifiedByCAB": True}]
    return _attestation("sourcing", MINE, [assessment], "2026-01-06T12:00:00Z")


def _assessment(key: str, criterion: str, topic: str, date: str) -> dict[str, Any]:
    return {
        "type": ["ConformityAssessment"],
        "id": f"https://{_host(CERTIFIER)}/assessments/{key}",
        "name": f"Assessment of {key}",
        "assessmentCriteria": [_criterion(criterion, key.title(), topic)],
        "assessmentDate": date,
        "conformityTopic": [_topic(topic)],
        "conformance": True,
    }


def _attestation(key: str, to: str, assessments: list[dict[str, Any]], valid_from: str) -> Draft:
    subject = {
        "type": ["ConformityAttestation"],
        "id": f"https://{_host(CERTIFIER)}/attestations/{key}",
        "name": f"Certificate: {key}",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "authority-peer",
        "attestationType": "certification",
        "issuedToParty": _party(to),
        "referenceScheme": {"type": ["ConformityScheme"], "id": SCHEME, "name": "Fair Metal"},
        "conformityAssessment": assessments,
    }
    return _envelope("DigitalConformityCredential", CERTIFIER, f"{key}-certificate", subject, valid_from)


# ---- places and parties


def _facility(site: str) -> Draft:
    name, country, latitude, longitude, town, *processes = _SITES[site]
    operator = _OPERATORS[site]
    subject = {
        "type": ["Facility"],
        "id": site,
        "name": name,
        "registeredId": site.rpartition("/")[2],
        "idScheme": {"type": ["IdentifierScheme"], "id": REGISTER_SCHEME, "name": "Company numbers"},
        "countryOfOperation": {"countryCode": country},
        "processCategory": [_code(*one) for one in processes],
        "relatedParty": [_role("operator", operator)],
        "locationInformation": {
            "plusCode": f"https://plus.codes/{_PLUS_CODES[site]}",
            "geoLocation": {"latitude": latitude, "longitude": longitude},
            "geoBoundary": _square(latitude, longitude),
        },
        "address": {
            "streetAddress": "1 Works Road",
            "postalCode": "10000",
            "addressLocality": town,
            "addressRegion": town,
            "addressCountry": {"countryCode": country},
        },
    }
    return _envelope("DigitalFacilityRecord", operator, "facility", subject, "2025-06-01T00:00:00Z")


def _square(latitude: float, longitude: float) -> list[dict[str, float]]:
    """A closed ring around a point."""
    corners = ((-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
    return [
        {"latitude": round(latitude + north * _HALF, 2), "longitude": round(longitude + east * _HALF, 2)}
        for north, east in corners
    ]


def _anchor(registrar: str, member: str, register_type: str, scope: str) -> Draft:
    scheme = REGISTER_SCHEME if register_type == "business" else SCHEME
    subject = {
        "type": ["RegisteredIdentity"],
        "id": member,
        "registeredName": NAMES[member],
        "registeredId": NUMBERS[member],
        "registeredDate": "2015-03-01",
        "idScheme": {"type": ["IdentifierScheme"], "id": scheme, "name": "Numbers"},
        "registrar": {"type": ["Party"], "id": registrar, "name": NAMES[registrar]},
        "registerType": register_type,
        "registrationScope": [scope],
    }
    key = f"{register_type}-{NUMBERS[member]}"
    return _envelope("DigitalIdentityAnchor", registrar, key, subject, "2025-01-01T00:00:00Z")


def _did_document(did: str) -> dict[str, Any]:
    if did not in _members():
        return did_document(did)
    anchors = [f"https://{_host(REGISTER)}/credentials/business-{NUMBERS[did]}"]
    if did == CERTIFIER:
        anchors.append(f"https://{_host(ACCREDITOR)}/credentials/accreditation-{NUMBERS[did]}")
    services = [
        {"id": f"{did}#dia-{index}", "type": "dia", "serviceEndpoint": address}
        for index, address in enumerate(anchors, start=1)
    ]
    return did_document(did, services=services, also_known_as=[f"{REGISTER_SCHEME}/{NUMBERS[did]}"])


# ---- small parts


def _envelope(kind: str, issuer: str, key: str, subject: Any, valid_from: str) -> Draft:
    known_as = {**_party(issuer), "id": f"{REGISTER_SCHEME}/{NUMBERS[issuer]}"}
    return {
        "@context": list(CONTEXT),
        "type": [kind, "VerifiableCredential"],
        "id": f"https://{_host(issuer)}/credentials/{key}",
        "issuer": {
            "type": ["CredentialIssuer"],
            "id": issuer,
            "name": NAMES[issuer],
            "issuerAlsoKnownAs": [known_as],
        },
        "validFrom": valid_from,
        "validUntil": "2031-01-01T00:00:00Z",
        "name": f"{NAMES[issuer]}: {key}",
        "credentialSubject": subject,
    }


def _link(draft: str, name: str, relation: str, *, digest: bool = False) -> dict[str, Any]:
    addresses = {
        "footprint-attestation": f"https://{_host(CERTIFIER)}/credentials/footprint-certificate",
        "battery-made": f"https://{_host(MAKER)}/credentials/battery-made",
        "concentrate-passport": f"https://{_host(MINE)}/credentials/concentrate",
    }
    stated = {
        "linkURL": addresses[draft],
        "linkName": name,
        "mediaType": "application/vc+jwt",
        "linkType": LINK_TYPES + relation,
    }
    return stated | ({"digestMultibase": f"@digest:{draft}"} if digest else {})


def _party(did: str) -> dict[str, Any]:
    scheme = {"type": ["IdentifierScheme"], "id": REGISTER_SCHEME, "name": "Company numbers"}
    return {
        "type": ["Party"],
        "id": did,
        "name": NAMES[did],
        "registeredId": NUMBERS[did],
        "idScheme": scheme,
    }


def _role(role: str, did: str) -> dict[str, Any]:
    return {"role": role, "party": _party(did)}


def _facility_reference(site: str) -> dict[str, Any]:
    return {"type": ["Facility"], "id": site, "name": _SITES[site][0], "registeredId": site.rpartition("/")[2]}


def _criterion(id: str, name: str, topic: str) -> dict[str, Any]:
    return {"type": ["Criterion"], "id": id, "name": name, "conformityTopic": [_topic(topic)]}


def _topic(slug: str) -> dict[str, Any]:
    return {"type": ["ConformityTopic"], "id": TOPICS + slug, "name": slug.replace("-", " ").capitalize()}


def _performance(metric: str, name: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "metric": {"type": ["PerformanceMetric"], "id": METRICS + metric, "name": name},
        "measure": _measure(value, unit),
    }


def _measure(value: float, unit: str = "KGM") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def _code(code: str, name: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/",
        "schemeName": "UN Central Product Classification (CPC)",
    }


def _step(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": code.capitalize(),
        "schemeId": "https://ref.gs1.org/cbv/BizStep",
        "schemeName": "GS1 CBV Business Step",
    }


def _members() -> tuple[str, ...]:
    return (MINE, SMELTER, MAKER, CERTIFIER)


def _host(did: str) -> str:
    return did.removeprefix("did:web:")
