"""Questions about what peers sent: every event once, with what came of it, and whose turn it is to be looked at.

The rule: nobody's backlog is in front of another's. Who has something due is found peer by peer over the index of what
waits, and is claimed peer by peer, however much one of them has sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from credentials.encoding.document import sha256_hex
from node.errors import Conflict, NotHeld
from node.store.concurrency import alone, insert_new
from node.store.tables import InboxRow, UTCDateTime

#: The state of an event that is still to be looked at.
WAITING: Final = "stored"
#: What cannot be read by this release and the registered contexts; another start looks at it again.
UNREAD: Final = "unread"
_STORED: Final = text("state = 'stored'")  # written out, or the partial index does not answer
#: From peer to peer over the index of what waits, and of these the ones that have something due and free.
_PEERS: Final = text("""
    WITH RECURSIVE one(peer) AS (
        SELECT min(peer) FROM inbox_event WHERE state = 'stored'
        UNION ALL
        SELECT (SELECT min(peer) FROM inbox_event WHERE state = 'stored' AND peer > one.peer)
        FROM one WHERE one.peer IS NOT NULL
    )
    SELECT peer FROM one WHERE peer IS NOT NULL AND EXISTS (
        SELECT 1 FROM inbox_event AS event WHERE event.state = 'stored' AND event.peer = one.peer
        AND event.next_look <= :at AND (event.lease_until IS NULL OR event.lease_until < :at)
    )
""").bindparams(bindparam("at", type_=UTCDateTime()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedEvent:
    """An event as a peer sent it; the pair (source, id) makes it the same one."""

    source: str
    id: str
    peer: str
    type: str
    subject: str
    raw: bytes
    received: datetime | None = None


class Inbox:
    """Events that peers sent, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def store(self, event: ArrivedEvent, *, at: datetime) -> bool:
        """Keep an event; False when the same one is here already.

        Raises:
            Conflict: the same (source, id) with other content.
        """
        digest = bytes.fromhex(sha256_hex(event.raw))
        fresh = await insert_new(
            self._session,
            InboxRow(
                source=event.source,
                event_id=event.id,
                peer=event.peer,
                type=event.type,
                subject=event.subject,
                digest=digest,
                raw=event.raw,
                received=at,
                next_look=at,
            ),
        )
        row = None if fresh else await self._row(event.source, event.id)
        if row is not None and row.digest != digest:
            raise Conflict(
                "An event with this id had another content.", pointer="/id", fix="Give each event its own id."
            )
        return fresh

    async def peers_waiting(self, *, at: datetime, without: Collection[str] = ()) -> tuple[str, ...]:
        """Whose events are to be looked at by ``at``; ``without`` those whose are being looked at."""
        found = await (await self._session.connection()).execute(_PEERS, {"at": at})
        return tuple(peer for (peer,) in found if peer not in without)

    async def claim(
        self, peers: Iterable[str], *, at: datetime, lease: timedelta, limit: int = 20
    ) -> tuple[ArrivedEvent, ...]:
        """Claim what each of ``peers`` sent and is to be looked at by ``at``, at most ``limit`` events of each.

        The longest due come first; they come back to others when the lease ends. What another worker is claiming just
        now is left to it.
        """
        claimed = []
        for peer in sorted(peers):
            query = _due(at).where(col(InboxRow.peer) == peer).limit(limit).with_for_update(skip_locked=True)
            for row in await self._session.exec(query):
                row.lease_until = at + lease
                self._session.add(row)
                claimed.append(_arrived(row))
        await self._session.flush()
        return tuple(claimed)

    async def backlog(self, peer: str, *, most: int) -> tuple[int, int]:
        """How many events of ``peer`` wait and their bytes together; no more than ``most`` are counted."""
        some = select(func.length(InboxRow.raw).label("size")).where(_STORED, col(InboxRow.peer) == peer).limit(most)
        counted = some.subquery()
        query = select(func.count(), func.coalesce(func.sum(counted.c.size), 0)).select_from(counted)
        number, size = (await self._session.exec(query)).one()
        return int(number), int(size)

    async def take_back(self) -> None:
        """End every lease, because whoever held one is gone, and have what was not read looked at once more.

        Nothing while others work on this database.
        """
        if await alone(self._session):
            held = update(InboxRow).where(col(InboxRow.lease_until).is_not(None))
            await self._session.exec(held.values(lease_until=None))
            unread = update(InboxRow).where(col(InboxRow.state) == UNREAD)
            await self._session.exec(unread.values(state=WAITING, next_look=InboxRow.received))

    async def settle(
        self, event: ArrivedEvent, *, state: str, result: str = "", next_look: datetime | None = None
    ) -> bool:
        """Write what came of an event, and keep others from it until we are done; what is settled stays.

        False when another worker settled it meanwhile: a lease ends when its holder is slow.
        """
        row = await self._row(event.source, event.id, lock=True)
        if row is None:
            raise NotHeld("No such event.", fix="Store it first.")
        if row.state != WAITING:
            return False
        row.state, row.next_look, row.lease_until = state, next_look, None
        row.first_result = row.first_result or result
        self._session.add(row)
        await self._session.flush()
        return True

    async def unread(self, *, limit: int) -> tuple[tuple[str, str, str], ...]:
        """Event id, peer and reason of what is not read here, the latest first."""
        columns = select(InboxRow.event_id, InboxRow.peer, InboxRow.first_result).where(InboxRow.state == UNREAD)
        rows = await self._session.exec(columns.order_by(col(InboxRow.received).desc()).limit(limit))
        return tuple((event_id, peer, reason) for event_id, peer, reason in rows.all())

    async def counts(self) -> dict[str, int]:
        """How many events are in each state."""
        query = select(col(InboxRow.state), func.count()).group_by(col(InboxRow.state))
        return dict((await self._session.exec(query)).all())

    async def outcome(self, source: str, event_id: str) -> tuple[str, str] | None:
        """The state and first result of an event that was stored earlier; None when it never was."""
        row = await self._row(source, event_id)
        return (row.state, row.first_result) if row else None

    async def _row(self, source: str, event_id: str, *, lock: bool = False) -> InboxRow | None:
        query = select(InboxRow).where(col(InboxRow.source) == source, col(InboxRow.event_id) == event_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.exec(query)).first()


def _due(at: datetime) -> SelectOfScalar[InboxRow]:
    free = col(InboxRow.lease_until).is_(None) | (col(InboxRow.lease_until) < at)
    query = select(InboxRow).where(_STORED, col(InboxRow.next_look) <= at, free)
    return query.order_by(col(InboxRow.next_look), col(InboxRow.id))


def _arrived(row: InboxRow) -> ArrivedEvent:
    return ArrivedEvent(
        source=row.source,
        id=row.event_id,
        peer=row.peer,
        type=row.type,
        subject=row.subject,
        raw=row.raw,
        received=row.received,
    )
