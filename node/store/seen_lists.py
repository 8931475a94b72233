"""Questions about status lists of others: is this one older than what was verified at its address before?

Without such a memory a host could serve last week's list, rightly signed, and undo a revocation.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.concurrency import insert_new
from node.store.status_tables import SeenListRow


class SeenLists:
    """The newest status list of each address, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self, url: str) -> datetime | None:
        """The validFrom of the newest list that was verified at ``url``; None when none was."""
        query = select(SeenListRow.valid_from).where(col(SeenListRow.url) == url)
        return (await self._session.exec(query)).first()

    async def note(self, url: str, valid_from: datetime, *, at: datetime) -> None:
        """A list of this validFrom was verified at ``url``; only a newer one changes anything."""
        if await insert_new(self._session, SeenListRow(url=url, valid_from=valid_from, seen=at)):
            return
        query = select(SeenListRow).where(col(SeenListRow.url) == url).with_for_update()
        row = (await self._session.exec(query)).one()
        if row.valid_from < valid_from:
            row.valid_from, row.seen = valid_from, at
            self._session.add(row)
            await self._session.flush()
