"""Who certifies is another party than who claims: parties are merged on suspicion, and a register may part them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.adversary import documents
from tests.adversary.chain import AT
from tests.adversary.judging import ask
from tests.adversary.moves import MOVES
from tests.adversary.parties import REGISTER, Party
from tests.adversary.templates import honest
from tests.adversary.world import World

_BEGINS = AT - timedelta(days=300)


def _certified_by_a_tenant() -> World:
    changed = MOVES["neighbour-certificate"].made_on(honest("cotton", lots=3), 1)
    assert changed is not None
    return changed


def _host_of(world: World) -> str:
    return world.chain.target.owner.host


def _wages(world: World) -> str:
    found = (claim["verdict"] for claim in ask(world).claims if claim["id"].endswith("/wages"))
    return str(next(found))


def _registered(world: World, number: str) -> World:
    tenant = Party(key="neighbour", name="Neighbour", number=number, path="certificates", on_host=_host_of(world))
    scheme = [documents.REGISTER_SCHEME]
    return world.with_document(
        "anchor:neighbour", documents.anchor(REGISTER, tenant, "business", scheme, begins=_BEGINS)
    )


def test_a_register_that_knows_both_by_numbers_of_their_own_makes_neighbours_two_parties() -> None:
    world = _certified_by_a_tenant()
    assert _wages(world) != "VERIFIED"
    assert _wages(_registered(world, "M-7")) == "VERIFIED"


def test_two_registers_that_each_know_one_of_them_make_neighbours_two_parties() -> None:
    world = _certified_by_a_tenant()
    other = Party(key="chamber", name="Chamber of Commerce", number="C-1")
    tenant = Party(key="neighbour", name="Neighbour", number="C-7", path="certificates", on_host=_host_of(world))
    anchor = documents.anchor(other, tenant, "business", [other.url("companies")], begins=_BEGINS)
    anchor["credentialSubject"]["idScheme"]["id"] = other.url("companies")
    told = world.with_party(other, anchors=[]).with_document("anchor:neighbour", anchor)
    assert _wages(told) != "VERIFIED"

    entry = {"did": other.did, "domain": other.host, "roles": ["registrar"], "registerTypes": ["business"]}
    assert _wages(replace(told, trust={**told.trust, "entries": [*told.trust["entries"], entry]})) == "VERIFIED"


def test_a_register_that_knows_both_by_one_number_does_not() -> None:
    world = _certified_by_a_tenant()
    assert _wages(_registered(world, world.chain.target.owner.number)) != "VERIFIED"


def test_parties_that_call_each_other_by_name_are_not_independent() -> None:
    world = honest("cotton", lots=3)
    assert _wages(world) == "VERIFIED"
    maker = world.chain.target.owner.did
    certifier = world.draft("certificate:works")["issuer"]["id"]
    one_sided = _also_known(world, certifier, maker)
    assert _wages(one_sided) == "VERIFIED"
    assert _wages(_also_known(one_sided, maker, certifier)) != "VERIFIED"


def _also_known(world: World, did: str, name: str) -> World:
    named = tuple({**copy, "alsoKnownAs": [name]} for copy in world.did_documents[did])
    return replace(world, did_documents={**world.did_documents, did: named})
