"""Moves of strangers: Mallory and a rival, whom nobody named, speak about other people's goods, places and papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any, Final, TypeAlias

from tests.adversary import documents
from tests.adversary.chain import AT, Lot
from tests.adversary.goods import amount, move, product, reference
from tests.adversary.matters import WAGES
from tests.adversary.moves.move import By, Move
from tests.adversary.parties import MALLORY, REGISTER, RIVAL, Json, Party
from tests.adversary.world import World
from tests.adversary.writing import claimed_figure

_SAID: Final = AT - timedelta(days=5)
_FOUNDED: Final = AT - timedelta(days=400)


def _says(world: World, name: str, draft: Json, *, by: Party = MALLORY, **how: Any) -> World | None:
    """The world with one more document of a stranger, once."""
    return None if name in world.documents else world.with_party(by).with_document(name, draft, **how)


def _some_lot(world: World, chance: Random) -> Lot:
    return chance.choice(list(world.chain.lots.values()))


Telling: TypeAlias = Callable[[Party, Lot, str], Json]


def _tells(what: str, told: Telling) -> Callable[[World, Random], World | None]:
    """A stranger tells an event of some lot; half of them are known to a register."""

    def change(world: World, chance: Random) -> World | None:
        lot, teller = _some_lot(world, chance), chance.choice((MALLORY, RIVAL))
        key = f"{what}-{lot.key}"
        known = _registered(world, teller) if teller is RIVAL else world
        return _says(
            known, f"{teller.key}:{key}", documents.told(teller, key, told(teller, lot, key), at=_SAID), by=teller
        )

    return change


def _registered(world: World, stranger: Party) -> World:
    """A register says who the stranger is, and it has a record of its own site."""
    scope = [documents.REGISTER_SCHEME]
    anchored = documents.anchor(REGISTER, stranger, "business", scope, begins=_FOUNDED)
    if f"{stranger.key}:anchored" in world.documents:
        return world
    known = world.with_party(stranger, anchors=[anchored["id"]]).with_document(f"{stranger.key}:anchored", anchored)
    return known.with_document(f"{stranger.key}:record", documents.facility_record(stranger, begins=_FOUNDED))


def _receives(teller: Party, lot: Lot, key: str) -> Json:
    return move("receiving", teller, key, lot, amount(lot, lot.kilograms), lot.owner, teller, _SAID)


def _ships(teller: Party, lot: Lot, key: str) -> Json:
    return move("shipping", teller, key, lot, amount(lot, lot.kilograms), lot.owner, teller, _SAID)


def _uses(teller: Party, lot: Lot, key: str) -> Json:
    made = replace(lot, key=key, owner=teller, gtin="", piece=None)
    return documents.make(
        teller,
        key,
        _SAID,
        inputs=[documents.portion(reference(lot), amount(lot, lot.kilograms), "consumed")],
        outputs=[documents.portion(reference(made), documents.measure(lot.kilograms), "new")],
    )


def _scraps(teller: Party, lot: Lot, key: str) -> Json:
    return documents.event(
        "ModifyEvent",
        teller,
        key,
        "destroying",
        _SAID,
        relatedParty=[documents.role("serviceProvider", teller)],
        modifiedProduct=[documents.portion(reference(lot), amount(lot, lot.kilograms), "disposed")],
        modifiedAtFacility=documents.facility(teller),
    )


def _makes_it_otherwise(teller: Party, lot: Lot, key: str) -> Json:
    """Another making of the lot, in its maker's works, of something nobody knows."""
    unknown = replace(lot, key=f"{key}-of", owner=teller, gtin="")
    return documents.make(
        teller,
        key,
        lot.made,
        inputs=[documents.portion(reference(unknown), documents.measure(lot.kilograms), "consumed")],
        outputs=[documents.portion(reference(lot), amount(lot, lot.kilograms), "new")],
        maker=lot.owner,
    )


def _names_a_batch(teller: Party, lot: Lot, key: str) -> Json:
    """A use of another batch under the identifier of the lot."""
    said = _uses(teller, lot, key)
    said["inputProduct"][0]["product"]["batchNumber"] = f"{lot.batch}-B"
    return said


def _passport(world: World, issuer: Party, name: str, id: str, *, value: Fraction) -> World | None:
    """A passport of the target by somebody without a say, which claims ``value`` of the share."""
    lot = world.chain.target
    certificate = f"certificate:{lot.key}"
    evidence = [documents.link(world.id_of(certificate), certificate, "dcc")]
    matter = world.chain.template.matter
    claims = [documents.claim(issuer, matter, value, of=lot.key, on=_SAID, evidence=evidence)]
    subject = product(lot, materials=[], claims=claims) | {"id": id}
    draft = documents.credential("DigitalProductPassport", issuer, name, subject, begins=_SAID)
    return _says(world, f"passport-of:{name}", draft, by=issuer)


def _second_spelling(world: World, chance: Random) -> World | None:
    lot = world.chain.target
    if not lot.gtin:
        return None
    return _passport(world, MALLORY, "respelt", MALLORY.url(f"01/{lot.gtin}/10/{lot.batch}"), value=Fraction(100))


def _tenant(world: World, chance: Random) -> World | None:
    """A tenant of the target's host: its did:web has a path."""
    host = world.chain.target.owner
    tenant = Party(key="tenant", name="Tenant Shop", number="M-3", path="tenant", on_host=host.host)
    return _passport(world, tenant, "tenant", world.chain.target.id, value=Fraction(100))


