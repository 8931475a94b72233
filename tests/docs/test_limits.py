"""Every number in docs/threat-model.md is the program's own."""

from __future__ import annotations

import dataclasses
import importlib
import re
from datetime import timedelta
from typing import Any, Final

import pytest

from tests.docs.pages import DOCS

PAGE: Final = DOCS / "threat-model.md"
_ROW: Final = re.compile(r"^\| [^|]+ \| ([^|]+) \| `([a-z_.]+):([\w.]+)` \|$", re.MULTILINE)
_UNITS: Final = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "s": 1, "days": 86_400}
LIMITS: Final = _ROW.findall(PAGE.read_text("utf-8"))


@pytest.mark.parametrize(("stated", "module", "name"), LIMITS, ids=[name for _, _, name in LIMITS])
def test_a_limit_is_what_the_program_says(stated: str, module: str, name: str) -> None:
    assert number(stated) == value_of(module, name)


def test_the_rooms_with_limits_are_all_there() -> None:
    assert len(LIMITS) >= 50
    assert len(LIMITS) == len(re.findall(r"^\| [^|]+ \| [0-9]", PAGE.read_text("utf-8"), re.MULTILINE))


def test_a_number_with_a_unit_is_read() -> None:
    assert [number(text) for text in ("20,000", "64 KiB", "2 s", "90 days")] == [20_000, 65_536, 2, 7_776_000]


def number(text: str) -> float:
    """A number as the page writes it: digits with commas, then a unit."""
    digits, _, unit = text.strip().partition(" ")
    return float(digits.replace(",", "")) * _UNITS[unit]


def value_of(module: str, name: str) -> float:
    """The constant ``name`` of a module, or a part of it; the default of a dataclass's field; times in seconds."""
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = (
            _default(found, part)
            if dataclasses.is_dataclass(found) and isinstance(found, type)
            else getattr(found, part)
        )
    return float(found.total_seconds() if isinstance(found, timedelta) else found)


def _default(kind: Any, name: str) -> Any:
    return next(field.default for field in dataclasses.fields(kind) if field.name == name)
