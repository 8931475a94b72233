"""Buyers: whoever was sold a little of a lot does not deny it to everybody else by saying that it used all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from tests.adversary import documents
from tests.adversary.chain import AT
from tests.adversary.goods import move, reference
from tests.adversary.judging import ask
from tests.adversary.parties import OUTLET
from tests.adversary.templates import honest
from tests.adversary.world import World

_SOLD = Fraction(100)


def _sold_to_the_outlet(*, used: Fraction) -> World:
    """A maker of the chain sold some of the lot as well, which is gone now; its buyer says that it used ``used``."""
    world = honest("bottles", lots=6, seed=0)
    lot = next(lot for lot in world.chain.lots.values() if lot.key.startswith("34740"))
    at = lot.made + timedelta(days=8)
    sale = move("shipping", lot.owner, "sale", lot, documents.measure(_SOLD), lot.owner, OUTLET, at)
    rags = replace(lot, key="rags", owner=OUTLET)
    said = documents.make(
        OUTLET,
        "rags",
        AT - timedelta(days=5),
        inputs=[documents.portion(reference(lot), documents.measure(used), "consumed")],
        outputs=[documents.portion(reference(rags), documents.measure(used), "new")],
    )
    world = world.with_party(OUTLET).with_document("sale", documents.told(lot.owner, "sale", sale, at=at))
    return world.with_document("use", documents.told(OUTLET, "use", said, at=AT - timedelta(days=5)))


def _of_target(world: World) -> tuple[str, float]:
    claim = next(one for one in ask(world).claims if one["id"].endswith("/recycled"))
    return claim["verdict"], claim["value"][0]


def test_a_buyer_that_uses_more_than_it_was_sold_takes_nothing_from_the_others() -> None:
    assert _of_target(_sold_to_the_outlet(used=_SOLD * 1_000)) == _of_target(_sold_to_the_outlet(used=_SOLD))
