"""Questions about the streams to peers: which is due, what comes next in it, what became of that.

The rule: the stream's row is the queue, and a claim looks at nothing that is settled. A stream is claimed as a whole
under a lease with a fencing token, so that no two workers send it at once and a late one settles nothing. A busy stream
is due again behind the others; one that fails lies in the future and costs nothing until then.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.concurrency import alone
from node.store.lives import Lives
from node.store.outbox import OutboxEvent, event_of
from node.store.stream_digests import StreamDigests
from node.store.stream_tables import WAITS, DeliveryRow, ReceiptRow, RefusedRow, StreamRow
from node.store.tables import EventRow

_PROBLEM: Final = 1000  # characters of a reason that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The stream to ``peer`` as it was claimed: settled up to ``acked``, failed ``fails`` times by now.

    It is the stream of the life ``epoch``, and begins behind ``before``. ``rolling`` is its digest at ``acked``, empty
    where that is not known.
    """

    peer: str
    acked: int
    fails: int
    lease: str
    epoch: str
    before: int = 0
    rolling: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one peer: ``seq`` is its place here, ``place`` the one in the stream ``epoch`` on the wire."""

    peer: str
    seq: int
    event: OutboxEvent
    epoch: str
    place: int


class Streams:
    """The streams to peers, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rolled = StreamDigests(session)

    async def claim(
        self, *, at: datetime, lease: timedelta, limit: int = 20, failing: int | None = None
    ) -> tuple[Stream, ...]:
        """Claim streams that are due, the longest due first; they come back to others when the lease ends.

        At most ``limit`` of them, and of those that failed last time at most ``failing``, so that these leave room.
        What another worker is claiming just now is left to it. Epoch and places belong to the life of this moment: when
        the next one begins, the lease is over.
        """
        epoch = (await Lives(self._session).present()).id
        healthy = await self._free(at, limit, col(StreamRow.fails) == 0)
        room = limit - len(healthy)
        doubtful = await self._free(at, min(room, room if failing is None else failing), col(StreamRow.fails) > 0)
        claimed = []
        for row in (*healthy, *doubtful):
            rolling = await self._rolled.catch_up(row, epoch)
            row.lease, row.lease_until = secrets.token_hex(8), at + lease
            self._session.add(row)
            claimed.append(
                Stream(
                    peer=row.peer,
                    acked=row.acked,
                    fails=row.fails,
                    lease=row.lease,
                    epoch=epoch,
                    before=row.before,
                    rolling=rolling,
                )
            )
        await self._session.flush()
        return tuple(claimed)

    async def next_of(self, stream: Stream, *, limit: int, size: int) -> tuple[Delivery, ...]:
        """What comes next in a claimed stream: at most ``limit`` events and ``size`` characters, but at least one.

        Nothing when the lease passed on: the places may be other ones by now.
        """
        ahead = select(DeliveryRow.seq, EventRow.id, func.length(EventRow.data)).join(EventRow)
        ahead = ahead.join(StreamRow, _SAME_PEER).where(col(StreamRow.lease) == stream.lease)
        ahead = ahead.where(col(DeliveryRow.peer) == stream.peer, col(DeliveryRow.seq) > stream.acked)
        places: dict[int, int] = {}
        for seq, event, length in await self._session.exec(ahead.order_by(col(DeliveryRow.seq)).limit(limit)):
            size -= length
            if places and size < 0:
                break
            places[seq] = event or 0
        rows = await self._session.exec(select(EventRow).where(col(EventRow.id).in_(set(places.values()))))
        events = {row.id: event_of(row) for row in rows}
        return tuple(
            Delivery(
                peer=stream.peer,
                seq=seq,
                event=events[event],
                epoch=stream.epoch,
                place=seq - stream.before,
            )
            for seq, event in places.items()
        )

    async def settle(
        self,
        stream: Stream,
        *,
        acked: int,
        rolling: bytes = b"",
        at: datetime,
        due: datetime,
        problem: str = "",
        refused: Mapping[int, str] | None = None,
        receipt: bytes = b"",
        keep: timedelta | None = None,
    ) -> Stream | None:
        """Write what came of a claimed stream: everything up to ``acked`` is settled; None when the lease passed on.

        ``rolling`` is the rolling digest there, empty where it is not known.
        ``problem``: why the rest must wait until ``due``; it counts as failed. ``refused``: places and why they will
        never be taken. ``keep``: hold it for so long, because more of it goes out now.
        """
        fails = stream.fails + 1 if problem else 0
        changed = update(StreamRow).where(col(StreamRow.peer) == stream.peer, col(StreamRow.lease) == stream.lease)
        changed = changed.values(
            acked=acked,
            **({"rolled": acked, "rolling": rolling} if rolling else {}),
            due=due,
            fails=fails,
            problem=problem[:_PROBLEM],
            lease=stream.lease if keep else "",
            lease_until=at + keep if keep else None,
        )
        if not (await self._session.exec(changed)).rowcount:
            return None
        if receipt and acked > stream.acked:
            self._session.add(ReceiptRow(peer=stream.peer, seq=stream.acked + 1, last_seq=acked, raw=receipt))
        for seq, why in (refused or {}).items():
            self._session.add(RefusedRow(peer=stream.peer, seq=seq, problem=why[:_PROBLEM], at=at))
        await self._session.flush()
        return replace(stream, acked=acked, fails=fails, rolling=rolling)

    async def take_back(self) -> int:
        """End every lease, because whoever held one is gone; how many streams were on their way.

        While others work on this database nothing is taken back: their leases are good, and ours end by themselves.
        """
        if not await alone(self._session):
            return 0
        held = update(StreamRow).where(col(StreamRow.lease_until).is_not(None)).values(lease="", lease_until=None)
        return int((await self._session.exec(held)).rowcount)

    async def given(self, peer: str) -> int:
        """The last place of the present life's stream to ``peer`` that was given out; 0 when none was."""
        row = await self._session.get(StreamRow, peer)
        return row.last_seq - row.before if row else 0

    async def told(self, peer: str) -> tuple[int, bytes]:
        """The last place of the present life's stream to ``peer`` that is settled, and the rolling digest there.

        It is empty at place 0, and where it is not known.
        """
        row = await self._session.get(StreamRow, peer)
        if row is None or row.acked == row.before:
            return 0, b""
        return row.acked - row.before, await self._rolled.at(row, row.acked, (await Lives(self._session).present()).id)

    async def rolling_at(self, peer: str, place: int) -> bytes:
        """The rolling digest at a ``place`` that the present life gave out; empty where it cannot be told any more."""
        row = await self._session.get(StreamRow, peer)
        if row is None:
            return b""
        return await self._rolled.at(row, row.before + place, (await Lives(self._session).present()).id)

    async def hurry(self, peer: str, *, at: datetime) -> bool:
        """Make what waits for ``peer`` due at ``at``, failures as counted; False when nothing waited for longer."""
        waiting = update(StreamRow).where(WAITS, col(StreamRow.peer) == peer, col(StreamRow.due) > at)
        return bool((await self._session.exec(waiting.values(due=at))).rowcount)

    async def waiting(self, *, at: datetime) -> frozenset[str]:
        """The peers for whom something waits that failed and is not to be tried before some time after ``at``."""
        query = select(StreamRow.peer).where(WAITS, col(StreamRow.fails) > 0, col(StreamRow.due) > at)
        return frozenset(await self._session.exec(query))

    async def waits(self, peer: str, *, at: datetime) -> bool:
        """Is there something for ``peer`` that is not to be tried before some time after ``at``?"""
        row = await self._session.get(StreamRow, peer)
        return row is not None and row.acked < row.last_seq and row.due > at

    async def counts(self) -> dict[str, int]:
        """How many places are delivered, refused and pending; states without any are left out."""
        refused = await self._session.scalar(select(func.count()).select_from(RefusedRow)) or 0
        settled = select(func.count()).select_from(DeliveryRow).join(StreamRow, _SAME_PEER)
        delivered = await self._session.scalar(settled.where(col(DeliveryRow.seq) <= col(StreamRow.acked))) or 0
        pending = await self._session.scalar(select(func.sum(StreamRow.last_seq - StreamRow.acked))) or 0
        states = {"delivered": delivered - refused, "refused": refused, "pending": pending}
        return {state: int(number) for state, number in states.items() if number}

    async def _free(self, at: datetime, limit: int, *conditions: object) -> list[StreamRow]:
        free = col(StreamRow.lease_until).is_(None) | (col(StreamRow.lease_until) < at)
        query = select(StreamRow).where(WAITS, col(StreamRow.due) <= at, free, *conditions)  # type: ignore[arg-type]
        query = query.order_by(col(StreamRow.due)).limit(max(limit, 0)).with_for_update(skip_locked=True)
        return list(await self._session.exec(query.execution_options(populate_existing=True)))


_SAME_PEER: Final = col(DeliveryRow.peer) == col(StreamRow.peer)
