"""What the companies of a chain would write: the drafts of its credentials, in the words of UNTP 0.7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.worlds.chain import Chain, Use
from node.demo.claims import ORGANIC, WAGES, Assessed, attestation, claim
from node.demo.companies import ACCREDITOR, CERTIFIER, REGISTER, Company
from node.demo.drafts import SCHEME, envelope, link, make_event, measure, move_event, portion
from node.demo.products import lot as product_of
from node.demo.products import material
from node.demo.season_steps import Calendar, anchor, facility_record

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
_CALENDAR = Calendar(AT)
_LAST_MADE, _DAYS_A_FLOOR, _SHIPPING = 60, 20, 8
TRUST = {
    "entries": [
        {"did": REGISTER.did, "domain": REGISTER.host, "roles": ["registrar"], "registerTypes": ["business"]},
        {
            "did": ACCREDITOR.did,
            "domain": ACCREDITOR.host,
            "roles": ["accreditation", "scheme-owner"],
            "schemes": [SCHEME],
        },
    ]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One credential before it has an id and a status: who issues it, and under which ``key`` others link it."""

    key: str
    issuer: Company
    value: Mapping[str, Any]


def drafts_of(chain: Chain, certified: Sequence[int], linked: Mapping[str, tuple[str, str]]) -> Iterator[Draft]:
    """Every credential of the chain, one after the other.

    Raw lots in ``certified`` are attested to be organic, and of the target the share that follows. ``linked`` gives
    id and digest of each key that was drawn before, and is filled by whoever draws: a draft links its forerunners.
    """
    yield from _companies(chain)
    yield from (_place_attestation(grower) for grower in _growers(chain))
    raw = sum(chain.is_raw(lot) for lot in range(chain.lots))
    organic = dict.fromkeys(certified, 100) | {0: 100 * len(certified) // raw}
    for lot in reversed(range(chain.lots)):  # inputs before what is made of them
        if lot in organic:
            yield _attestation(chain, lot, organic[lot])
        yield _passport(chain, lot, organic.get(lot), linked)
        if not chain.is_raw(lot):
            yield _making(chain, lot, linked)
    yield from (_shipment(chain, use) for use in chain.uses)


def counted(chain: Chain, certified: int) -> int:
    """How many drafts that would be."""
    makings = sum(not chain.is_raw(lot) for lot in range(chain.lots))
    owners = len({chain.owner(lot).key for lot in range(chain.lots)})
    return 2 * owners + 2 + len(_growers(chain)) + chain.lots + makings + len(chain.uses) + 1 + certified


def target(chain: Chain) -> str:
    """The identifier that a trace starts from."""
    id_: str = _product(chain, 0)["id"]
    return id_


def _companies(chain: Chain) -> Iterator[Draft]:
    """What registers and accreditors say of the companies, and these of their sites."""
    owners = {chain.owner(lot).key: chain.owner(lot) for lot in range(chain.lots)}
    scope = REGISTER.url("register-types/company")
    steps = [anchor(REGISTER, company, "business", scope, _CALENDAR) for company in (*owners.values(), CERTIFIER)]
    steps.append(anchor(ACCREDITOR, CERTIFIER, "accreditation", SCHEME, _CALENDAR))
    steps += [facility_record(company, _CALENDAR) for company in owners.values()]
    yield from (Draft(key=step.key, issuer=step.issuer, value=step.draft({})) for step in steps)


def _growers(chain: Chain) -> list[Company]:
    """Who brought forth lots that are made of no other one."""
    return list({chain.owner(lot).key: chain.owner(lot) for lot in range(chain.lots) if chain.is_raw(lot)}.values())


def _place_attestation(grower: Company) -> Draft:
    """Somebody recognised was at the place: what grows there is an origin, also where it is not certified itself."""
    checked = _CALENDAR.days_ago(400)
    subject = attestation(
        CERTIFIER,
        f"place-{grower.key}",
        to=grower,
        on=checked,
        assessed=[Assessed(matter=WAGES, value=100, site_of=grower)],
    )
    value = envelope("DigitalConformityCredential", CERTIFIER, subject["name"], subject, valid_from=checked)
    return Draft(key=f"attestation-place-{grower.key}", issuer=CERTIFIER, value=value)


def _passport(chain: Chain, lot: int, organic: int | None, linked: Mapping[str, tuple[str, str]]) -> Draft:
    owner, made = chain.owner(lot), _made(chain, lot)
    claims = []
    if organic is not None:
        id_, digest = linked[f"attestation-{lot}"]
        evidence = [link(id_, "Certificate", "dcc", digest)]
        claims = [claim(owner, ORGANIC, organic, of=f"lot-{lot}", on=made + timedelta(days=3), evidence=evidence)]
    subject = _product(chain, lot, claims)
    name = f"Passport: {subject['name']}"
    value = envelope("DigitalProductPassport", owner, name, subject, valid_from=made + timedelta(days=4))
    return Draft(key=f"passport-{lot}", issuer=owner, value=value)


def _attestation(chain: Chain, lot: int, organic: int) -> Draft:
    owner, checked = chain.owner(lot), _made(chain, lot) + timedelta(days=2)
    assessed = [Assessed(matter=ORGANIC, value=organic, product=_product(chain, lot))]
    subject = attestation(CERTIFIER, f"lot-{lot}", to=owner, on=checked, assessed=assessed)
    value = envelope("DigitalConformityCredential", CERTIFIER, subject["name"], subject, valid_from=checked)
    return Draft(key=f"attestation-{lot}", issuer=CERTIFIER, value=value)


def _making(chain: Chain, lot: int, linked: Mapping[str, tuple[str, str]]) -> Draft:
    owner, made = chain.owner(lot), _made(chain, lot)
    passports = [linked[f"passport-{use.lot}"] for use in chain.inputs_of(lot)]
    event = make_event(
        owner,
        f"make-{lot}",
        at=made,
        inputs=[portion(_product(chain, use.lot), use.kilograms, "consumed") for use in chain.inputs_of(lot)],
        outputs=[portion(_product(chain, lot), chain.mass(lot), "new")],
        documents=[link(id_, "The passport relied on", "dpp", digest) for id_, digest in passports],
    )
    value = envelope("DigitalTraceabilityEvent", owner, event["name"], [event], valid_from=made + timedelta(hours=4))
    return Draft(key=f"making-{lot}", issuer=owner, value=value)


def _shipment(chain: Chain, use: Use) -> Draft:
    sender, receiver = chain.owner(use.lot), chain.owner(use.maker)
    at = _made(chain, use.lot) + timedelta(days=_SHIPPING)
    moved = [portion(_product(chain, use.lot), use.kilograms, "inTransit")]
    event = move_event(sender, receiver, f"ship-{use.lot}-{use.maker}", at=at, moved=moved)
    value = envelope("DigitalTraceabilityEvent", sender, event["name"], [event], valid_from=at + timedelta(hours=1))
    return Draft(key=f"shipment-{use.lot}-{use.maker}", issuer=sender, value=value)


def _product(chain: Chain, lot: int, claims: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    owner, kind = chain.owner(lot), chain.kind(lot)
    made_of = {kind: chain.mass(lot)} if chain.is_raw(lot) else {}
    for use in chain.inputs_of(lot):
        made_of[chain.kind(use.lot)] = made_of.get(chain.kind(use.lot), 0.0) + use.kilograms
    whole = chain.mass(lot)
    shares = {made: round(kilograms / whole, 6) for made, kilograms in sorted(made_of.items())}
    product = product_of(
        owner,
        f"lot-2026-{lot}",
        f"{kind[1]}, lot {lot}",
        kind,
        maker=owner,
        made=_made(chain, lot),
        claims=claims or [],
        materials=[material(made[1], made, share) for made, share in shares.items()],
    )
    return product | {"dimensions": {"weight": measure(chain.mass(lot))}}


def _made(chain: Chain, lot: int) -> datetime:
    return _CALENDAR.days_ago(_LAST_MADE + _DAYS_A_FLOOR * chain.floor(lot))
