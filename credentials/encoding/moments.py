"""Moments in time as the specifications write them: XML Schema dateTimeStamp and date, always aware, always UTC.

VCDM 2.0 section 4.9 demands ``dateTimeStamp``: a zone is required. The grammar below is strict because Python's
reader accepts week dates, missing zones and other separators (docs/requirements.md S66).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from credentials.errors import MalformedInput

_STAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,9})?"
    r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_LONGEST: Final = 36  # letters of a stamp; a longer one would only fill the memory below
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_moment(text: object, *, pointer: str = "") -> datetime:
    """An XML Schema ``dateTimeStamp`` as an aware UTC datetime.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR when it is anything else.
    """
    moment = _stamp(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if moment is not None:
        return moment
    raise MalformedInput(
        f"{str(text)[:60]!r} is not a date-time with a zone.",
        pointer=pointer,
        fix="Write it like 2026-01-31T12:00:00Z.",
    )


def is_moment(text: object) -> bool:
    """Is ``text`` a ``dateTimeStamp``?"""
    return isinstance(text, str) and len(text) <= _LONGEST and _stamp(text) is not None


@lru_cache(maxsize=1024)  # the checks of one document read the same few moments again and again
def _stamp(text: str) -> datetime | None:
    match = _STAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    fraction = int((match[7] or ".0")[1:].ljust(6, "0")[:6])
    midnight_24 = hour == 24 and minute == second == 0 and not (match[7] or "").strip(".0")  # XML Schema 3.3.7.2
    try:
        local = datetime(year, month, day, 0 if midnight_24 else hour, minute, second, fraction, UTC)
        return local + timedelta(days=int(midnight_24)) - _offset(match[8])
    except (ValueError, OverflowError):
        return None


def parse_day(text: object, *, pointer: str = "") -> date:
    """An XML Schema ``date`` without zone. Raises MalformedInput when it is anything else."""
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise MalformedInput(f"{str(text)[:60]!r} is not a date.", pointer=pointer, fix="Write it like 2026-01-31.")


def start_of(text: object, *, pointer: str = "") -> datetime:
    """The first moment of a ``date`` or the moment of a ``dateTimeStamp`` (UNTP uses both for one meaning)."""
    if isinstance(text, str) and len(text) == 10:
        return datetime.combine(parse_day(text, pointer=pointer), time.min, UTC)
    return parse_moment(text, pointer=pointer)


def format_moment(at: datetime) -> str:
    """``at`` in UTC with seconds, the form this program writes: 2026-01-31T12:00:00Z."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
