"""What the clerks of a world write: UNTP 0.7 drafts, one function a kind, no decision inside.

A text ``@digest:NAME`` in a draft becomes the digest of the document called NAME when the world is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final

from credentials.encoding.moments import format_moment
from tests.adversary.matters import TOPICS, Matter
from tests.adversary.parties import REGISTER, Json, Party

CONTEXT: Final = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]
LINK_TYPES: Final = "https://test.uncefact.org/vocabulary/linkTypes/"
REGISTER_SCHEME: Final = REGISTER.url("companies")
ENDS: Final = "2031-01-01T00:00:00Z"


def credential(kind: str, issuer: Party, key: str, subject: object, *, begins: datetime) -> Json:
    """The members that every credential has; ``key`` ends its id."""
    return {
        "@context": CONTEXT,
        "type": [kind, "VerifiableCredential"],
        "id": issuer.url(f"credentials/{key}"),
        "issuer": {
            "type": ["CredentialIssuer"],
            "id": issuer.did,
            "name": issuer.name,
            "issuerAlsoKnownAs": [_party(issuer, f"{REGISTER_SCHEME}/{issuer.number}")],
        },
        "validFrom": format_moment(begins),
        "validUntil": ENDS,
        "name": f"{issuer.name}: {key}",
        "credentialSubject": subject,
    }


# ---- parties and places


def anchor(registrar: Party, member: Party, kind: str, scope: Sequence[str], *, begins: datetime) -> Json:
    """The register's (``business``) or accreditor's (``accreditation``) word for ``member``, within ``scope``."""
    subject = {
        "type": ["RegisteredIdentity"],
        "id": member.did,
        "registeredName": member.name,
        "registeredId": member.number,
        "registeredDate": "2015-03-01",
        "idScheme": {"type": ["IdentifierScheme"], "id": scope[0], "name": "Numbers"},
        "registrar": {"type": ["Party"], "id": registrar.did, "name": registrar.name},
        "registerType": kind,
        "registrationScope": list(scope),
    }
    return credential("DigitalIdentityAnchor", registrar, f"{kind}-{member.number}", subject, begins=begins)


def facility_record(operator: Party, *, begins: datetime) -> Json:
    """The operator's own record of its site."""
    site = operator.site
    assert site is not None
    subject = {
        **facility(operator),
        "idScheme": {"type": ["IdentifierScheme"], "id": REGISTER_SCHEME, "name": "Company numbers"},
        "countryOfOperation": {"countryCode": "DE"},
        "processCategory": [product_code(*site.process)],
        "relatedParty": [role("operator", operator)],
        "locationInformation": {"geoLocation": {"latitude": site.latitude, "longitude": site.longitude}},
        "address": {
            "streetAddress": "1 Works Road",
            "postalCode": "10000",
            "addressLocality": "Town",
            "addressRegion": "Land",
            "addressCountry": {"countryCode": "DE"},
        },
    }
    return credential("DigitalFacilityRecord", operator, "facility", subject, begins=begins)


def facility(operator: Party) -> Json:
    """A reference to the operator's site."""
    assert operator.site is not None
    return {
        "type": ["Facility"],
        "id": operator.place,
        "name": f"{operator.name} works",
        "registeredId": operator.site.key,
    }


def role(name: str, party: Party) -> Json:
    """A party in a role."""
    return {"role": name, "party": _party(party, party.did)}


def _party(party: Party, id: str) -> Json:
    scheme = {"type": ["IdentifierScheme"], "id": REGISTER_SCHEME, "name": "Company numbers"}
    return {"type": ["Party"], "id": id, "name": party.name, "registeredId": party.number, "idScheme": scheme}


# ---- events


def event(kind: str, teller: Party, key: str, step: str, at: datetime, **members: object) -> Json:
    """One MakeEvent, MoveEvent or ModifyEvent; ``step`` is a GS1 business step."""
    return {
        "type": [kind, "LifecycleEvent"],
        "id": teller.url(f"events/{key}"),
        "name": f"{step} {key}",
        "eventDate": format_moment(at),
        "activityType": {
            "code": step,
            "name": step.capitalize(),
            "schemeId": "https://ref.gs1.org/cbv/BizStep",
            "schemeName": "GS1 CBV Business Step",
        },
        **members,
    }


def make(
    teller: Party, key: str, at: datetime, *, inputs: list[Json], outputs: list[Json], maker: Party | None = None
) -> Json:
    """One MakeEvent at the site of ``maker``, by default the teller."""
    by = maker or teller
    return event(
        "MakeEvent",
        teller,
        key,
        "commissioning",
        at,
        relatedParty=[role("manufacturer", by)],
        inputProduct=inputs,
        outputProduct=outputs,
        madeAtFacility=facility(by),
    )


def told(teller: Party, key: str, said: Json, *, at: datetime) -> Json:
    """The credential that tells one event."""
    return credential("DigitalTraceabilityEvent", teller, key, [said], begins=at)


