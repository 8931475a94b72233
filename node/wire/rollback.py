"""A memory of status lists: a host that serves an older one than was verified before is not believed.

The rule: only a list that verified is remembered, and only by its validFrom; what is offered afterwards may be older by
the few minutes for which copies lawfully live, never by more. A list that is refused is absent, so that the status is
undetermined and never "not revoked" (The Update Framework calls the attack rollback).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import structlog

from credentials.evidence import Absent, AbsentReason, Found
from credentials.verdict import StatusResult
from credentials.verify import Reading
from node.store import Store

#: Caches, and workers whose clocks differ, may give out copies that are this much older than the newest.
_COPIES: Final = timedelta(minutes=5)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

_log = structlog.get_logger("status")


class Reads(Protocol):
    """Reads a status list."""

    async def __call__(self, raw: bytes, media_type: str | None) -> Reading:
        """What its bytes alone decide."""
        ...


@dataclass(frozen=True, slots=True)
class ListMemory:
    """The newest status list of each address, in the store; ``read`` makes the one reading of what is offered."""

    store: Store
    read: Reads

    async def checked(self, url: str, found: Found) -> Found | Absent:
        """What was found at ``url``, unless it is older than what was verified there before."""
        offered = (await self.read(found.body, found.media_type)).valid_from  # what it says; the judge decides if truly
        async with self.store.reading() as tx:
            newest = await tx.seen_lists.newest(url)
        if offered is None or newest is None or offered >= newest - _COPIES:
            return found
        _log.warning("status list rolled back", url=url, offered=offered.isoformat(), newest=newest.isoformat())
        return Absent(
            reason=AbsentReason.REFUSED,
            detail=f"The host serves a list of {offered.isoformat()}, but one of {newest.isoformat()} was seen.",
        )

    async def note(self, statuses: Iterable[StatusResult], *, at: datetime) -> None:
        """Remember the lists that answered, when they are the newest of their address."""
        answered = {status.list_url: status.as_of for status in statuses if status.value is not None and status.as_of}
        if not answered:
            return
        async with self.store.reading() as tx:
            seen = {url: await tx.seen_lists.newest(url) for url in answered}
        newer = {url: as_of for url, as_of in sorted(answered.items()) if (seen[url] or _LONG_AGO) < as_of}
        if newer:
            async with self.store.writing() as tx:
                for url, as_of in newer.items():
                    await tx.seen_lists.note(url, as_of, at=at)
