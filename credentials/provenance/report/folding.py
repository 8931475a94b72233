"""Findings as people read them: each root cause once, with what follows from it folded under it.

The rule: nothing is left out. A finding whose causes are no findings themselves stands alone, and so does the first one
of a circle. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")
#: (what names the finding as a cause: "RULE subject", what it names as its own causes)
Causes: TypeAlias = tuple[str, Sequence[str]]


def folded(found: Iterable[T], causes: Callable[[T], Causes]) -> list[tuple[T, list[T]]]:
    """Each root with its consequences, both in the order of ``found``."""
    everything = list(found)
    named = {causes(one)[0]: place for place, one in reversed(list(enumerate(everything)))}
    above = [
        next((named[cause] for cause in causes(one)[1] if cause in named and named[cause] != place), None)
        for place, one in enumerate(everything)
    ]
    tops = [_top(place, above) for place in range(len(everything))]
    return [
        (one, [other for at, other in enumerate(everything) if tops[at] == place and at != place])
        for place, one in enumerate(everything)
        if tops[place] == place
    ]


def _top(place: int, above: Sequence[int | None]) -> int:
    """The root of a finding; of a circle its first member."""
    seen = [place]
    while (cause := above[seen[-1]]) is not None and cause not in seen:
        seen.append(cause)
    return seen[-1] if cause is None else min(seen[seen.index(cause) :])
