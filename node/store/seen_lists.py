"""Questions about status lists of others: is this one older than what was verified at its address before?

Without such a memory a host could serve last week's list, rightly signed, and undo a revocation; and an issuer that was
set back could undo its own, with a list of today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.concurrency import insert_new
from node.store.status_tables import SeenListRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenList:
    """A list of ``issuer`` that was verified at ``url``; ``raw`` is empty where an earlier release noted it."""

    url: str
    valid_from: datetime
    issuer: str = ""
    purposes: frozenset[str] = frozenset()
    media_type: str = ""
    raw: bytes = b""


class SeenLists:
    """The newest status list of each address, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self, url: str) -> SeenList | None:
        """The newest list that was verified at ``url``; None when none was."""
        row = (await self._session.exec(select(SeenListRow).where(col(SeenListRow.url) == url))).first()
        return _value(row) if row else None

    async def note(self, seen: SeenList, *, at: datetime) -> None:
        """This list was verified; one that is older than what is known of its address changes nothing."""
        row = SeenListRow(**_columns(seen), url=seen.url, seen=at)
        if await insert_new(self._session, row):
            return
        query = select(SeenListRow).where(col(SeenListRow.url) == seen.url).with_for_update()
        there = (await self._session.exec(query)).one()
        if there.valid_from <= seen.valid_from:
            known = replace(seen, purposes=seen.purposes | frozenset(there.purposes.split()))
            for name, value in _columns(known).items():
                setattr(there, name, value)
            there.seen = at
            self._session.add(there)
            await self._session.flush()

    async def of_issuer(self, issuer: str, *, after: int, limit: int) -> tuple[tuple[int, SeenList], ...]:
        """The lists of ``issuer`` that are kept, each with its number, behind the number ``after``."""
        query = select(SeenListRow).where(col(SeenListRow.issuer) == issuer, col(SeenListRow.id) > after)
        rows = await self._session.exec(query.order_by(col(SeenListRow.id)).limit(limit))
        return tuple((row.id or 0, _value(row)) for row in rows)


def _columns(seen: SeenList) -> dict[str, Any]:
    return {
        "valid_from": seen.valid_from,
        "issuer": seen.issuer,
        "purposes": " ".join(sorted(seen.purposes)),
        "media_type": seen.media_type,
        "raw": seen.raw,
    }


def _value(row: SeenListRow) -> SeenList:
    return SeenList(
        url=row.url,
        valid_from=row.valid_from,
        issuer=row.issuer,
        purposes=frozenset(row.purposes.split()),
        media_type=row.media_type,
        raw=row.raw,
    )
