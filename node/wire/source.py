"""What a source is: needs in, what came of each out.

The rule: every need gets an answer, and a source never raises for what is missing or wrong. The network, a folder and
the own store are sources; a judge cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from credentials.envelopes.opening import Secured
from credentials.evidence import Absent, Evidence, Found, Need
from credentials.verdict import StatusResult


class Source(Protocol):
    """Something that can be asked for documents."""

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """Found or Absent for every one of ``needs``; what is found is stamped ``at``."""


@runtime_checkable
class Budgeted(Protocol):
    """A source that spends a budget, and keeps another one for what nobody owes an answer."""

    def for_offers(self) -> Source:
        """The same source with that other budget, fresh."""


@runtime_checkable
class Learns(Protocol):
    """A source that wants to know which status lists verified, so that it refuses older ones later."""

    async def learn(self, statuses: Iterable[StatusResult], evidence: Evidence, *, at: datetime) -> None:
        """Remember them; ``evidence`` has their bytes."""


@runtime_checkable
class Opens(Protocol):
    """A source that had to open documents in order to know what they are, so that nobody need open them again."""

    def opened(self, raw: bytes, media_type: str | None) -> Secured | None:
        """``raw`` as it was opened, handed over once; None where it was not, or not as ``media_type``."""
