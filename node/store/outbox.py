"""Questions about events on their way out: what happened, and to whom it still has to be told.

An event is written in the transaction that made it true; deliveries are made from events by whoever shares them. A
delivery is claimed under a lease with a fencing token, so that two workers never both count its answer. A worker
claims whole streams (one peer's deliveries) by locking their first row, so that no two work on one stream.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import JsonObject
from node.store.concurrency import SHARING, alone, in_turn
from node.store.tables import DeliveryRow, EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEvent:
    """Something that happened here (CloudEvents 1.0 words); ``private`` ones go to named peers only."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: JsonObject
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one peer: ``seq`` is gapless per peer, ``lease`` fences the worker that claimed it."""

    number: int
    peer: str
    seq: int
    attempts: int
    lease: str
    event: OutboxEvent


class Outbox:
    """Events and deliveries, within one transaction."""

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

    async def unshared(self, *, limit: int = 100) -> tuple[OutboxEvent, ...]:
        """Events from which no deliveries were made yet, oldest first."""
        query = select(EventRow).where(col(EventRow.shared).is_(False)).order_by(col(EventRow.id)).limit(limit)
        return tuple(_event(row) for row in await self._session.exec(query))

    async def share(self, event_id: str, peers: Iterable[str], *, at: datetime) -> None:
        """Make a delivery of the event for each of ``peers`` (DIDs) and count the event as shared, once."""
        await in_turn(self._session, SHARING)
        query = select(EventRow).where(col(EventRow.event_id) == event_id)
        row = (await self._session.exec(query.execution_options(populate_existing=True))).one()
        if row.shared:
            return
        for peer in peers:
            last = await self._session.scalar(
                select(func.max(col(DeliveryRow.seq))).where(col(DeliveryRow.peer) == peer)
            )
            self._session.add(DeliveryRow(event=row.id or 0, peer=peer, seq=(last or 0) + 1, next_try=at))
            await self._session.flush()
        row.shared = True
        self._session.add(row)
        await self._session.flush()

    async def claim(self, *, at: datetime, lease: timedelta, limit: int = 20) -> tuple[Delivery, ...]:
        """Claim the deliveries that are due; they come back to others when the lease ends.

        A peer's stream stays in order: nothing is claimed while an earlier delivery waits or is on its way.
        """
        earlier = aliased(DeliveryRow)
        waiting = (col(earlier.next_try) > at) | (col(earlier.lease_until) >= at)
        held_up = exists().where(
            col(earlier.peer) == col(DeliveryRow.peer),
            col(earlier.state) == "pending",
            col(earlier.seq) < col(DeliveryRow.seq),
            waiting,
        )
        streams = await self._free_streams(at)
        query = select(DeliveryRow, EventRow).join(EventRow).where(~held_up, col(DeliveryRow.peer).in_(streams))
        query = query.where(*_due(DeliveryRow, at))
        claimed = []
        for row, event in await self._session.exec(query.order_by(col(DeliveryRow.seq)).limit(limit)):
            row.lease, row.lease_until, row.attempts = secrets.token_hex(8), at + lease, row.attempts + 1
            self._session.add(row)
            claimed.append(
                Delivery(
                    number=row.id or 0,
                    peer=row.peer,
                    seq=row.seq,
                    attempts=row.attempts,
                    lease=row.lease,
                    event=_event(event),
                )
            )
        await self._session.flush()
        return tuple(claimed)

    async def take_back(self) -> int:
        """End every lease, because whoever held one is gone; how many deliveries were on their way.

        While others work on this database nothing is taken back: their leases are good, and ours end by themselves.
        """
        if not await alone(self._session):
            return 0
        rows = await self._session.exec(select(DeliveryRow).where(col(DeliveryRow.lease_until).is_not(None)))
        held = list(rows)
        for row in held:
            row.lease, row.lease_until = "", None
            self._session.add(row)
        await self._session.flush()
        return len(held)

    async def hurry(self, peer: str, *, at: datetime) -> int:
        """Make everything that waits for ``peer`` due at ``at``, attempts as counted; how many deliveries waited."""
        query = select(DeliveryRow).where(col(DeliveryRow.peer) == peer, col(DeliveryRow.state) == "pending")
        waiting = list(await self._session.exec(query.where(col(DeliveryRow.next_try) > at)))
        for row in waiting:
            row.next_try = at
            self._session.add(row)
        await self._session.flush()
        return len(waiting)

    async def waits(self, peer: str, *, at: datetime) -> bool:
        """Is there a delivery to ``peer`` that is not to be tried before some time after ``at``?"""
        query = select(DeliveryRow.id).where(col(DeliveryRow.peer) == peer, col(DeliveryRow.state) == "pending")
        return (await self._session.exec(query.where(col(DeliveryRow.next_try) > at).limit(1))).first() is not None

    async def settle(
        self,
        delivery: Delivery,
        *,
        state: str,
        next_try: datetime,
        receipt: bytes | None = None,
        problem: str = "",
    ) -> bool:
        """Write what came of a claimed delivery; False when the lease has passed to somebody else."""
        row = await self._session.get(DeliveryRow, delivery.number, with_for_update=True, populate_existing=True)
        if row is None or row.lease != delivery.lease:
            return False
        row.state, row.next_try, row.receipt, row.problem = state, next_try, receipt, problem
        row.lease, row.lease_until = "", None
        self._session.add(row)
        await self._session.flush()
        return True

    async def _free_streams(self, at: datetime) -> list[str]:
        """The peers with something due on whose stream no other worker is claiming just now."""
        earlier = aliased(DeliveryRow)
        not_first = exists().where(
            col(earlier.peer) == col(DeliveryRow.peer),
            col(earlier.state) == "pending",
            col(earlier.seq) < col(DeliveryRow.seq),
        )
        first = select(DeliveryRow.peer).where(~not_first, *_due(DeliveryRow, at)).with_for_update(skip_locked=True)
        return list(await self._session.exec(first))

    async def counts(self) -> dict[str, int]:
        """How many deliveries are in each state."""
        query = select(col(DeliveryRow.state), func.count()).group_by(col(DeliveryRow.state))
        return dict((await self._session.exec(query)).all())


def _due(row: type[DeliveryRow], at: datetime) -> tuple[ColumnElement[bool], ...]:
    free = col(row.lease_until).is_(None) | (col(row.lease_until) < at)
    return col(row.state) == "pending", col(row.next_try) <= at, free


def _event(row: EventRow) -> OutboxEvent:
    return OutboxEvent(
        id=row.event_id,
        source=row.source,
        type=row.type,
        subject=row.subject,
        time=row.time,
        data=json.loads(row.data),
        private=row.private,
    )
