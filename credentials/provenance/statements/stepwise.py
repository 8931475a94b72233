"""Work in steps: what takes long is a generator, so that whoever serves others can do so in between.

The rule: a step is some milliseconds; what it comes to is what the generator returns.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, TypeAlias, TypeVar

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]
#: So many lots, statements or look-ups make a step.
STEP: Final = 256


def finished(steps: Steps[T]) -> T:
    """What ``steps`` come to, taken all at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
