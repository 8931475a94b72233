"""Plus codes (Open Location Codes): which cell of the earth a full code names.

A code names a cell, not a point: ten digits one of about 14 m, padding with zeros a larger one. A short code names one
only together with a place, so here it names none. Source: Open Location Code specification and its published test
vectors (github.com/google/open-location-code); the digits and steps below are facts of it, the code is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from urllib.parse import unquote, urlsplit

_DIGITS: Final = "23456789CFGHJMPQRVWX"
_SEPARATOR: Final = "+"
_PADDING: Final = "0"
_BEFORE: Final = 8  # digits before the separator of a full code
_PAIRS: Final = 10  # digits that stand for latitude and longitude in turn
_MOST: Final = 15  # further digits say nothing more
_ROWS, _COLUMNS = 5, 4  # each digit after the pairs divides a cell so


@dataclass(frozen=True, slots=True)
class Cell:
    """Decimal degrees, north and east positive."""

    south: float
    west: float
    north: float
    east: float


def code_in(uri: str) -> str:
    """The code of a plus code URI such as ``https://plus.codes/8FVC2222+22``, of a bare one itself, in capitals."""
    return unquote(urlsplit(uri).path.rstrip("/").rpartition("/")[2]).upper()


def is_short(code: str) -> bool:
    """Is this a code without its first digits, which only means something near a place?"""
    return _is_valid(code) and code.index(_SEPARATOR) < _BEFORE


def cell_of(code: str) -> Cell | None:
    """The cell of a full code in capitals; None for a short one, and for what is none."""
    if not _is_valid(code) or is_short(code):
        return None
    values = [_DIGITS.index(digit) for digit in code.replace(_SEPARATOR, "").rstrip(_PADDING)][:_MOST]
    south, west, height, width = Fraction(-90), Fraction(-180), Fraction(400), Fraction(400)
    for row, column in zip(values[:_PAIRS:2], values[1:_PAIRS:2], strict=True):
        height, width = height / 20, width / 20
        south, west = south + row * height, west + column * width
    for value in values[_PAIRS:]:
        height, width = height / _ROWS, width / _COLUMNS
        south, west = south + value // _COLUMNS * height, west + value % _COLUMNS * width
    if south >= 90 or west >= 180:
        return None
    return Cell(float(south), float(west), float(min(south + height, Fraction(90))), float(west + width))


def _is_valid(code: str) -> bool:
    before, separator, after = code.partition(_SEPARATOR)
    digits = before.rstrip(_PADDING)
    return (
        bool(separator)
        and len(before) <= _BEFORE
        and len(before) % 2 == 0
        and len(after) != 1
        and (len(digits) == len(before) or (len(before) == _BEFORE and len(digits) % 2 == 0 and not after))
        and bool(digits or after)
        and all(digit in _DIGITS for digit in digits + after)
    )
