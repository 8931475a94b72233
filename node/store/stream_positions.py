"""The positions of a peer's stream that are here: a head before which nothing is missing, and runs beyond the gaps.

The rule: what is not known to be here is not said to be here. Runs are bounded, because a peer may leave gaps without
end; the furthest ones are forgotten first, which can only make the head too low. See docs/federation.md#receipts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

MOST_RUNS: Final = 64


@dataclass(frozen=True, slots=True)
class StreamPositions:
    """Everything from 1 to ``head``, and ``beyond`` it runs (first, last), ascending and apart from each other."""

    head: int = 0
    beyond: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of_text(cls, head: int, text: str) -> Self:
        """The same from a row: ``text`` is ``3-5 9-9``."""
        runs = (run.partition("-") for run in text.split())
        return cls(head, tuple((int(first), int(last)) for first, _, last in runs))

    @property
    def text(self) -> str:
        """What is beyond the head, for a row."""
        return " ".join(f"{first}-{last}" for first, last in self.beyond)

    def with_positions(self, places: Iterable[int]) -> StreamPositions:
        """These, and ``places`` as well; the head moves over every gap that they close."""
        head, beyond = self.head, list[tuple[int, int]]()
        for first, last in sorted([*self.beyond, *((place, place) for place in places)]):
            if first <= head + 1:  # while they come in order, nothing can be beyond yet
                head = max(head, last)
            elif beyond and first <= beyond[-1][1] + 1:
                beyond[-1] = (beyond[-1][0], max(beyond[-1][1], last))
            else:
                beyond.append((first, last))
        return StreamPositions(head, tuple(beyond[:MOST_RUNS]))
