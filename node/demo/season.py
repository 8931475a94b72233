"""One season in the order it happened: who issues which credential, and what it relies on.

A step's draft is a function of what was issued before it, because make events name the digest of the passports
they relied on and claims link the attestations behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from node.demo import defects
from node.demo.cast import (
    ACCREDITOR,
    BRAND,
    CAST,
    CERTIFIER,
    FARM,
    GREENSEAL,
    MAKER,
    RECYCLER,
    REGISTER,
    SMALLHOLDER,
    SPINNER,
    Company,
)
from node.demo.claims import FOOTPRINT, INTEGRITY, ORGANIC, RECYCLED, WAGES, Assessed, attestation, claim
from node.demo.drafts import (
    SCHEME,
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
)
from node.demo.products import cotton, recycled_fibre, shirts, yarn


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What came of a step: the credential's id and the ``digestMultibase`` of its bytes."""

    id: str
    digest: str


Draft = Callable[[Mapping[str, Issued]], dict[str, Any]]


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


def season(at: datetime, planted: Collection[str]) -> tuple[Step, ...]:
    """Every step in order; ``planted`` names the defects that are in (node.demo.defects.NAMES)."""
    calendar = Calendar(at)
    return (
        *_anchors(calendar, planted),
        *_facility_records(calendar),
        *_raw_materials(calendar),
        *_spinning(calendar, planted),
        *_sewing(calendar),
        *_garment(calendar),
    )


def target() -> str:
    """The identifier the buyer starts from."""
    return BRAND.url("lots/shirt-2026-g")


def _anchors(calendar: Calendar, planted: Collection[str]) -> list[Step]:
    """The register anchors every company; the accreditor recognises its certifiers."""
    steps = [
        _anchor(REGISTER, company, "business", REGISTER.url("register-types/company"), calendar)
        for company in CAST
        if company not in (REGISTER, ACCREDITOR)
    ]
    recognised = [CERTIFIER, *([] if defects.UNACCREDITED_CERTIFIER in planted else [GREENSEAL])]
    return steps + [_anchor(ACCREDITOR, body, "accreditation", SCHEME, calendar) for body in recognised]


def _anchor(registrar: Company, member: Company, register: str, scope: str, calendar: Calendar) -> Step:
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


def _facility_records(calendar: Calendar) -> list[Step]:
    return [_facility_record(company, calendar) for company in CAST if company.site is not None]


def _facility_record(company: Company, calendar: Calendar) -> Step:
    site = company.site
    assert site is not None
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


def _raw_materials(calendar: Calendar) -> list[Step]:
    steps: list[Step] = []
    for grower in (FARM, SMALLHOLDER):
        steps += _attested_lot(
            grower,
            "cotton",
            calendar.days_ago(200),
            cotton,
            assessed=((ORGANIC, 100.0), (RECYCLED, 0.0)),
            days=calendar,
        )
    steps += _attested_lot(
        RECYCLER,
        "fibre",
        calendar.days_ago(170),
        lambda _, made, claims: recycled_fibre(made, claims),
        assessed=((RECYCLED, 100.0), (ORGANIC, 0.0)),
        days=calendar,
    )
    steps.append(
        _shipment(
            "cotton-shipment", FARM, SPINNER, calendar.days_ago(180), cotton(FARM, calendar.days_ago(200), []), 8400
        )
    )
    steps.append(
        _shipment(
            "fibre-shipment", RECYCLER, SPINNER, calendar.days_ago(160), recycled_fibre(calendar.days_ago(170), []), 900
        )
    )
    return steps


def _attested_lot(
    owner: Company,
    kind: str,
    made: datetime,
    product: Callable[[Company, datetime, list[dict[str, Any]]], dict[str, Any]],
    *,
    assessed: Sequence[tuple[Any, float]],
    days: Calendar,
) -> list[Step]:
    """An attestation of a raw lot by the accredited certifier, then the lot's passport that links it."""
    key = f"{owner.key}-{kind}"
    checked = made + timedelta(days=5)

    def attest(_: Mapping[str, Issued]) -> dict[str, Any]:
        subject = attestation(
            CERTIFIER,
            key,
            to=owner,
            on=checked,
            assessed=[
                Assessed(matter=matter, value=value, product=product(owner, made, [])) for matter, value in assessed
            ],
        )
        return envelope("DigitalConformityCredential", CERTIFIER, subject["name"], subject, valid_from=checked)

    def passport(issued: Mapping[str, Issued]) -> dict[str, Any]:
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
        Step(key=f"{key}-attestation", issuer=CERTIFIER, draft=attest, about=(owner,)),
        Step(key=f"{key}-passport", issuer=owner, draft=passport, about=(SPINNER,)),
    ]


def _shipment(
    key: str, sender: Company, receiver: Company, at: datetime, product: dict[str, Any], kilograms: float
) -> Step:
    event = move_event(sender, receiver, key, at=at, moved=[portion(product, kilograms, "inTransit")])
    draft = envelope("DigitalTraceabilityEvent", sender, event["name"], [event], valid_from=at + timedelta(hours=1))
    return Step(key=key, issuer=sender, draft=lambda _: draft, about=(receiver,))


