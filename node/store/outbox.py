"""Questions about events on their way out: what happened, and in whose stream it has a place.

An event is written in the transaction that made it true; whoever shares events gives them places in the streams to the
peers, a slice of peers a transaction, so that other writers go between. How streams are sent: node.store.streams.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, case, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import JsonObject
from node.store.concurrency import SHARING, in_turn
from node.store.stream_tables import DeliveryRow, StreamRow
from node.store.tables import EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEvent:
    """Something that happened here (CloudEvents 1.0 words); ``private`` ones go to named peers only.

    Peers up to the DID ``told_up_to`` have it in their streams already.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: JsonObject
    private: bool = False
    told_up_to: str = ""


class Outbox:
    """Events and their places in the streams, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, event: OutboxEvent) -> None:
        """Keep ``event``. Raises Conflict when its id is taken."""
        self._session.add(
            EventRow(
                event_id=event.id,
                source=event.source,
                type=event.type,
                subject=event.subject,
                time=event.time,
                data=json.dumps(event.data, ensure_ascii=False),
                private=event.private,
            )
        )
        await self._session.flush()

    async def mentions(self, subject: str) -> tuple[str, ...]:
        """Whom the first event about ``subject`` mentioned (DIDs): later events about it concern the same."""
        query = select(EventRow).where(col(EventRow.subject) == subject).order_by(col(EventRow.id)).limit(1)
        row = (await self._session.exec(query)).first()
        return tuple(json.loads(row.data).get("mentions", ())) if row else ()

    async def sharing_in_turn(self) -> None:
        """Wait until nobody else gives out places; nobody does until this transaction ends."""
        await in_turn(self._session, SHARING)

    async def unshared(self, *, limit: int = 100) -> tuple[OutboxEvent, ...]:
        """Events that do not have all their places yet, oldest first."""
        query = select(EventRow).where(col(EventRow.shared).is_(False)).order_by(col(EventRow.id)).limit(limit)
        return tuple(event_of(row) for row in await self._session.exec(query))

    async def share(self, event_id: str, peers: Sequence[str], *, at: datetime, told_up_to: str = "") -> None:
        """Give the event the next place in the streams to ``peers`` (DIDs), once; nothing when it has all its places.

        With ``told_up_to`` later peers are still to be asked, without it the event is shared.
        """
        await self.sharing_in_turn()
        query = select(EventRow).where(col(EventRow.event_id) == event_id)
        row = (await self._session.exec(query.execution_options(populate_existing=True))).one()
        if row.shared:
            return
        if peers:
            await self.append(row.id or 0, peers, at=at)
        row.shared, row.told_up_to = not told_up_to, told_up_to
        self._session.add(row)
        await self._session.flush()

    async def append(self, event: int, peers: Sequence[str], *, at: datetime) -> None:
        """Give the event with the row number ``event`` the next place in the stream to each of ``peers``.

        A stream in which nothing waited is due at once; one that waits keeps its turn.
        """
        connection = await self._session.connection()
        upsert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(StreamRow)
        idle = col(StreamRow.acked) >= col(StreamRow.last_seq)
        due = case((idle, upsert.excluded.due), else_=col(StreamRow.due))
        placed = upsert.on_conflict_do_update(
            index_elements=["peer"], set_={"last_seq": col(StreamRow.last_seq) + 1, "due": due}
        )
        await connection.execute(placed, [_stream(peer, at) for peer in sorted(peers)])
        place = select(StreamRow.peer, StreamRow.last_seq, bindparam("event", type_=Integer)).where(
            col(StreamRow.peer) == bindparam("to")
        )
        there = insert(DeliveryRow).from_select(["peer", "seq", "event"], place)
        await connection.execute(there, [{"to": peer, "event": event} for peer in sorted(peers)])


def event_of(row: EventRow) -> OutboxEvent:
    """The event that ``row`` keeps."""
    return OutboxEvent(
        id=row.event_id,
        source=row.source,
        type=row.type,
        subject=row.subject,
        time=row.time,
        data=json.loads(row.data),
        private=row.private,
        told_up_to=row.told_up_to,
    )


def _stream(peer: str, at: datetime) -> dict[str, object]:
    return {
        "peer": peer,
        "last_seq": 1,
        "before": 0,
        "acked": 0,
        "rolled": 0,
        "rolling": b"",
        "due": at,
        "fails": 0,
        "state": "active",
        "problem": "",
        "lease": "",
        "lease_until": None,
    }