def portion(product: Json, amount: Json, disposition: str) -> Json:
    """An amount of a lot in an event and its state afterwards."""
    return {"product": product, "quantity": amount, "disposition": disposition}


def measure(value: Fraction | float, unit: str = "KGM") -> Json:
    """A quantity; whole numbers are written without a point."""
    return {"value": int(value) if value == int(value) else float(value), "unit": unit}


def link(url: str, name: str, relation: str) -> Json:
    """A link to the document called ``name``, with its digest."""
    return {
        "linkURL": url,
        "linkName": name,
        "mediaType": "application/vc+jwt",
        "linkType": LINK_TYPES + relation,
        "digestMultibase": f"@digest:{name}",
    }


# ---- claims and certificates


def claim(claimant: Party, matter: Matter, value: Fraction, *, of: str, on: datetime, evidence: Iterable[Json]) -> Json:
    """The claimant's claim; ``of`` is the lot's key."""
    return {
        "type": ["Claim"],
        "id": claimant.url(f"claims/{of}/{matter.key}"),
        "name": matter.name,
        "referenceCriteria": [criterion(matter)],
        "claimDate": on.date().isoformat(),
        "claimedPerformance": [performance(matter, value)],
        "conformityTopic": [topic(matter)],
        "evidence": list(evidence),
    }


def assessment(assessor: Party, matter: Matter, value: Fraction, *, of: str, on: datetime, **assessed: object) -> Json:
    """One assessment; ``assessed`` is assessedProduct, assessedFacility or assessedOrganisation."""
    return {
        "type": ["ConformityAssessment"],
        "id": assessor.url(f"assessments/{of}/{matter.key}"),
        "name": f"Assessment of {of}: {matter.name}",
        "assessmentCriteria": [criterion(matter)],
        "assessmentDate": on.date().isoformat(),
        "assessedPerformance": [performance(matter, value)],
        "conformityTopic": [topic(matter)],
        "conformance": True,
        **assessed,
    }


def certificate(
    assessor: Party, key: str, *, to: Party, scheme: str, assessments: Sequence[Json], begins: datetime
) -> Json:
    """A third party's certificate under a scheme."""
    subject = {
        "type": ["ConformityAttestation"],
        "id": assessor.url(f"attestations/{key}"),
        "name": f"Certificate {key}",
        "assessorLevel": "3rdParty",
        "assessmentLevel": "authority-peer",
        "attestationType": "certification",
        "issuedToParty": _party(to, to.did),
        "referenceScheme": {"type": ["ConformityScheme"], "id": scheme, "name": "Scheme"},
        "conformityAssessment": list(assessments),
    }
    return credential("DigitalConformityCredential", assessor, f"certificate-{key}", subject, begins=begins)


def of_product(product: Json) -> Mapping[str, object]:
    """What an assessment says that it assessed: a lot."""
    named = {name: member for name, member in product.items() if name != "idGranularity"}
    return {"assessedProduct": [{"product": named, "idVerifiedByCAB": True}]}


def of_site(operator: Party) -> Mapping[str, object]:
    """What an assessment says that it assessed: a site."""
    return {"assessedFacility": [{"facility": facility(operator), "idVerifiedByCAB": True}]}


def of_company(company: Party) -> Mapping[str, object]:
    """What an assessment says that it assessed: a company."""
    return {"assessedOrganisation": _party(company, company.did)}


def criterion(matter: Matter) -> Json:
    """A reference to the matter's criterion."""
    return {"type": ["Criterion"], "id": matter.criterion, "name": matter.name, "conformityTopic": [topic(matter)]}


def topic(matter: Matter) -> Json:
    """A reference to the matter's topic."""
    name = matter.topic.replace("-", " ").capitalize()
    return {"type": ["ConformityTopic"], "id": TOPICS + matter.topic, "name": name}


def performance(matter: Matter, value: Fraction) -> Json:
    """A figure of the matter's metric."""
    metric = {"type": ["PerformanceMetric"], "id": matter.metric, "name": matter.name}
    if matter.better == "higher":
        metric |= {"improvementDirection": "higher", "aggregationMethod": "weighted-average", "allowedUnit": ["P1"]}
    return {"metric": metric, "measure": measure(value, matter.unit)}


# ---- products


def product_code(code: str, name: str) -> Json:
    """A code of the UN Central Product Classification."""
    return {
        "code": code,
        "name": name,
        "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/",
        "schemeName": "UN Central Product Classification (CPC)",
    }


def material(kind: tuple[str, str], fraction: Fraction, recycled: Fraction) -> Json:
    """One material of a lot; both fractions are rounded down to six digits."""
    return {
        "name": kind[1],
        "originCountry": {"countryCode": "DE"},
        "materialType": product_code(*kind),
        "massFraction": _rounded_down(fraction),
        "recycledMassFraction": _rounded_down(recycled),
        "hazardous": False,
    }


def _rounded_down(share: Fraction) -> float:
    return int(share * 1_000_000) / 1_000_000
