"""The kinds of step a season is made of: who issues what, and what it relies on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from node.demo.claims import Assessed, Matter, attestation, claim
from node.demo.companies import BRAND, SPINNER, Company
from node.demo.drafts import (
    activity,
    classification,
    country,
    envelope,
    facility_id,
    link,
    make_event,
    move_event,
    party_role,
    portion,
    scheme_reference,
    site_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedReference:
    """What came of a step: the credential's id and the ``digestMultibase`` of its bytes."""

    id: str
    digest: str


Draft = Callable[[Mapping[str, IssuedReference]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One credential of the season; ``key`` is its name in the demo, ``about`` the parties it is delivered to."""

    key: str
    issuer: Company
    draft: Draft
    about: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the season, counted back from the moment of the demo."""

    at: datetime

    def days_ago(self, days: int, hour: int = 8) -> datetime:
        """``days`` before the demo, at a full hour UTC."""
        return (self.at - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def anchor(registrar: Company, member: Company, register: str, scope: str, calendar: Calendar) -> Step:
    """``registrar`` vouches for ``member`` in one of its registers (identity anchor)."""
    subject = {
        "type": ["RegisteredIdentity"],
        "id": member.did,
        "registeredName": member.name,
        "registeredId": member.register_number,
        "registeredDate": "2019-04-01",
        "idScheme": scheme_reference(),
        "registrar": {"type": ["Party"], "id": registrar.did, "name": registrar.name},
        "registerType": register,
        "registrationScope": [scope],
    }
    draft = envelope(
        "DigitalIdentityAnchor",
        registrar,
        f"{member.name} in the register of {registrar.name}",
        subject,
        valid_from=calendar.days_ago(400),
    )
    return Step(key=f"{member.key}-{register}", issuer=registrar, draft=lambda _: draft, about=(member,))


def facility_record(company: Company, calendar: Calendar) -> Step:
    """The record of a company's site. Raises LookupError when it has none."""
    site = site_of(company)
    subject = {
        "type": ["Facility"],
        "id": facility_id(company),
        "name": site.name,
        "registeredId": site.key,
        "idScheme": scheme_reference(),
        "countryOfOperation": country(site.country),
        "processCategory": [classification(*site.process)],
        "relatedParty": [party_role("operator", company)],
        "locationInformation": {"geoLocation": {"latitude": site.latitude, "longitude": site.longitude}},
        "address": {
            "streetAddress": f"{site.name} 1",
            "postalCode": "000000",
            "addressLocality": site.city,
            "addressRegion": "India",
            "addressCountry": country(site.country),
        },
    }
    draft = envelope(
        "DigitalFacilityRecord", company, f"Facility record: {site.name}", subject, valid_from=calendar.days_ago(380)
    )
    return Step(key=f"{company.key}-facility", issuer=company, draft=lambda _: draft)


def attested_lot(
    owner: Company,
    certifier: Company,
    kind: str,
    made: datetime,
    product: Callable[[Company, datetime, list[dict[str, Any]]], dict[str, Any]],
    *,
    assessed: Sequence[tuple[Matter, float]],
    days: Calendar,
) -> list[Step]:
    """An attestation of a raw lot by ``certifier``, then the lot's passport that links it."""
    key = f"{owner.key}-{kind}"
    checked = made + timedelta(days=5)

    def attest(_: Mapping[str, IssuedReference]) -> dict[str, Any]:
        subject = attestation(
            certifier,
            key,
            to=owner,
            on=checked,
            assessed=[
                Assessed(matter=matter, value=value, product=product(owner, made, [])) for matter, value in assessed
            ],
        )
        return envelope("DigitalConformityCredential", certifier, subject["name"], subject, valid_from=checked)

    def passport(issued: Mapping[str, IssuedReference]) -> dict[str, Any]:
        evidence = [link(issued[f"{key}-attestation"].id, "Certificate", "dcc", issued[f"{key}-attestation"].digest)]
        claimed = checked + timedelta(days=1)
        claims = [claim(owner, matter, value, of=kind, on=claimed, evidence=evidence) for matter, value in assessed]
        subject = product(owner, made, claims)
        return envelope(
            "DigitalProductPassport",
            owner,
            f"Passport: {subject['name']}",
            subject,
            valid_from=checked + timedelta(days=2),
        )

    return [
        Step(key=f"{key}-attestation", issuer=certifier, draft=attest, about=(owner,)),
        Step(key=f"{key}-passport", issuer=owner, draft=passport, about=(SPINNER,)),
    ]


def origin(
    owner: Company,
    kind: str,
    made: datetime,
    product: Callable[[Company, datetime, list[dict[str, Any]]], dict[str, Any]],
    kilograms: float,
) -> Step:
    """The owner's record that a raw lot came to be at its own site, of nothing before it."""
    event = make_event(
        owner, kind, at=made, inputs=[], outputs=[portion(product(owner, made, []), kilograms, "new")], documents=[]
    )
    draft = envelope("DigitalTraceabilityEvent", owner, event["name"], [event], valid_from=made + timedelta(hours=4))
    return Step(key=f"{owner.key}-{kind}-origin", issuer=owner, draft=lambda _: draft, about=(SPINNER,))


def shipment(
    key: str, sender: Company, receiver: Company, at: datetime, product: dict[str, Any], kilograms: float
) -> Step:
    """The sender's record of one shipment of a lot."""
    event = move_event(sender, receiver, key, at=at, moved=[portion(product, kilograms, "inTransit")])
    draft = envelope("DigitalTraceabilityEvent", sender, event["name"], [event], valid_from=at + timedelta(hours=1))
    return Step(key=key, issuer=sender, draft=lambda _: draft, about=(receiver,))


def receipt(
    sender: Company, receiver: Company, key: str, at: datetime, product: dict[str, Any], kilograms: float
) -> dict[str, Any]:
    """The receiver's event of what came from the sender in the shipment ``key``, under an address of its own."""
    event = move_event(sender, receiver, key, at=at, moved=[portion(product, kilograms, "active")])
    return event | {
        "id": receiver.url(f"events/{key}-received"),
        "name": f"Receipt by {receiver.name} from {sender.name}",
        "activityType": activity("receiving", "Receiving"),
    }


def certificate(key: str, body: Company, to: Company, assessed: Sequence[Assessed], checked: datetime) -> Step:
    """A certifier's attestation to a company, known to the brand whose passport links it."""
    subject = attestation(body, key, to=to, on=checked, assessed=assessed)
    draft = envelope("DigitalConformityCredential", body, subject["name"], subject, valid_from=checked)
    return Step(key=key, issuer=body, draft=lambda _: draft, about=(to,) if to is BRAND else (to, BRAND))


def relied_on(issued: Mapping[str, IssuedReference], key: str) -> dict[str, Any]:
    """The link of a make event to a passport it relied on, with the digest of its bytes."""
    return link(issued[key].id, "The passport relied on", "dpp", issued[key].digest)


def evidence_of(issued: Mapping[str, IssuedReference], key: str) -> dict[str, Any]:
    """The link of a claim to the attestation behind it, with the digest of its bytes."""
    return link(issued[key].id, "Attestation", "dcc", issued[key].digest)
