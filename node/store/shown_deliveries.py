"""What an operator sees and does: every delivery with its state and reason, and a stream tried, skipped or paused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, tuple_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.errors import NotHeld
from node.store.lives import Lives
from node.store.outbox import Outbox
from node.store.stream_digests import StreamDigests
from node.store.stream_tables import DeliveryRow, RefusedRow, StreamRow
from node.store.tables import EventRow

SKIPPED: Final = "Skipped by the operator."
_BEHIND: Final = "An earlier delivery waits."
_WAITS: Final = col(DeliveryRow.seq) > col(StreamRow.acked)
_PAUSED: Final = col(StreamRow.state) == "paused"
_REFUSED: Final = col(RefusedRow.seq).is_not(None)
#: The states a delivery is shown in.
STATES: Final[dict[str, ColumnElement[bool]]] = {
    "waiting": _WAITS & ~_PAUSED,
    "paused": _WAITS & _PAUSED,
    "refused": _REFUSED,
    "delivered": ~_WAITS & ~_REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDelivery:
    """One event for one peer: ``state`` (one of :data:`STATES`), why it is not there, and when it is tried next."""

    peer: str
    seq: int
    event: str
    type: str
    credential: str
    state: str
    reason: str = ""
    fails: int = 0
    next_try: datetime | None = None


class ShownDeliveries:
    """Deliveries for the operator, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def some(
        self, *, peer: str = "", credential: str = "", state: str = "", after: tuple[str, int] = ("", 0), limit: int
    ) -> tuple[ShownDelivery, ...]:
        """The next ones behind the place ``after`` (peer, seq), by peer and place, of those that are asked for."""
        query: Any = select(DeliveryRow, EventRow, StreamRow, RefusedRow).join(EventRow)
        query = query.join(StreamRow, col(StreamRow.peer) == col(DeliveryRow.peer))
        same = (col(RefusedRow.peer) == col(DeliveryRow.peer)) & (col(RefusedRow.seq) == col(DeliveryRow.seq))
        query = query.outerjoin(RefusedRow, same)
        query = query.where(tuple_(col(DeliveryRow.peer), col(DeliveryRow.seq)) > tuple_(*after))
        if peer:
            query = query.where(col(DeliveryRow.peer) == peer)
        if credential:
            query = query.where(col(EventRow.subject) == credential)
        if state:
            query = query.where(STATES[state])
        query = query.order_by(col(DeliveryRow.peer), col(DeliveryRow.seq)).limit(limit)
        return tuple(_shown(*row) for row in await self._session.exec(query))

    async def retry(self, peer: str, *, at: datetime) -> int:
        """Try everything for ``peer`` now: what it refused gets a new place, what waits is due. How many it refused.

        Raises:
            NotHeld: nothing was ever told to this peer.
        """
        row = await self._stream(peer)
        epoch = (await Lives(self._session).present()).id
        await StreamDigests(self._session).catch_up(row, epoch)  # while every event stands at its place
        query = select(RefusedRow.seq, DeliveryRow.event).join(
            DeliveryRow, (col(DeliveryRow.peer) == col(RefusedRow.peer)) & (col(DeliveryRow.seq) == col(RefusedRow.seq))
        )
        refused = list(await self._session.exec(query.where(RefusedRow.peer == peer).order_by(col(RefusedRow.seq))))
        for seq, event in refused:
            for table in (RefusedRow, DeliveryRow):
                place = (col(table.peer) == peer) & (col(table.seq) == seq)
                await self._session.exec(delete(table).where(place))
            await Outbox(self._session).append(event, [peer], at=at)
        await self._change(peer, due=at, fails=0, problem="")
        return len(refused)

    async def skip(self, peer: str, *, at: datetime) -> int:
        """Give up the next delivery to ``peer``, as if it had refused it; its place.

        Raises:
            NotHeld: nothing waits for this peer.
        """
        row = await self._stream(peer)
        if row.acked >= row.last_seq:
            raise NotHeld("Nothing waits for this peer.", pointer="/peer", fix="List the deliveries that wait.")
        seq = row.acked + 1
        self._session.add(RefusedRow(peer=peer, seq=seq, problem=SKIPPED, at=at))
        await self._change(peer, acked=seq, due=at, fails=0, problem="")
        return seq

    async def pause(self, peer: str, *, paused: bool) -> None:
        """Send nothing to ``peer`` until it is told otherwise. Raises NotHeld."""
        await self._stream(peer)
        await self._change(peer, state="paused" if paused else "active")

    async def _change(self, peer: str, **values: object) -> None:
        """Whoever holds the stream holds it no more: what he finds out settles nothing."""
        await self._session.flush()
        changed = update(StreamRow).where(col(StreamRow.peer) == peer)
        await self._session.exec(changed.values(lease="", lease_until=None, **values))

    async def _stream(self, peer: str) -> StreamRow:
        row = await self._session.get(StreamRow, peer, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotHeld("Nothing was told to this peer.", pointer="/peer", fix="List the deliveries.")
        return row


def _shown(delivery: DeliveryRow, event: EventRow, stream: StreamRow, refused: RefusedRow | None) -> ShownDelivery:
    waits = refused is None and delivery.seq > stream.acked
    state = "refused" if refused else "delivered" if not waits else "paused" if stream.state == "paused" else "waiting"
    first = delivery.seq == stream.acked + 1
    reason = refused.problem if refused else (stream.problem if first else stream.problem and _BEHIND) if waits else ""
    return ShownDelivery(
        peer=delivery.peer,
        seq=delivery.seq,
        event=event.event_id,
        type=event.type,
        credential=event.subject,
        state=state,
        reason=reason,
        fails=stream.fails if waits else 0,
        next_try=stream.due if state == "waiting" else None,
    )
