"""Questions of doubt: is every stored byte what it was, and does everything belong together?

See docs/requirements.md I1, I6 and S152.
"""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import sha256_hex
from node.store.status_tables import StatusEntryRow
from node.store.tables import AuditRow, BodyRow, CredentialRow, EventRow, ReceivedRow


class Consistency:
    """The self-check, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def file_faults(self) -> tuple[str, ...]:
        """What SQLite itself finds wrong with the file; a server database checks itself."""
        connection = await self._session.connection()
        if connection.dialect.name != "sqlite":
            return ()
        rows = (await connection.exec_driver_sql("PRAGMA integrity_check")).all()
        return tuple(str(row[0]) for row in rows if row[0] != "ok")

    async def damaged(self) -> tuple[str, ...]:
        """Ids of credentials whose stored bytes no longer match their digest."""
        bodies = select(CredentialRow.url, BodyRow.raw, BodyRow.digest).join(BodyRow).order_by(col(CredentialRow.id))
        received = select(ReceivedRow.url, ReceivedRow.raw, ReceivedRow.digest).order_by(col(ReceivedRow.id))
        found: dict[str, None] = {}
        for query in (bodies, received):
            for url, raw, digest in await self._session.exec(query):
                if not isinstance(raw, bytes) or sha256_hex(raw) != digest.hex():
                    found[url] = None
        return tuple(found)

    async def orphans(self) -> tuple[str, ...]:
        """Ids of issued credentials that lack a body, a status entry, an audit line or an event, and strays.

        An index without a credential was reserved in vain; one that was set as well is a stray.
        """
        have = (
            select(BodyRow.credential_id),
            select(StatusEntryRow.credential_id).where(col(StatusEntryRow.credential_id).is_not(None)),
            select(CredentialRow.id).join(AuditRow, col(AuditRow.object) == col(CredentialRow.url)),
            select(CredentialRow.id).join(EventRow, col(EventRow.subject) == col(CredentialRow.url)),
        )
        found: dict[str, None] = {}
        for complete in have:
            query = select(CredentialRow.url).where(col(CredentialRow.id).not_in(complete))
            found.update(dict.fromkeys(await self._session.exec(query)))
        vain = col(StatusEntryRow.credential_id).is_(None)
        stray = select(StatusEntryRow.idx).where(vain, col(StatusEntryRow.value) != 0)
        found.update({f"status index {index}": None for index in await self._session.exec(stray)})
        return tuple(found)
