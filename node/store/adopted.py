"""Questions about what came back from peers: credentials of ours with their indexes, revocations, and what is missing.

The rule: only what was verified with our own key comes here. A revocation is added and never taken back; an index is
given to the credential that was issued with it, in its own list, which stays closed. Of a list that was filled nothing
becomes good again. See docs/federation.md#gathering-back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.concurrency import insert_new
from node.store.evidence_tables import GatheredRow
from node.store.lives import Lives
from node.store.outbox import OutboxEvent
from node.store.status_tables import StatusChangeRow, StatusEntryRow, StatusListRow
from node.store.statuses import LIST_SIZE, Statuses, StatusSlot
from node.store.tables import EventRow, MetaRow

#: Who changed a status that came back.
ACTOR: Final = "gathering"
_REVOCATION: Final = "revocation"
_WISH: Final = "revoke-orphans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What came back from one peer in the present life; see :class:`node.store.evidence_tables.GatheredRow`."""

    peer: str
    adopted: int = 0
    revoked: int = 0
    missing: int = 0
    refused: int = 0
    complete: bool = False


class Adopted:
    """What came back, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._statuses = Statuses(session)

    async def give(self, slot: StatusSlot, *, instance: str, credential: int, at: datetime) -> bool:
        """Give the index to the credential that was issued with it; False when another one has it."""
        row = await self._list(slot, instance=instance, at=at)
        entry = await self._entry(row, slot.index)
        if entry.credential_id is not None:
            return entry.credential_id == credential
        entry.credential_id = credential
        self._session.add(entry)
        await self._session.flush()
        if row.filled is not None and not entry.value:
            await self._statuses.set(slot, 1, at=at, actor=ACTOR)
        return True

    async def revoke(self, token: str, indexes: Iterable[int], *, instance: str, size: int, at: datetime) -> int:
        """Revoke these indexes of the list, whether their credentials are known or not; how many were not revoked."""
        slots = [StatusSlot(token=token, purpose=_REVOCATION, index=index) for index in sorted(indexes)]
        changed = 0
        for slot in slots:
            row = await self._list(slot, instance=instance, at=at, size=size)
            await self._entry(row, slot.index)
            changed += await self._statuses.set(slot, 1, at=at, actor=ACTOR)
        return changed

    async def suspend(self, token: str, values: Mapping[int, int], *, made: datetime, at: datetime) -> int:
        """Take the suspensions of a list that was ``made`` after everything that is known of it; how many changed."""
        head = await self._row(token)
        if head is None or made <= await self._last_word(head):
            return 0
        entries = list(
            await self._session.exec(
                select(StatusEntryRow).where(
                    col(StatusEntryRow.list_id) == head.id, col(StatusEntryRow.credential_id).is_not(None)
                )
            )
        )
        changed = 0
        for entry in entries:
            slot = StatusSlot(token=token, purpose=head.purpose, index=entry.idx, width=head.width)
            changed += await self._statuses.set(
                slot, values.get(entry.idx, 0), at=at, actor=f"{ACTOR} {made.isoformat()}"
            )
        return changed

    async def remember(self, event: OutboxEvent) -> bool:
        """Keep an event that was told in a life that is lost, told already; False when it is here."""
        row = EventRow(
            event_id=event.id,
            source=event.source,
            type=event.type,
            subject=event.subject,
            time=event.time,
            data=json.dumps(event.data, ensure_ascii=False),
            private=event.private,
            shared=True,
            told_up_to="",
        )
        return await insert_new(self._session, row)

    async def note(self, gathered: Gathered, *, at: datetime) -> None:
        """Keep what came back from a peer in the present life."""
        life = (await Lives(self._session).present()).id
        row = await self._session.get(GatheredRow, (life, gathered.peer))
        row = row or GatheredRow(life=life, peer=gathered.peer, at=at)
        row.adopted, row.revoked = row.adopted + gathered.adopted, row.revoked + gathered.revoked
        row.missing, row.refused, row.complete, row.at = gathered.missing, gathered.refused, gathered.complete, at
        self._session.add(row)
        await self._session.flush()

    async def all(self) -> tuple[Gathered, ...]:
        """What came back in the present life, by peer."""
        life = (await Lives(self._session).present()).id
        query = select(GatheredRow).where(col(GatheredRow.life) == life).order_by(col(GatheredRow.peer))
        return tuple(
            Gathered(
                peer=row.peer,
                adopted=row.adopted,
                revoked=row.revoked,
                missing=row.missing,
                refused=row.refused,
                complete=row.complete,
            )
            for row in await self._session.exec(query)
        )

    async def orphans(self) -> int:
        """How many indexes of lists that no life gives out any more are taken, and by no credential that is known."""
        life = (await Lives(self._session).present()).id
        query = select(func.count()).select_from(StatusEntryRow).join(StatusListRow)
        query = query.where(col(StatusListRow.life) != life, col(StatusEntryRow.credential_id).is_(None))
        return int(await self._session.scalar(query) or 0)

    async def wish(self) -> None:
        """Once all peers showed what they hold, everything else in lists of earlier lives is to be revoked."""
        await self._session.merge(MetaRow(name=_WISH, value=(await Lives(self._session).present()).id))
        await self._session.flush()

    async def wished(self) -> bool:
        """Is it to be?"""
        row = await self._session.get(MetaRow, _WISH)
        return row is not None

    async def fill(self, *, at: datetime) -> int:
        """Revoke what nobody showed: all indexes without a credential in lists of earlier lives; how many lists."""
        life = (await Lives(self._session).present()).id
        query = select(StatusListRow).where(col(StatusListRow.life) != life, col(StatusListRow.purpose) == _REVOCATION)
        rows = list(
            await self._session.exec(query.where(col(StatusListRow.filled).is_(None), StatusListRow.width == 1))
        )
        for row in rows:
            row.filled, row.changed, row.version = at, max(row.changed, at), row.version + 1
            self._session.add(row)
        wish = await self._session.get(MetaRow, _WISH)
        if wish is not None:
            await self._session.delete(wish)
        await self._session.flush()
        return len(rows)

    async def _last_word(self, row: StatusListRow) -> datetime:
        """The moment of the last change that was made here, or of the list that the last one came from."""
        query = select(StatusChangeRow.time, StatusChangeRow.actor).where(col(StatusChangeRow.list_id) == row.id)
        moments = [row.created]
        for time, actor in await self._session.exec(query):
            name, _, made = actor.partition(" ")
            moments.append(datetime.fromisoformat(made) if name == ACTOR and made else time)
        return max(moments)

    async def _row(self, token: str) -> StatusListRow | None:
        return (await self._session.exec(select(StatusListRow).where(col(StatusListRow.token) == token))).first()

    async def _list(self, slot: StatusSlot, *, instance: str, at: datetime, size: int = LIST_SIZE) -> StatusListRow:
        row = await self._row(slot.token)
        if row is None:
            row = StatusListRow(
                token=slot.token,
                instance=instance,
                purpose=slot.purpose,
                size=max(size, slot.index + 1),
                width=slot.width,
                life="",  # a lost one: nothing is given out of it
                changed=at,
                created=at,
            )
            self._session.add(row)
            await self._session.flush()
        return row

    async def _entry(self, row: StatusListRow, index: int) -> StatusEntryRow:
        await insert_new(self._session, StatusEntryRow(list_id=row.id or 0, idx=index))
        query = select(StatusEntryRow).where(col(StatusEntryRow.list_id) == row.id, col(StatusEntryRow.idx) == index)
        return (await self._session.exec(query)).one()
