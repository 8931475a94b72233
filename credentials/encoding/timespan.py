"""When something happened, as exactly as it was said: a moment, or a day that is fifty hours wide.

A day without a zone begins at 10:00 UTC of the day before (UTC+14) and ends at 12:00 UTC of the day after (UTC-12),
and people write a day as its midnight. So of two times it cannot always be told which came first; comparing them has
three answers, and only what came *certainly* before the other is held against anybody.
Specification: XML Schema 1.1 Part 2, Datatypes, section D.2.2 (order of values without a zone is partial).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EARLIEST_ZONE: Final = timedelta(hours=14)
_DAY_AND_LATEST_ZONE: Final = timedelta(hours=24 + 12)
_BEGINNING, _END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timespan:
    """Some time from ``earliest`` to ``latest`` (aware, UTC), both included."""

    earliest: datetime
    latest: datetime

    @classmethod
    def exactly(cls, moment: datetime) -> Timespan:
        """A moment that is known to the second."""
        return cls(moment, moment)

    @classmethod
    def of(cls, stated: datetime) -> Timespan:
        """A time that a person or a record stated: one at 00:00:00 UTC means that day."""
        if stated.timetz() != _BEGINNING.timetz():
            return cls.exactly(stated)
        begins = stated - _EARLIEST_ZONE if stated - _BEGINNING > _EARLIEST_ZONE else _BEGINNING
        ends = stated + _DAY_AND_LATEST_ZONE if _END - stated > _DAY_AND_LATEST_ZONE else _END
        return cls(begins, ends)

    def is_before(self, other: Timespan) -> bool | None:
        """Was it before ``other``: certainly (True), certainly not (False), or cannot be told (None)?"""
        if self.latest < other.earliest:
            return True
        return False if other.latest <= self.earliest else None

    def certainly_before(self, other: Timespan) -> bool:
        """Was it before ``other`` beyond doubt?"""
        return self.is_before(other) is True

    def longest_until(self, other: Timespan) -> timedelta:
        """The longest time that can lie between this and ``other``."""
        return other.latest - self.earliest
