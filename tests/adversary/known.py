"""What is known to be broken today: per property, the moves that break it and by which mechanism.

A row here marks the test that shows it as a strict expected failure, and lets programs with that move break that
property. Whoever mends a mechanism removes its row; the test then holds, and programs are held to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar

import pytest

from tests.adversary.properties import Property

KNOWN: Final[Mapping[Property, Mapping[str, str]]] = {
    Property.NO_FALSE_PROOF: {},
    Property.NO_DEFAMATION: {},
    Property.NO_FALSE_REFUSAL: {},
    Property.TRUTH_INSIDE: {},
    Property.ONE_ANSWER: {},
    Property.ANY_FILE_NAMES: {},
}

#: Programs in which what shows a lie is hidden, too.
HIDDEN: Final = (
    "battery/3/2580 use-beyond-receipt:173 withheld-receipt:692 withheld-shipment:1",
    "cotton/10/1103 withheld-passport:775 resale-beyond-receipt:930 withheld-passport:271 withheld-receipt:782",
    "cotton/7/1 resale-beyond-receipt:728 withheld-making:244",
    "battery/6/0 use-beyond-receipt:130 withheld-making:597",
    "bottles/5/1 own-tolerance:1 own-origin:0",
    "coffee/4/1 impossible-yield:1 withheld-making:0",
    "coffee/4/9118 impossible-yield:618 withheld-passport:283",
    "cotton/3/4019 resale-beyond-receipt:915 withheld-shipment:105",
)
#: An honest company of which one consignment of several is missing on both sides contradicts itself until somebody
#: finds the receipt: docs/decisions/0026-beyond-receipt.md says what that costs. The sender's side is missing too where
#: the passport of the lot is: what is known of its shipments is found by it.
BOTH_SIDES_MISSING: Final = (
    frozenset({"withheld-receipt", "withheld-shipment"}),
    frozenset({"withheld-receipt", "withheld-passport"}),
)
_HIDES_A_MAKING: Final = (frozenset({"withheld-making"}), frozenset({"own-origin"}))
#: Lies about what went into goods, each with the moves that together hide what shows it: the making, the sale by which
#: it went on, which class an input is of, or both sides of what came. Nothing in hand names what is hidden, so nothing
#: contradicts the assessor, who is wrong then and by whom alone the claim is borne out: see what can be hidden in
#: docs/threat-model.md.
HIDDEN_BY: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "use-beyond-receipt": _HIDES_A_MAKING + BOTH_SIDES_MISSING,
    "resale-beyond-receipt": (*_HIDES_A_MAKING, frozenset({"withheld-shipment"}), *BOTH_SIDES_MISSING),
    "own-tolerance": _HIDES_A_MAKING,
    "impossible-yield": (*_HIDES_A_MAKING, frozenset({"withheld-passport"})),
}


def is_known(property: Property, move: str, beside: Collection[str] = ()) -> bool:
    """Is ``move`` known to break ``property``, or can what would show it be hidden, and is, by those ``beside`` it?"""
    made = {move, *beside}
    if property is Property.NO_FALSE_PROOF and any(hiding <= made for hiding in HIDDEN_BY.get(move, ())):
        return True
    if property is Property.NO_FALSE_REFUSAL and any(move in sides <= made for sides in BOTH_SIDES_MISSING):
        return True
    return move in KNOWN[property]


_T = TypeVar("_T", bound=Callable[..., object])


def breaks(property: Property, move: str) -> Callable[[_T], _T]:
    """Marks the test that shows how ``move`` breaks ``property``, as long as it is known to."""
    reason = KNOWN[property].get(move)

    def mark(test: _T) -> _T:
        return test if reason is None else pytest.mark.xfail(reason=reason, strict=True)(test)

    return mark
