"""Questions about the lives of this database: which is the present one, and how the next one begins.

The rule: a life gives out no index of a list and no place of a stream that another life opened, so that a database that
was restored, copied or rolled back repeats nothing it cannot know of. A life costs an empty list for each purpose and
an event for each peer, so the next one begins at every doubt. Who begins one waits for those who give out places.
See docs/decisions/0033-lives.md.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.errors import StoreProblem
from node.store.audit import Audit, AuditLine
from node.store.concurrency import LIVES, SHARING, in_turn
from node.store.life_tables import LifeRow
from node.store.stream_tables import DeliveryRow, StreamRow
from node.store.tables import EventRow

#: The first event of every stream of a life that follows another one.
EPOCH_EVENT: Final = "tn.peer.epoch.v1"
_ID_BYTES: Final = 16


class Why(StrEnum):
    """Why a life began."""

    INIT = "init"  # the database was made
    FINGERPRINT = "fingerprint"  # its files are not where they were
    RESTORE = "restore"  # the operator restored it
    EVIDENCE = "evidence"  # a peer showed a place of ours, signed by us, that we do not know of
    TAKEOVER = "takeover"  # two copies worked, and the operator chose this one


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLife:
    """A life that another copy of this database was in, as far as it was shown: up to the place ``seq``."""

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One life: 128 random bits name it, and the streams that it opens.

    ``also``: the lives of other copies that it follows as well; told when it begins and not kept.
    """

    id: str
    began: datetime
    why: str
    previous: str
    fingerprint: str
    also: tuple[OtherLife, ...] = ()


class Lives:
    """The lives, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def present(self) -> Life:
        """The life we are in. Raises StoreProblem when the database was never opened to be worked with."""
        life = await self.last()
        if life is None:
            raise StoreProblem("The database has not been begun.", fix="Start the node once.")
        return life

    async def last(self) -> Life | None:
        """The life we are in; None before the first one."""
        row = (await self._session.exec(select(LifeRow).order_by(col(LifeRow.number).desc()).limit(1))).first()
        return _value(row) if row else None

    async def earlier(self) -> frozenset[str]:
        """The ids of all lives but the present one."""
        ids = list(await self._session.exec(select(LifeRow.id).order_by(col(LifeRow.number))))
        return frozenset(ids[:-1])

    async def begin_in_turn(self) -> None:
        """Wait until nobody else begins a life; nobody does until this transaction ends."""
        await in_turn(self._session, LIVES)

    async def begin(self, why: Why, *, fingerprint: str, at: datetime, also: tuple[OtherLife, ...] = ()) -> Life:
        """Begin the next life: its streams start with an event that tells of the change, and what waited follows it."""
        await self.begin_in_turn()
        await in_turn(self._session, SHARING)
        before = await self.last()
        life = Life(
            id=secrets.token_hex(_ID_BYTES),
            began=at,
            why=why,
            previous=before.id if before else "",
            fingerprint=fingerprint,
            also=also,
        )
        row = LifeRow(id=life.id, began=at, why=why, previous=life.previous, fingerprint=fingerprint)
        self._session.add(row)
        await self._session.flush()
        if before is not None:
            await self._restart_streams(life, at)
            line = AuditLine(actor="node", action=f"life.{why}", object=life.id)
            await Audit(self._session).append(line, at=at)
        return life

    async def _restart_streams(self, life: Life, at: datetime) -> None:
        """Every stream of ours begins anew: the event of the change first, then what is not settled."""
        streams = list(await self._session.exec(select(StreamRow).order_by(col(StreamRow.peer)).with_for_update()))
        if not streams:
            return
        source = (await self._session.exec(select(EventRow.source).order_by(col(EventRow.id).desc()).limit(1))).one()
        waiting = [{"to": row.peer, "from": row.acked} for row in streams if row.acked < row.last_seq]
        if waiting:
            await self._move_back(waiting)
        events = [_epoch_event(row, life, source, at) for row in streams]
        self._session.add_all(events)
        await self._session.flush()
        for row, event in zip(streams, events, strict=True):
            self._session.add(DeliveryRow(peer=row.peer, seq=row.acked + 1, event=event.id or 0))
            row.before, row.last_seq = row.acked, row.last_seq + 1
            row.rolled, row.rolling = row.before, b""
            row.due, row.fails, row.problem, row.lease, row.lease_until = at, 0, "", "", None
            self._session.add(row)
        await self._session.flush()

    async def _move_back(self, waiting: list[dict[str, object]]) -> None:
        """By one place each, over negative numbers: a key may not be there twice even for a moment."""
        connection = await self._session.connection()
        place = col(DeliveryRow.seq)
        ours = col(DeliveryRow.peer) == bindparam("to")
        away = update(DeliveryRow).where(ours, place > bindparam("from")).values(seq=-place - 1)
        back = update(DeliveryRow).where(ours, place < 0).values(seq=-place)
        await connection.execute(away, waiting)
        await connection.execute(back, [{"to": stream["to"]} for stream in waiting])


def _epoch_event(row: StreamRow, life: Life, source: str, at: datetime) -> EventRow:
    data: dict[str, object] = {
        "previous": {"epoch": life.previous, "seq": row.last_seq - row.before},
        "why": life.why,
    }
    if life.also:
        data["also"] = [{"epoch": other.epoch, "seq": other.seq} for other in life.also]
    return EventRow(
        event_id=secrets.token_hex(16),
        source=source,
        type=EPOCH_EVENT,
        subject=source,
        time=at,
        data=json.dumps(data),
        private=True,
        shared=True,
    )


def _value(row: LifeRow) -> Life:
    return Life(id=row.id, began=row.began, why=row.why, previous=row.previous, fingerprint=row.fingerprint)