def _guest(world: World, chance: Random) -> World | None:
    """A guest with a host of its own below the target's."""
    host = world.chain.target.owner
    guest = Party(key="guest", name="Guest Shop", number="M-4", on_host=f"guest.{host.host}")
    return _passport(world, guest, "guest", world.chain.target.id, value=Fraction(100))


def _passport_of_ours(world: World, chance: Random) -> World | None:
    return _passport(world, MALLORY, "ours", world.chain.target.id, value=claimed_figure(Fraction(1, 100)))


def _refuses(world: World, chance: Random) -> World | None:
    """A certificate by nobody accredited: the target does not conform."""
    lot, matter = world.chain.target, world.chain.template.matter
    found = documents.assessment(
        MALLORY, matter, Fraction(0), of=lot.key, on=_SAID, **documents.of_product(reference(lot))
    )
    found["conformance"] = False
    draft = documents.certificate(
        MALLORY, "refusal", to=lot.owner, scheme=matter.scheme, assessments=[found], begins=_SAID
    )
    return _says(world, "mallory:refusal", draft)


def _takes_the_place(world: World, chance: Random) -> World | None:
    """A record of the target's place by Mallory, who calls itself the operator."""
    owner = world.chain.target.owner
    draft = documents.facility_record(owner, begins=_SAID)
    mine = documents.facility_record(MALLORY, begins=_SAID)
    mine["credentialSubject"] |= {name: draft["credentialSubject"][name] for name in ("id", "registeredId")}
    evidence = [documents.link(world.id_of("certificate:works"), "certificate:works", "dcc")]
    claim = documents.claim(MALLORY, WAGES, Fraction(100), of="place", on=_SAID, evidence=evidence)
    mine["credentialSubject"]["performanceClaim"] = [claim]
    return _says(world, "mallory:place", mine)


def _renames_the_owner(world: World, chance: Random) -> World | None:
    """An anchor by a register of Mallory's own: the target's maker has another number."""
    scope = [MALLORY.url("companies")]
    other = replace(world.chain.target.owner, number="X-1")
    return _says(world, "mallory:anchor", documents.anchor(MALLORY, other, "business", scope, begins=_SAID))


def _decoy(world: World, chance: Random) -> World | None:
    """A paper of Mallory's own under the id of some document of the chain."""
    names = [name for name in world.documents if name.partition(":")[0] in ("making", "shipping", "certificate")]
    name = chance.choice(sorted(names))
    draft = documents.told(MALLORY, "decoy", _uses(MALLORY, world.chain.target, "decoy"), at=_SAID)
    place = MALLORY.url(f"credentials/decoy-{name}")
    return _says(world, f"mallory:decoy-{name}", draft | {"id": world.id_of(name)}, place=place)


def _broken_file(world: World, chance: Random) -> World | None:
    raw = b"eyJhbGciOiJFZERTQSJ9.e30."
    if "mallory:cut" in world.documents:
        return None
    return world.with_document("mallory:cut", raw=raw, place=MALLORY.url("credentials/cut"))


def _broken_copy(world: World, chance: Random) -> World | None:
    """Some document of the chain with another signature, handed round from Mallory's host."""
    names = [name for name in world.documents if name.partition(":")[0] in ("making", "shipping", "passport")]
    name = chance.choice(sorted(names))
    place = MALLORY.url(f"credentials/copy-{name}")
    return _says(world, f"mallory:copy-{name}", world.draft(name), key="mallory's other key", place=place)


_move = partial(Move, by=By.STRANGER)
MOVES: Final = (
    _move(
        name="stranger-receipt", story="A stranger 'receives' a lot nobody sent it.", change=_tells("got", _receives)
    ),
    _move(
        name="stranger-sale", story="A stranger ships a lot out of its maker's works.", change=_tells("sold", _ships)
    ),
    _move(name="stranger-use", story="A stranger uses a lot up in its shed.", change=_tells("used", _uses)),
    _move(name="stranger-scrap", story="A stranger scraps a lot in its shed.", change=_tells("scrapped", _scraps)),
    _move(
        name="stranger-making",
        story="A stranger tells another making of a lot, in its maker's works.",
        change=_tells("made", _makes_it_otherwise),
    ),
    _move(
        name="stranger-batch-name",
        story="A stranger names another batch under a lot's identifier.",
        change=_tells("batch", _names_a_batch),
    ),
    _move(name="stranger-passport", story="Mallory issues a passport of our lot.", change=_passport_of_ours),
    _move(name="second-spelling", story="Mallory spells our GS1 number on its own host.", change=_second_spelling),
    _move(name="tenant-passport", story="A tenant of our host issues a passport of our lot.", change=_tenant),
    _move(name="guest-passport", story="A guest below our domain issues a passport of our lot.", change=_guest),
    _move(name="stranger-refusal", story="Mallory certifies that our lot does not conform.", change=_refuses),
    _move(name="stranger-place", story="Mallory calls itself the operator of our works.", change=_takes_the_place),
    _move(name="stranger-anchor", story="Mallory's own register renumbers our company.", change=_renames_the_owner),
    _move(name="stranger-decoy", story="Mallory publishes a paper under another's id.", change=_decoy),
    _move(name="stranger-broken-file", story="A cut token lies among the documents.", change=_broken_file),
    _move(
        name="stranger-broken-copy", story="A badly signed copy of one of our papers goes round.", change=_broken_copy
    ),
)
