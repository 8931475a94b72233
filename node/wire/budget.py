"""How much one cause may ask of the world: requests in all, and requests to one host.

The rule: spent before the request leaves, in the order of the sorted needs, so that the same question spends the same
budget the same way. See docs/requirements.md S122 and D4 (strangers), T8 (a node's own traces).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Protocol

_APART: Final = 4  # the part of a budget that there is again for what nobody asks for


class RateCounter(Protocol):
    """Counts by name within a minute."""

    def take(self, name: str, *, minute: int, limit: int) -> bool:
        """Count one for ``name`` in this ``minute``, which only grows; False, and nothing counted, at the limit."""
        ...


@dataclass(slots=True)
class LocalRateCounter:
    """What this process counted; forgotten when the minute ends."""

    minute: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, name: str, *, minute: int, limit: int) -> bool:
        """Count one for ``name``; False, and nothing counted, at the limit."""
        if minute != self.minute:
            self.minute = minute
            self.counts.clear()
        if self.counts[name] >= limit:
            return False
        self.counts[name] += 1
        return True


@dataclass(slots=True, kw_only=True)
class Pace:
    """What all strangers together may make us ask of one host in a minute, so that nobody aims us at a victim."""

    per_minute: int = 60
    asked: RateCounter = field(default_factory=LocalRateCounter)

    def take(self, host: str, *, minute: int) -> bool:
        """Take one request to ``host`` off this minute; False when none is left. ``minute`` only grows."""
        return self.asked.take(host, minute=minute, limit=self.per_minute)


@dataclass(slots=True, kw_only=True)
class RequestBudget:
    """What one trace or one public request may still spend: ``requests`` in all, ``per_host`` to any one host.

    With a ``pace``, what others made us ask of the host this ``minute`` counts too.
    """

    requests: int
    per_host: int
    pace: Pace | None = None
    minute: int = 0
    spent: Counter[str] = field(default_factory=Counter)

    def apart(self) -> RequestBudget:
        """A fresh budget a quarter as large, for what others offer: it takes nothing from this one."""
        return RequestBudget(
            requests=max(self.requests // _APART, 1),
            per_host=max(self.per_host // _APART, 1),
            pace=self.pace,
            minute=self.minute,
        )

    def spend(self, host: str) -> bool:
        """Take one request to ``host`` off the budget; False, and nothing taken, when there is none left."""
        if self.spent.total() >= self.requests or self.spent[host] >= self.per_host:
            return False
        if self.pace is not None and not self.pace.take(host, minute=self.minute):
            return False
        self.spent[host] += 1
        return True


def for_strangers(pace: Pace, *, minute: int) -> RequestBudget:
    """A fresh budget for a question from someone we do not know: 200 requests, 20 to a host, at the common pace."""
    return RequestBudget(requests=200, per_host=20, pace=pace, minute=minute)


def for_own_traces(requests: int = 20_000) -> RequestBudget:
    """A fresh budget for this node's own questions: so many requests to whom it takes."""
    return RequestBudget(requests=requests, per_host=requests)
