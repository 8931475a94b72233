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

#: Lies about what went into goods, which show by the making of the goods alone.
OF_INPUTS: Final = frozenset({"use-beyond-receipt", "resale-beyond-receipt", "own-tolerance", "impossible-yield"})
#: Moves after which nobody tells of a making.
HIDES_A_MAKING: Final = frozenset({"withheld-making", "own-origin"})
#: Programs in which the liar hides its own making too. Nobody else could tell of it and nothing in hand names it, so
#: nothing contradicts the assessor, who is wrong then and by whom alone the claim is borne out: see what can be hidden
#: in docs/threat-model.md.
HIDDEN: Final = (
    "cotton/7/1 resale-beyond-receipt:728 withheld-making:244",
    "battery/6/0 use-beyond-receipt:130 withheld-making:597",
    "bottles/5/1 own-tolerance:1 own-origin:0",
    "coffee/4/1 impossible-yield:1 withheld-making:0",
)


def is_known(property: Property, move: str, beside: Collection[str] = ()) -> bool:
    """Is ``move`` known to break ``property``, or can what would show it be hidden, and is, by those ``beside`` it?"""
    hidden = property is Property.NO_FALSE_PROOF and move in OF_INPUTS and bool(HIDES_A_MAKING & set(beside))
    return hidden or move in KNOWN[property]


_T = TypeVar("_T", bound=Callable[..., object])


def breaks(property: Property, move: str) -> Callable[[_T], _T]:
    """Marks the test that shows how ``move`` breaks ``property``, as long as it is known to."""
    reason = KNOWN[property].get(move)

    def mark(test: _T) -> _T:
        return test if reason is None else pytest.mark.xfail(reason=reason, strict=True)(test)

    return mark
