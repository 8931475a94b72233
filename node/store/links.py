"""Questions about links: which targets does an identifier have, and which are the preferred ones?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.concurrency import SUCCEEDING, in_turn
from node.store.tables import LinkRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """One link of an identifier (RFC 9264): ``relation`` names what the target is to it, ``type`` its media type."""

    identifier: str
    relation: str
    href: str
    title: str
    type: str
    hreflang: str = ""
    preferred: bool = False
    superseded: bool = False
    private: bool = False
    digest: str = ""


class Links:
    """The links, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, links: Iterable[StoredLink], *, at: datetime, credential: int | None = None) -> None:
        """Add links. Raises Conflict when one with the same identifier, relation and target is there."""
        for link in links:
            self._session.add(
                LinkRow(
                    identifier=link.identifier,
                    relation=link.relation,
                    href=link.href,
                    title=link.title,
                    type=link.type,
                    hreflang=link.hreflang,
                    preferred=link.preferred,
                    superseded=link.superseded,
                    private=link.private,
                    digest=bytes.fromhex(link.digest) if link.digest else None,
                    credential_id=credential,
                    created=at,
                )
            )
        await self._session.flush()

    async def of(self, identifier: str, *, with_private: bool = False) -> tuple[StoredLink, ...]:
        """The links of one identifier, newest first; private ones only on demand."""
        query = select(LinkRow).where(col(LinkRow.identifier) == identifier).order_by(col(LinkRow.id).desc())
        if not with_private:
            query = query.where(col(LinkRow.private).is_(False))
        return tuple(_value(row) for row in await self._session.exec(query))

    async def supersede(self, identifier: str, relation: str) -> None:
        """Mark the preferred targets of this relation as predecessors, under every name they are linked from.

        Whoever comes at the same time waits, and then finds what we add as the predecessor of theirs.
        """
        await in_turn(self._session, SUCCEEDING)
        named, related = col(LinkRow.identifier) == identifier, col(LinkRow.relation) == relation
        older = select(LinkRow.href).where(named, related, col(LinkRow.preferred))
        query = select(LinkRow).where(col(LinkRow.href).in_(older), related)
        for row in await self._session.exec(query):
            row.superseded, row.preferred = True, False
            self._session.add(row)
        await self._session.flush()

    async def to(self, href: str) -> tuple[StoredLink, ...]:
        """The links that point to ``href``."""
        rows = await self._session.exec(select(LinkRow).where(col(LinkRow.href) == href).order_by(col(LinkRow.id)))
        return tuple(_value(row) for row in rows)


def _value(row: LinkRow) -> StoredLink:
    return StoredLink(
        identifier=row.identifier,
        relation=row.relation,
        href=row.href,
        title=row.title,
        type=row.type,
        hreflang=row.hreflang,
        preferred=row.preferred,
        superseded=row.superseded,
        private=row.private,
        digest=row.digest.hex() if row.digest else "",
    )
