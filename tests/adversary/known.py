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

#: Moves that break a property only together with another one: the program that shows it, and why.
TOGETHER: Final[Mapping[Property, Mapping[str, tuple[str, str]]]] = {
    Property.NO_FALSE_PROOF: {
        "resale-beyond-receipt": (
            "cotton/7/1 resale-beyond-receipt:728 withheld-making:244",
            "where nobody tells what went into the goods, nobody sees that it was sold on beyond what had come",
        ),
        "use-beyond-receipt": (
            "battery/6/0 use-beyond-receipt:130 withheld-making:597",
            "where nobody tells what went into the goods, nobody sees that more was used than had come",
        ),
    },
}


def is_known(property: Property, move: str, beside: Collection[str] = ()) -> bool:
    """Is ``move`` known to break ``property``, alone or together with every one of those ``beside`` it?"""
    if move in KNOWN[property]:
        return True
    text, _ = TOGETHER.get(property, {}).get(move, ("", ""))
    companions = {step.partition(":")[0] for step in text.split()[1:]} - {move}
    return bool(companions) and companions <= set(beside)


_T = TypeVar("_T", bound=Callable[..., object])


def breaks(property: Property, move: str) -> Callable[[_T], _T]:
    """Marks the test that shows how ``move`` breaks ``property``, as long as it is known to."""
    reason = KNOWN[property].get(move)

    def mark(test: _T) -> _T:
        return test if reason is None else pytest.mark.xfail(reason=reason, strict=True)(test)

    return mark
