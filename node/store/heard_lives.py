"""Questions about the streams of peers to us: what stands at each place, and the newest head that they signed.

The rule: a place holds one event for ever. A peer that says another thing at a place of the same stream, or signs
another head for it, contradicts itself: nothing of that is taken, and what it signed before is shown to it. What is
kept of a peer is bounded: it may begin as many lives as it likes, only the newest ones are known. See
docs/federation.md#heads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.concurrency import insert_new
from node.store.evidence_tables import HeardLifeRow, HeardPlaceRow
from node.store.rolling import rolling_next, rolling_start
from node.store.tables import InboxRow

#: Lives of one peer that are known at once.
MOST_LIVES: Final = 32
_AT_ONCE: Final = 1000  # places that are read at once: a peer may leave gaps without end
_AHEAD: Final = 200  # places behind a gap that was closed, for which the rolling digest is made up at once


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardHead:
    """The newest head of one life of a peer: ``raw`` as the peer signed it, "" where it signed none."""

    epoch: str
    previous: str
    seq: int
    rolling: bytes
    raw: str


class HeardLives:
    """The streams that peers tell us of, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def heads(self, peer: str) -> tuple[HeardHead, ...]:
        """The lives of ``peer`` that are known, the one whose head came last first."""
        query = select(HeardLifeRow).where(col(HeardLifeRow.peer) == peer)
        rows = await self._session.exec(query.order_by(col(HeardLifeRow.noted).desc()))
        return tuple(_value(row) for row in rows)

    async def newest(self, peer: str) -> str:
        """The head of ``peer`` that came last, as it was signed; "" when none did."""
        return next((head.raw for head in await self.heads(peer) if head.raw), "")

    async def in_turn(self, peer: str, epoch: str) -> HeardHead:
        """The life ``epoch`` of ``peer``, locked until this transaction ends; it is known from here on."""
        return _value(await self._life(peer, epoch))

    async def follows(self, peer: str, epoch: str, previous: str) -> bool:
        """Note that ``epoch`` follows ``previous``; False when that would be a circle, or when it follows another."""
        row = await self._life(peer, epoch)
        if row.previous:
            return row.previous == previous
        before = {head.epoch: head.previous for head in await self.heads(peer)}
        earlier = previous
        for _ in range(len(before) + 1):
            if earlier == epoch:
                return False
            earlier = before.get(earlier, "")
        row.previous = previous
        self._session.add(row)
        await self._session.flush()
        return True

    async def place(self, peer: str, epoch: str, events: Mapping[int, tuple[str, bytes]]) -> bool:
        """Note which event (id and digest) stands at which place; False when another one stands there."""
        query = select(HeardPlaceRow).where(col(HeardPlaceRow.peer) == peer, col(HeardPlaceRow.epoch) == epoch)
        there = {row.seq: row for row in await self._session.exec(query.where(col(HeardPlaceRow.seq).in_(events)))}
        if any(there[seq].digest != digest for seq, (_, digest) in events.items() if seq in there):
            return False
        fresh = [
            HeardPlaceRow(peer=peer, epoch=epoch, seq=seq, event_id=event, digest=digest)
            for seq, (event, digest) in sorted(events.items())
            if seq not in there
        ]
        self._session.add_all(fresh)
        await self._session.flush()
        return True

    async def rolling(self, peer: str, epoch: str, *, to: str, places: Collection[int]) -> dict[int, bytes]:
        """The rolling digests at ``places``, empty ones where an earlier place is not known; they are made up here."""
        first, last = min(places), max(places)
        query = select(HeardPlaceRow).where(col(HeardPlaceRow.peer) == peer, col(HeardPlaceRow.epoch) == epoch)
        query = query.where(col(HeardPlaceRow.seq) >= first - 1, col(HeardPlaceRow.seq) <= last + _AHEAD)
        known = {0: rolling_start(peer, to, epoch)}
        for row in await self._session.exec(query.order_by(col(HeardPlaceRow.seq)).limit(_AT_ONCE)):
            before = known.get(row.seq - 1, b"")
            if not row.rolling and before:
                row.rolling = rolling_next(before, row.seq, row.digest)
                self._session.add(row)
            known[row.seq] = row.rolling
        await self._session.flush()
        return {place: known.get(place, b"") for place in places}

    async def told(self, peer: str, epoch: str, *, after: int, limit: int) -> tuple[tuple[int, bytes], ...]:
        """What ``peer`` told in its life ``epoch`` behind the place ``after``: places and facts as they are kept."""
        query = select(HeardPlaceRow.seq, InboxRow.raw).join(
            InboxRow,
            (col(InboxRow.source) == col(HeardPlaceRow.peer)) & (col(InboxRow.event_id) == col(HeardPlaceRow.event_id)),
        )
        query = query.where(col(HeardPlaceRow.peer) == peer, col(HeardPlaceRow.epoch) == epoch)
        query = query.where(col(HeardPlaceRow.seq) > after).order_by(col(HeardPlaceRow.seq)).limit(limit)
        return tuple((seq, raw) for seq, raw in await self._session.exec(query))

    async def note(self, peer: str, epoch: str, *, seq: int, rolling: bytes, raw: str) -> None:
        """Keep the head that ``peer`` signed for the place ``seq``, unless a later one of that life is here."""
        row = await self._life(peer, epoch)
        if row.raw and row.seq >= seq:
            return
        last = await self._session.scalar(
            select(func.max(col(HeardLifeRow.noted))).where(col(HeardLifeRow.peer) == peer)
        )
        row.seq, row.rolling, row.raw, row.noted = seq, rolling, raw, (last or 0) + 1
        self._session.add(row)
        await self._session.flush()

    async def _life(self, peer: str, epoch: str) -> HeardLifeRow:
        """The row, locked: who tells of the same life at the same time waits."""
        if await insert_new(self._session, HeardLifeRow(peer=peer, epoch=epoch)):
            await self._forget_oldest(peer)
        query = select(HeardLifeRow).where(col(HeardLifeRow.peer) == peer, col(HeardLifeRow.epoch) == epoch)
        locked = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.exec(locked)).one()

    async def _forget_oldest(self, peer: str) -> None:
        query = select(HeardLifeRow).where(col(HeardLifeRow.peer) == peer)
        rows = list(await self._session.exec(query.order_by(col(HeardLifeRow.id).desc()).offset(MOST_LIVES)))
        for row in rows:
            place = (col(HeardPlaceRow.peer) == peer) & (col(HeardPlaceRow.epoch) == row.epoch)
            await self._session.exec(delete(HeardPlaceRow).where(place))
            await self._session.delete(row)
        await self._session.flush()


def _value(row: HeardLifeRow) -> HeardHead:
    return HeardHead(epoch=row.epoch, previous=row.previous, seq=row.seq, rolling=row.rolling, raw=row.raw)
