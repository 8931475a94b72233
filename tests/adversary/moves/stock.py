"""Moves with mass: who makes the target used more than it had, or sold on what it says it used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction
from functools import partial, reduce
from random import Random
from typing import Final

from tests.adversary import documents
from tests.adversary.chain import Lot, Use
from tests.adversary.goods import move
from tests.adversary.moves.move import By, Move
from tests.adversary.parties import OUTLET, Json
from tests.adversary.world import World
from tests.adversary.writing import write

_PART: Final = Fraction(2, 5)


def _bought(world: World) -> tuple[Lot, Use] | None:
    """A lot of the chain and the best of what went into it, if that was bought and is better than the mix."""
    lots = world.chain.lots
    found = [
        (lot, use)
        for lot in lots.values()
        for use in lot.inputs
        if lots[use.lot].owner != lot.owner and use.pieces is None and lots[use.lot].share > lot.share
    ]
    return max(found, key=lambda pair: (lots[pair[1].lot].share, pair[0].key, pair[1].lot), default=None)


def _with_less(world: World, maker: Lot, use: Use) -> World:
    """The truth when only a part of ``use`` went into what is made of it."""
    shares: dict[str, Fraction] = {}
    for lot in world.chain.lots.values():
        used = {one.lot: one.kilograms * (1 - _PART if (lot, one) == (maker, use) else 1) for one in lot.inputs}
        meant = sum((mass * shares[key] for key, mass in used.items()), Fraction(0))
        shares[lot.key] = meant / sum(used.values(), Fraction(0)) if used and lot.share < 1 else lot.share
    target = world.chain.target
    return world.with_truth(target.id, world.chain.template.matter.criterion, shares[target.key] * 100)


def _uses_beyond_receipt(world: World, chance: Random) -> World | None:
    """Both sides tell that less came of the best input than its maker says it used."""
    if world.truth != write(world.chain).truth or (found := _bought(world)) is None:
        return None
    maker, use = found

    def less(draft: Json) -> None:
        quantity = draft["credentialSubject"][0]["movedProduct"][0]["quantity"]
        quantity["value"] = float(Fraction(str(quantity["value"])) * (1 - _PART))

    names = (f"{step}:{use.lot}:{maker.key}" for step in ("shipping", "receiving"))
    return _with_less(reduce(lambda one, name: one.edited(name, less), names, world), maker, use)


def _resells_what_it_used(world: World, chance: Random) -> World | None:
    """Its maker ships a part of the best input on to somebody else, and says that it used all of it."""
    if world.truth != write(world.chain).truth or (found := _bought(world)) is None:
        return None
    maker, use = found
    world.draft(f"receiving:{use.lot}:{maker.key}")
    at, sold = maker.made + timedelta(days=2), documents.measure(use.kilograms * _PART)
    said = move("shipping", maker.owner, "resale", world.chain.lots[use.lot], sold, maker.owner, OUTLET, at)
    said["consignmentId"] = "urn:carrier:slow-boats:resale"
    changed = world.with_document("shipping:resale", documents.told(maker.owner, "resale", said, at=at))
    return _with_less(changed, maker, use)


def _excuses_itself(world: World, chance: Random) -> World | None:
    """More is used than came, and the event that says so allows itself a tolerance as wide as that."""
    changed = _uses_beyond_receipt(world, chance)
    if changed is None or (found := _bought(world)) is None:
        return None
    maker, use = found

    def tolerant(draft: Json) -> None:
        for portion in draft["credentialSubject"][0]["inputProduct"]:
            if portion["product"]["id"] == world.chain.lots[use.lot].id and "quantity" in portion:
                mass = portion["quantity"]["value"]
                portion["quantity"] |= {"lowerTolerance": mass, "upperTolerance": mass}

    return changed.edited(f"making:{maker.key}", tolerant)


def _weighs_wrong(quantity: Json | None) -> Callable[[World, Random], World | None]:
    """Nobody says how much of the worst input was used, or less than nothing; only the inputs say what is in it."""

    def change(world: World, chance: Random) -> World | None:
        lots = world.chain.lots
        spread = [(lot, min(lot.inputs, key=lambda use: (lots[use.lot].share, use.lot))) for lot in _mixed(lots)]
        if not spread:
            return None
        maker, worst = spread[0]

        def hide(draft: Json) -> None:
            for portion in draft["credentialSubject"][0]["inputProduct"]:
                if portion["product"]["id"] == lots[worst.lot].id:
                    portion.pop("quantity", None)
                    if quantity is not None:
                        portion["quantity"] = quantity

        return world.edited(f"making:{maker.key}", hide).without("certificate:target")

    return change


def _mixed(lots: Mapping[str, Lot]) -> list[Lot]:
    """The lots that are made of inputs of which one is worse than the whole."""
    return [lot for lot in lots.values() if any(lots[use.lot].share < lot.share < 1 for use in lot.inputs)]


def _calls_it_an_origin(world: World, chance: Random) -> World | None:
    """Whoever makes a lot hides what it was made of: it calls it raw, and its works a place of such raw materials."""
    made = [lot for lot in world.chain.lots.values() if lot.inputs and lot.waste is None]
    lot = chance.choice(made[:-1] or made)
    raw = world.chain.template.raws[-1].kind
    world.draft(f"making:{lot.key}")

    def as_raw(draft: Json) -> None:
        draft["credentialSubject"] |= {
            "productCategory": [documents.product_code(*raw)],
            "materialProvenance": [documents.material(raw, Fraction(1), Fraction(0))],
        }

    def place_of_raw(draft: Json) -> None:
        draft["credentialSubject"]["processCategory"] = [documents.product_code(*raw)]

    changed = world.edited(f"passport:{lot.key}", as_raw).edited(f"place:{lot.owner.key}", place_of_raw)
    return changed.without(f"making:{lot.key}")


_move = partial(Move, by=By.CLAIMANT)
MOVES: Final = (
    _move(name="use-beyond-receipt", story="More is used than came.", change=_uses_beyond_receipt),
    _move(name="resale-beyond-receipt", story="What was used is sold on as well.", change=_resells_what_it_used),
    _move(name="own-tolerance", story="More is used than came, within its own tolerance.", change=_excuses_itself),
    _move(name="unstated-amount", story="The amount of the worst input is left out.", change=_weighs_wrong(None)),
    _move(
        name="negative-amount",
        story="The worst input weighs less than nothing.",
        change=_weighs_wrong({"value": -1, "unit": "KGM"}),
    ),
    _move(name="own-origin", story="A lot is called raw, and its making is hidden.", change=_calls_it_an_origin),
)
