"""The rolling digest of a stream of ours at any of its places, made up from the events that stand there.

The rule: what is not known is empty and never guessed: where a refused event was given another place, its old one tells
nothing any more. See docs/federation.md#heads.
"""

from __future__ import annotations

from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.outbox import event_of
from node.store.rolling import place_digest, rolling_next, rolling_start
from node.store.stream_tables import DeliveryRow, StreamRow
from node.store.tables import EventRow

_SLICE: Final = 200  # events that are read at once: a private one holds a whole credential


class StreamDigests:
    """The rolling digests of the streams of the present life, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def catch_up(self, row: StreamRow, epoch: str) -> bytes:
        """The rolling digest of everything that is settled, kept in ``row`` from here on; empty where it is unknown."""
        rolling = await self.at(row, row.acked, epoch)
        if rolling:
            row.rolled, row.rolling = row.acked, rolling
            self._session.add(row)
        return rolling

    async def at(self, row: StreamRow, seq: int, epoch: str) -> bytes:
        """The rolling digest at the place ``seq`` of the row (not of the wire); empty where it is unknown."""
        known = row.rolled <= seq and (row.rolling or row.rolled == row.before)
        rolled, rolling = (row.rolled, row.rolling) if known else (row.before, b"")
        rolling = rolling or await self._start(row.peer, epoch)
        while rolling and rolled < seq:
            query = select(DeliveryRow.seq, EventRow).join(EventRow).where(col(DeliveryRow.peer) == row.peer)
            query = query.where(col(DeliveryRow.seq) > rolled, col(DeliveryRow.seq) <= min(seq, rolled + _SLICE))
            found = list(await self._session.exec(query.order_by(col(DeliveryRow.seq))))
            if [place for place, _ in found] != list(range(rolled + 1, min(seq, rolled + _SLICE) + 1)):
                return b""
            for place, event in found:
                rolling = rolling_next(rolling, place - row.before, place_digest(event_of(event)))
            rolled = min(seq, rolled + _SLICE)
        return rolling

    async def _start(self, peer: str, epoch: str) -> bytes:
        source = (await self._session.exec(select(EventRow.source).order_by(col(EventRow.id).desc()).limit(1))).first()
        return rolling_start(source, peer, epoch) if source else b""
