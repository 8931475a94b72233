"""One season in the order it happened: who issues which credential, and what it relies on.

A step's draft is a function of what was issued before it, because make events name the digest of the passports
they relied on and claims link the attestations behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from node.demo import defects
from node.demo.claims import FOOTPRINT, INTEGRITY, ORGANIC, RECYCLED, WAGES, Assessed, claim
from node.demo.companies import (
    ACCREDITOR,
    BRAND,
    CERTIFIER,
    COMPANIES,
    FARM,
    FIELDCHECK,
    GREENSEAL,
    MAKER,
    RECYCLER,
    REGISTER,
    SMALLHOLDER,
    SPINNER,
)
from node.demo.drafts import (
    SCHEME,
    envelope,
    make_event,
    portion,
)
from node.demo.products import cotton, recycled_fibre, shirts, yarn
from node.demo.season_steps import (
    Calendar,
    IssuedReference,
    Step,
    anchor,
    attested_lot,
    certificate,
    evidence_of,
    facility_record,
    origin,
    receipt,
    relied_on,
    shipment,
)


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
        anchor(REGISTER, company, "business", REGISTER.url("register-types/company"), calendar)
        for company in COMPANIES
        if company not in (REGISTER, ACCREDITOR)
    ]
    recognised = [CERTIFIER, FIELDCHECK, *([] if defects.UNACCREDITED_CERTIFIER in planted else [GREENSEAL])]
    return steps + [anchor(ACCREDITOR, body, "accreditation", SCHEME, calendar) for body in recognised]


def _facility_records(calendar: Calendar) -> list[Step]:
    return [facility_record(company, calendar) for company in COMPANIES if company.site is not None]


def _raw_materials(calendar: Calendar) -> list[Step]:
    steps: list[Step] = []
    for grower, harvested in ((FARM, 8400), (SMALLHOLDER, 700)):
        steps.append(origin(grower, "cotton", calendar.days_ago(200), cotton, harvested))
        steps += attested_lot(
            grower,
            FIELDCHECK,
            "cotton",
            calendar.days_ago(200),
            cotton,
            assessed=((ORGANIC, 100.0), (RECYCLED, 0.0)),
            days=calendar,
        )
    steps.append(
        origin(RECYCLER, "fibre", calendar.days_ago(170), lambda _, made, claims: recycled_fibre(made, claims), 900)
    )
    steps += attested_lot(
        RECYCLER,
        CERTIFIER,
        "fibre",
        calendar.days_ago(170),
        lambda _, made, claims: recycled_fibre(made, claims),
        assessed=((RECYCLED, 100.0), (ORGANIC, 0.0)),
        days=calendar,
    )
    steps.append(
        shipment(
            "cotton-shipment", FARM, SPINNER, calendar.days_ago(180), cotton(FARM, calendar.days_ago(200), []), 8400
        )
    )
    steps.append(
        shipment(
            "fibre-shipment", RECYCLER, SPINNER, calendar.days_ago(160), recycled_fibre(calendar.days_ago(170), []), 900
        )
    )
    return steps


def _spinning(calendar: Calendar, planted: Collection[str]) -> list[Step]:
    made = calendar.days_ago(120)
    organic, fibre = cotton(FARM, calendar.days_ago(200), []), recycled_fibre(calendar.days_ago(170), [])
    small = cotton(SMALLHOLDER, calendar.days_ago(200), [])
    product = yarn(made, [])

    def spun(issued: Mapping[str, IssuedReference]) -> dict[str, Any]:
        # The smallholders keep no records of shipments: what came from them the mill alone records.
        received = [
            receipt(FARM, SPINNER, "cotton-shipment", calendar.days_ago(178), organic, 8400),
            receipt(RECYCLER, SPINNER, "fibre-shipment", calendar.days_ago(157), fibre, 900),
            receipt(SMALLHOLDER, SPINNER, "cotton", calendar.days_ago(150), small, 700),
        ]
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
            documents=[relied_on(issued, key) for key in ("farm-cotton-passport", "recycler-fibre-passport")],
        )
        return envelope(
            "DigitalTraceabilityEvent", SPINNER, event["name"], [*received, event], valid_from=made + timedelta(hours=4)
        )

    passport = envelope(
        "DigitalProductPassport", SPINNER, f"Passport: {product['name']}", product, valid_from=made + timedelta(days=1)
    )
    swatches = 5600 if defects.OVERSOLD_LOT in planted else 5000
    return [
        Step(key="spinning", issuer=SPINNER, draft=spun),
        Step(key="yarn-passport", issuer=SPINNER, draft=lambda _: passport, about=(MAKER,)),
        shipment("yarn-shipment", SPINNER, MAKER, calendar.days_ago(100), product, 4000),
        shipment("yarn-second-shipment", SPINNER, RECYCLER, calendar.days_ago(98), product, swatches),
    ]


def _sewing(calendar: Calendar) -> list[Step]:
    made = calendar.days_ago(60)
    product, sewn_from = shirts(made, []), yarn(calendar.days_ago(120), [])

    def sewn(issued: Mapping[str, IssuedReference]) -> dict[str, Any]:
        received = receipt(SPINNER, MAKER, "yarn-shipment", calendar.days_ago(97), sewn_from, 4000)
        event = make_event(
            MAKER,
            "sew-2026-g",
            at=made,
            inputs=[portion(sewn_from, 4000, "consumed")],
            outputs=[portion(product, 3600, "new")],
            documents=[relied_on(issued, "yarn-passport")],
        )
        return envelope(
            "DigitalTraceabilityEvent", MAKER, event["name"], [received, event], valid_from=made + timedelta(hours=4)
        )

    return [Step(key="sewing", issuer=MAKER, draft=sewn, about=(BRAND,))]


def _garment(calendar: Calendar) -> list[Step]:
    made, checked = calendar.days_ago(60), calendar.days_ago(50)
    audited = calendar.days_ago(90)  # works and company were in order when the shirts were made
    product = shirts(made, [])
    attested = (
        (
            "content-attestation",
            CERTIFIER,
            BRAND,
            checked,
            [Assessed(matter=ORGANIC, value=80, product=product), Assessed(matter=RECYCLED, value=5, product=product)],
        ),
        ("footprint-attestation", GREENSEAL, BRAND, checked, [Assessed(matter=FOOTPRINT, value=6.2, product=product)]),
        ("wages-attestation", CERTIFIER, MAKER, audited, [Assessed(matter=WAGES, value=100, site_of=MAKER)]),
        ("integrity-attestation", CERTIFIER, BRAND, audited, [Assessed(matter=INTEGRITY, value=95, company=BRAND)]),
    )
    steps = [certificate(key, body, to, assessed, on) for key, body, to, on, assessed in attested]
    claimed = checked + timedelta(days=1)

    def passport(issued: Mapping[str, IssuedReference]) -> dict[str, Any]:
        matters = (
            (ORGANIC, 80.0, "content-attestation"),
            (RECYCLED, 5.0, "content-attestation"),
            (FOOTPRINT, 6.2, "footprint-attestation"),
            (WAGES, 100.0, "wages-attestation"),
            (INTEGRITY, 95.0, "integrity-attestation"),
        )
        claims = [
            claim(BRAND, matter, value, of="shirt-2026-g", on=claimed, evidence=[evidence_of(issued, key)])
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
