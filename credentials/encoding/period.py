"""From when until when something holds: an end may be open, both ends count, and clocks may differ by a minute.

The rule: everything that has a time of its own (a credential, its token, its proof, a status list) narrows the period
of what rests on it, and is asked with the same slack.
Specifications: VCDM 2.0 section 4.9; RFC 7519 sections 4.1.4 and 4.1.5; VC Data Integrity section 2.1 (expires).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: By how much two honest clocks may differ.
SLACK: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityPeriod:
    """From ``begins`` to ``ends`` (aware, UTC), both included; None is open."""

    begins: datetime | None = None
    ends: datetime | None = None

    def within(self, other: ValidityPeriod) -> ValidityPeriod:
        """What both have in common; it may be empty."""
        begins = [moment for moment in (self.begins, other.begins) if moment is not None]
        ends = [moment for moment in (self.ends, other.ends) if moment is not None]
        return ValidityPeriod(begins=max(begins, default=None), ends=min(ends, default=None))

    def is_ahead(self, at: datetime) -> bool:
        """Does it begin after ``at``, by more than clocks may differ?"""
        return self.begins is not None and at < self.begins - SLACK

    def is_over(self, at: datetime) -> bool:
        """Did it end before ``at``, by more than clocks may differ?"""
        return self.ends is not None and at > self.ends + SLACK

    def holds(self, at: datetime) -> bool:
        """Is ``at`` in it, give or take what clocks may differ by?"""
        return not (self.is_ahead(at) or self.is_over(at))


#: What holds as long as it is not said to end.
ALWAYS: Final = ValidityPeriod()
