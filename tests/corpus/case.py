"""One bad input as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

JWT, VC, JSON = "application/vc+jwt", "application/vc", "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Bytes, how they are announced, and what must come out: the check called ``check`` says ``code``.

    ``item`` is the number of its entry in docs/requirements.md: 16 is S16.
    """

    name: str
    item: int
    build: Callable[[], bytes]
    media_type: str | None
    code: str
    check: str = "parse"


def case(
    item: int, name: str, media_type: str | None, code: str, build: Callable[[], bytes], check: str = "parse"
) -> Case:
    """A row of a table of cases."""
    return Case(name=name, item=item, build=build, media_type=media_type, code=code, check=check)