def _spinning(calendar: Calendar, planted: Collection[str]) -> list[Step]:
    made = calendar.days_ago(120)
    organic, fibre = cotton(FARM, calendar.days_ago(200), []), recycled_fibre(calendar.days_ago(170), [])
    small = cotton(SMALLHOLDER, calendar.days_ago(200), [])
    product = yarn(made, [])

    def spun(issued: Mapping[str, Issued]) -> dict[str, Any]:
        # The smallholders keep no records of shipments: the mill records what it received from them.
        received = move_event(
            SMALLHOLDER, SPINNER, "cotton-received", at=calendar.days_ago(150), moved=[portion(small, 700, "active")]
        )
        received["id"] = SPINNER.url("events/cotton-received")
        event = make_event(
            SPINNER,
            "spin-2026-y",
            at=made,
            inputs=[
                portion(organic, 8400, "consumed"),
                portion(fibre, 900, "consumed"),
                portion(small, 700, "consumed"),
            ],
            outputs=[portion(product, 9500, "new")],
            documents=[_relied_on(issued, key) for key in ("farm-cotton-passport", "recycler-fibre-passport")],
        )
        return envelope(
            "DigitalTraceabilityEvent", SPINNER, event["name"], [received, event], valid_from=made + timedelta(hours=4)
        )

    passport = envelope(
        "DigitalProductPassport", SPINNER, f"Passport: {product['name']}", product, valid_from=made + timedelta(days=1)
    )
    swatches = 5600 if defects.OVERSOLD_LOT in planted else 5000
    return [
        Step(key="spinning", issuer=SPINNER, draft=spun),
        Step(key="yarn-passport", issuer=SPINNER, draft=lambda _: passport, about=(MAKER,)),
        _shipment("yarn-shipment", SPINNER, MAKER, calendar.days_ago(100), product, 4000),
        _shipment("yarn-second-shipment", SPINNER, RECYCLER, calendar.days_ago(98), product, swatches),
    ]


def _sewing(calendar: Calendar) -> list[Step]:
    made = calendar.days_ago(60)
    product = shirts(made, [])

    def sewn(issued: Mapping[str, Issued]) -> dict[str, Any]:
        event = make_event(
            MAKER,
            "sew-2026-g",
            at=made,
            inputs=[portion(yarn(calendar.days_ago(120), []), 4000, "consumed")],
            outputs=[portion(product, 3600, "new")],
            documents=[_relied_on(issued, "yarn-passport")],
        )
        return envelope("DigitalTraceabilityEvent", MAKER, event["name"], [event], valid_from=made + timedelta(hours=4))

    return [Step(key="sewing", issuer=MAKER, draft=sewn, about=(BRAND,))]


def _garment(calendar: Calendar) -> list[Step]:
    made, checked = calendar.days_ago(60), calendar.days_ago(50)
    product = shirts(made, [])
    attested = (
        (
            "content-attestation",
            CERTIFIER,
            BRAND,
            [Assessed(matter=ORGANIC, value=80, product=product), Assessed(matter=RECYCLED, value=5, product=product)],
        ),
        ("footprint-attestation", GREENSEAL, BRAND, [Assessed(matter=FOOTPRINT, value=6.2, product=product)]),
        ("wages-attestation", CERTIFIER, MAKER, [Assessed(matter=WAGES, value=100, site_of=MAKER)]),
        ("integrity-attestation", CERTIFIER, BRAND, [Assessed(matter=INTEGRITY, value=95, company=BRAND)]),
    )
    steps = [_certificate(key, body, to, assessed, checked) for key, body, to, assessed in attested]
    claimed = checked + timedelta(days=1)

    def passport(issued: Mapping[str, Issued]) -> dict[str, Any]:
        matters = (
            (ORGANIC, 80.0, "content-attestation"),
            (RECYCLED, 5.0, "content-attestation"),
            (FOOTPRINT, 6.2, "footprint-attestation"),
            (WAGES, 100.0, "wages-attestation"),
            (INTEGRITY, 95.0, "integrity-attestation"),
        )
        claims = [
            claim(BRAND, matter, value, of="shirt-2026-g", on=claimed, evidence=[_evidence(issued, key)])
            for matter, value, key in matters
        ]
        subject = shirts(made, claims)
        return envelope(
            "DigitalProductPassport",
            BRAND,
            f"Passport: {subject['name']}",
            subject,
            valid_from=checked + timedelta(days=2),
        )

    return [*steps, Step(key="shirt-passport", issuer=BRAND, draft=passport)]


def _certificate(key: str, body: Company, to: Company, assessed: Sequence[Assessed], checked: datetime) -> Step:
    subject = attestation(body, key, to=to, on=checked, assessed=assessed)
    draft = envelope("DigitalConformityCredential", body, subject["name"], subject, valid_from=checked)
    return Step(key=key, issuer=body, draft=lambda _: draft, about=(to,) if to is BRAND else (to, BRAND))


def _relied_on(issued: Mapping[str, Issued], key: str) -> dict[str, Any]:
    return link(issued[key].id, "The passport relied on", "dpp", issued[key].digest)


def _evidence(issued: Mapping[str, Issued], key: str) -> dict[str, Any]:
    return link(issued[key].id, "Attestation", "dcc", issued[key].digest)
