"""Questions about status lists: give out an index, set a value, read a whole list, now or as it was.

An index is any free one of an open list, drawn until the unique constraint takes it (docs/requirements.md I6). A list
is open to the life that opened it, so that a restored or copied database gives nothing out again, and until it is half
full, so that few draws are in vain. A list is derived from its rows whenever it is published, so that what was
acknowledged is in every list served afterwards (docs/requirements.md I7). Every change is kept, so that a list can also
be had as of an earlier moment.
Specifications: Bitstring Status List 1.0 sections 2.2 and 3.2; docs/decisions/0010-store.md; docs/conformance/w3c.md
A5.2, A5.7 and A5.8.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import case, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.errors import StatusProblem
from node.errors import Conflict, NotHeld
from node.store.concurrency import OPENING_LISTS, in_turn, insert_new
from node.store.lives import Lives
from node.store.status_tables import StatusChangeRow, StatusEntryRow, StatusListRow
from node.store.tables import CredentialRow

LIST_SIZE: Final = 131_072  # the least a list may have: 16 KiB of bits
_FINAL: Final = frozenset({"revocation"})
_ROOM: Final = 2 * col(StatusListRow.allocated) < col(StatusListRow.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSlot:
    """An index given out: the list by the ``token`` of its URL, ``width`` in bits."""

    token: str
    purpose: str
    index: int
    width: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListHead:
    """What is known of a list without reading it: ``size`` in entries, and a version that only grows."""

    token: str
    instance: str
    purpose: str
    size: int
    width: int
    version: int
    created: datetime
    changed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListState:
    """A whole list at one moment: its head, and the indexes whose value is not 0."""

    head: StatusListHead
    values: dict[int, int]


class Statuses:
    """The status lists, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def reserve(
        self, *, instance: str, purpose: str, at: datetime, size: int = LIST_SIZE, width: int = 1
    ) -> StatusSlot:
        """Take an index of the instance's open list out of circulation, opening a new list when none has room.

        The index is spent even if nothing comes of it; :meth:`keep` gives it to a credential.
        """
        life = (await Lives(self._session).present()).id
        while True:
            row = await self._open_list(instance, purpose, width, life)
            if row is None:
                await in_turn(self._session, OPENING_LISTS)
                row = await self._open_list(instance, purpose, width, life) or await self._new_list(
                    instance, purpose, width=width, size=size, at=at
                )
            counted = await self._session.exec(
                update(StatusListRow)
                .where(col(StatusListRow.id) == row.id, _ROOM)
                .values(allocated=col(StatusListRow.allocated) + 1)
                .execution_options(synchronize_session=False)
            )
            if counted.rowcount:  # else others took the last ones meanwhile
                index = await self._drawn(row)
                return StatusSlot(token=row.token, purpose=purpose, index=index, width=width)

    async def _drawn(self, row: StatusListRow) -> int:
        """Any index of the list that is free, taken. A list is half empty, so two draws are enough on average."""
        while True:
            index = secrets.randbelow(row.size)
            if await insert_new(self._session, StatusEntryRow(list_id=row.id or 0, idx=index)):
                return index

    async def open_list(self, *, instance: str, purpose: str, at: datetime, size: int = LIST_SIZE) -> StatusListHead:
        """Open a new list, from which the instance takes its next indexes for ``purpose``."""
        return _head(await self._new_list(instance, purpose, width=1, size=size, at=at))

    async def keep(self, slot: StatusSlot, *, credential: int) -> None:
        """Give a reserved slot to the credential with this number.

        Raises:
            Conflict: it belongs to another one, or to a life that ended meanwhile.
        """
        life, row = (await Lives(self._session).present()).id, await self._list(slot.token)
        ours = row is not None and row.life == life
        entry = await self._entry(slot) if ours else None
        if entry is None or entry.credential_id is not None:
            raise Conflict("The status index is not free any more.", fix="Ask again: another index is reserved then.")
        entry.credential_id = credential
        self._session.add(entry)
        await self._session.flush()

    async def slot_of(self, url: str, purpose: str) -> StatusSlot:
        """The slot of the credential at ``url``. Raises NotHeld when it has none for this purpose."""
        query = select(StatusListRow.token, StatusEntryRow.idx, StatusListRow.width)
        query = query.join(StatusEntryRow).join(CredentialRow)
        query = query.where(col(CredentialRow.url) == url, col(StatusListRow.purpose) == purpose)
        found = (await self._session.exec(query)).first()
        if found is None:
            raise await self._without_slot(url, purpose)
        return StatusSlot(token=found[0], purpose=purpose, index=found[1], width=found[2])

    async def _without_slot(self, url: str, purpose: str) -> NotHeld:
        query = select(StatusListRow.purpose).join(StatusEntryRow).join(CredentialRow)
        others = sorted(set(await self._session.exec(query.where(col(CredentialRow.url) == url))))
        if not others:
            return NotHeld(
                "No credential of ours with a status has that id.", pointer="/credentialId", fix="Check the id."
            )
        return NotHeld(
            f"That credential was issued with a status for {' and '.join(others)}, not for {purpose}.",
            pointer="/credentialStatus/statusPurpose",
            fix="A status is chosen when a credential is issued (setting statuses): issue it anew.",
        )

    async def set(self, slot: StatusSlot, value: int, *, at: datetime, reason: str = "", actor: str = "") -> bool:
        """Set one value, for this ``reason``, by the account ``actor``; False when it had it already.

        Raises:
            Conflict: a revocation would be taken back.
            StatusProblem: RANGE_ERROR when the list's entries cannot hold ``value``.
        """
        if not 0 <= value < 2**slot.width:
            raise StatusProblem(
                f"The status {value} does not fit an entry of {slot.width} bits.",
                code="RANGE_ERROR",
                pointer="/status",
                fix="Use a status that the credential's statusMessage lists.",
            )
        entry = await self._entry(slot)
        if entry.value == value:
            return False
        if slot.purpose in _FINAL and value == 0:
            raise Conflict("A revocation is final.", pointer="/credentialStatus", fix="Issue a new credential instead.")
        version, changed = await self._next_version(entry.list_id, at)
        entry.value, entry.version = value, version
        self._session.add(entry)
        self._session.add(
            StatusChangeRow(
                list_id=entry.list_id,
                version=version,
                idx=entry.idx,
                value=value,
                time=changed,
                reason=reason,
                actor=actor,
            )
        )
        await self._session.flush()
        return True

    async def head(self, token: str) -> StatusListHead | None:
        """What is known of the list whose URL ends in ``token``."""
        row = await self._list(token)
        return _head(row) if row else None

    async def state(self, token: str) -> StatusListState | None:
        """The whole list whose URL ends in ``token``."""
        row = await self._list(token)
        if row is None:
            return None
        query = select(StatusEntryRow.idx, StatusEntryRow.value)
        query = query.where(col(StatusEntryRow.list_id) == row.id, col(StatusEntryRow.value) != 0)
        values = dict((await self._session.exec(query)).all())
        if row.filled is not None:
            values = await self._filled(row) | values
        return StatusListState(head=_head(row), values=values)

    async def _filled(self, row: StatusListRow) -> dict[int, int]:
        """A 1 for every index that has no credential."""
        query = select(StatusEntryRow.idx).where(col(StatusEntryRow.list_id) == row.id)
        given = set(await self._session.exec(query.where(col(StatusEntryRow.credential_id).is_not(None))))
        return {index: 1 for index in range(row.size) if index not in given}

    async def state_as_of(self, token: str, moment: datetime) -> StatusListState | None:
        """The whole list as it was at ``moment``; None when there was no such list then.

        Its head has the version and the last change of then.
        """
        row = await self._list(token)
        if row is None or row.created > moment:
            return None
        version = await self._session.scalar(
            select(func.max(col(StatusChangeRow.version))).where(
                col(StatusChangeRow.list_id) == row.id, col(StatusChangeRow.time) <= moment
            )
        )
        changes = select(StatusChangeRow.idx, StatusChangeRow.value, StatusChangeRow.time)
        changes = changes.where(
            col(StatusChangeRow.list_id) == row.id, col(StatusChangeRow.version) <= (version or 0)
        ).order_by(col(StatusChangeRow.version))
        values, changed = {}, row.created
        for index, value, changed in await self._session.exec(changes):  # noqa: B007 - the last one counts
            values[index] = value
        head = replace(_head(row), version=version or 0, changed=changed)
        told = {index: value for index, value in values.items() if value}
        if row.filled is not None and row.filled <= moment:
            told = await self._filled(row) | told
            head = replace(head, changed=max(changed, row.filled))
        return StatusListState(head=head, values=told)

    async def _next_version(self, number: int, at: datetime) -> tuple[int, datetime]:
        """The list's next version and its moment, which never lies before the last one, whoever's clock is behind."""
        later = case((col(StatusListRow.changed) > at, col(StatusListRow.changed)), else_=at)
        moved = (
            update(StatusListRow)
            .where(col(StatusListRow.id) == number)
            .values(version=col(StatusListRow.version) + 1, changed=later)
            .returning(col(StatusListRow.version), col(StatusListRow.changed))
            .execution_options(synchronize_session=False)
        )
        version, changed = (await self._session.exec(moved)).one()
        return version, changed

    async def _new_list(self, instance: str, purpose: str, *, width: int, size: int, at: datetime) -> StatusListRow:
        row = StatusListRow(
            token=secrets.token_urlsafe(12),
            instance=instance,
            purpose=purpose,
            size=size,
            width=width,
            life=(await Lives(self._session).present()).id,
            changed=at,
            created=at,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def _open_list(self, instance: str, purpose: str, width: int, life: str) -> StatusListRow | None:
        query = select(StatusListRow).where(
            col(StatusListRow.instance) == instance,
            col(StatusListRow.purpose) == purpose,
            col(StatusListRow.width) == width,
            col(StatusListRow.life) == life,
            _ROOM,
        )
        return (await self._session.exec(query.order_by(col(StatusListRow.id).desc()).limit(1))).first()

    async def _list(self, token: str) -> StatusListRow | None:
        return (await self._session.exec(select(StatusListRow).where(col(StatusListRow.token) == token))).first()

    async def _entry(self, slot: StatusSlot) -> StatusEntryRow:
        """The row of a slot, locked: who asks second sees what the first one set."""
        query = select(StatusEntryRow).join(StatusListRow)
        query = query.where(col(StatusListRow.token) == slot.token, col(StatusEntryRow.idx) == slot.index)
        return (await self._session.exec(query.with_for_update(of=StatusEntryRow))).one()


def _head(row: StatusListRow) -> StatusListHead:
    return StatusListHead(
        token=row.token,
        instance=row.instance,
        purpose=row.purpose,
        size=row.size,
        width=row.width,
        version=row.version,
        created=row.created,
        changed=row.changed,
    )
