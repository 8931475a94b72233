"""A memory of status lists: a host that serves an older one than was verified before is not believed.

The rule: only a list that verified is remembered. What is offered afterwards may be older by the few minutes for which
copies lawfully live, never by more; and whatever its date, it may not take back a revocation. A list that is refused is
absent, so that the status is undetermined and never "not revoked" (The Update Framework calls the attack rollback).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.verdict import StatusResult
from credentials.verify import Reading
from node.store import Store
from node.store.seen_lists import SeenList

REVOCATION: Final = "revocation"
#: Caches, and workers whose clocks differ, may give out copies that are this much older than the newest.
_COPIES: Final = timedelta(minutes=5)

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
        """What was found at ``url``, unless it is older than what was verified there before, or takes back its word."""
        async with self.store.reading() as tx:
            newest = await tx.seen_lists.newest(url)
        if newest is None or newest.raw == found.body:
            return found
        offered = await self.read(found.body, found.media_type)  # what it says; the judge decides if truly
        why = _too_old(offered, newest) or await self._taken_back(offered, newest)
        if not why:
            return found
        _log.warning("status list rolled back", url=url, why=why)
        return Absent(reason=AbsentReason.REFUSED, detail=why)

    async def _taken_back(self, offered: Reading, newest: SeenList) -> str:
        """Why a list cannot be, whatever its date, that no longer revokes what a list before it revoked; "" if it can.

        Revocation is final (Bitstring Status List 1.0 section 2.1): what was 1 stays 1.
        """
        if REVOCATION not in newest.purposes or not newest.raw or not isinstance(offered.bits, bytes):
            return ""
        before = await self.read(newest.raw, newest.media_type)
        if not isinstance(before.bits, bytes):
            return ""
        size = max(len(before.bits), len(offered.bits))
        lost = _number(before.bits, size) & ~_number(offered.bits, size)
        if not lost:
            return ""
        return (
            f"The list of {_date(offered.valid_from)} (SHA-256 {offered.digest}) takes back {lost.bit_count()} "
            f"revocations of that of {_date(newest.valid_from)} (SHA-256 {before.digest}); a revocation is final."
        )

    async def note(self, statuses: Iterable[StatusResult], evidence: Evidence, *, at: datetime) -> None:
        """Remember the lists that answered, when they are the newest of their address."""
        answered: dict[str, set[str]] = {}
        moments: dict[str, datetime] = {}
        for status in statuses:
            if status.value is not None and status.as_of:
                answered.setdefault(status.list_url, set()).add(status.purpose)
                moments[status.list_url] = status.as_of
        if not answered:
            return
        async with self.store.reading() as tx:
            seen = {url: await tx.seen_lists.newest(url) for url in sorted(answered)}
        newer = [url for url, there in seen.items() if there is None or there.valid_from <= moments[url]]
        kept = [await self._kept(url, moments[url], answered[url], evidence) for url in newer]
        news = [one for one in kept if _is_news(one, seen[one.url])]
        if news:
            async with self.store.writing() as tx:
                for one in news:
                    await tx.seen_lists.note(one, at=at)

    async def _kept(self, url: str, valid_from: datetime, purposes: set[str], evidence: Evidence) -> SeenList:
        found = evidence.found(Need(NeedKind.STATUS_LIST, url))
        if found is None:
            return SeenList(url=url, valid_from=valid_from)
        reading = await self.read(found.body, found.media_type)
        if reading.valid_from != valid_from:  # several lists answered, and this is not the one that counted
            return SeenList(url=url, valid_from=valid_from)
        return SeenList(
            url=url,
            valid_from=valid_from,
            issuer=reading.signer or "",
            purposes=frozenset(purposes),
            media_type=found.media_type or "",
            raw=found.body,
        )


def _is_news(one: SeenList, there: SeenList | None) -> bool:
    """Is it newer? Of two of one second, what is offered later took nothing back, or it would have been refused."""
    if there is None or one.valid_from > there.valid_from:
        return True
    return one.valid_from == there.valid_from and bool(one.raw) and one.raw != there.raw


def _too_old(offered: Reading, newest: SeenList) -> str:
    """Why a list is too old to be believed, by its own date; "" when it is not."""
    if offered.valid_from is None or offered.valid_from >= newest.valid_from - _COPIES:
        return ""
    said, seen = _date(offered.valid_from), _date(newest.valid_from)
    return f"The host serves a list of {said}, but one of {seen} was seen."


def _number(bits: bytes, size: int) -> int:
    """The bits as a number of so many bytes; what a list does not have is 0."""
    return int.from_bytes(bits.ljust(size, b"\0"), "big")


def _date(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "no date"
