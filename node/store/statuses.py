"""Questions about status lists: give out an index, set a value, read a whole list.

An index is a keyed permutation of an atomic counter: it looks random, cannot collide, and the unique constraint
stands behind it (I6). A list is derived from its rows whenever it is published, so that what was acknowledged is in
every list served afterwards (I7). Specifications: Bitstring Status List 1.0; security.md e.7; w3c.md A5 (7).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.errors import Conflict, NotHeld, StoreProblem
from node.store.tables import CredentialRow, StatusEntryRow, StatusListRow

LIST_SIZE: Final = 131_072  # the least a list may have: 16 KiB of bits
_FINAL: Final = frozenset({"revocation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSlot:
    """An index given out: the list by the ``token`` of its URL."""

    token: str
    purpose: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListState:
    """A whole list at one moment: the indexes whose value is not 0, and a version that only grows."""

    token: str
    instance: str
    purpose: str
    size: int
    version: int
    changed: datetime
    values: dict[int, int]


class Statuses:
    """The status lists, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def reserve(self, *, instance: str, purpose: str, at: datetime, size: int = LIST_SIZE) -> StatusSlot:
        """Take an index of the instance's open list out of circulation, opening a new list when none has room.

        The index is spent even if nothing comes of it; its row is written by :meth:`keep`.
        """
        row = await self._open_list(instance, purpose)
        if row is None:
            row = StatusListRow(
                token=secrets.token_urlsafe(12),
                instance=instance,
                purpose=purpose,
                size=size,
                permutation=secrets.token_bytes(16),
                changed=at,
            )
            self._session.add(row)
            await self._session.flush()
        counter = await self._session.scalar(
            update(StatusListRow)
            .where(col(StatusListRow.id) == row.id, col(StatusListRow.allocated) < col(StatusListRow.size))
            .values(allocated=col(StatusListRow.allocated) + 1)
            .returning(col(StatusListRow.allocated))
        )
        if counter is None:
            raise StoreProblem("The status list filled up meanwhile.", code="STATUS_LISTS_FULL", fix="Ask again.")
        index = permute(counter - 1, size=row.size, key=row.permutation)
        return StatusSlot(token=row.token, purpose=purpose, index=index)

    async def keep(self, slot: StatusSlot, *, credential: int) -> None:
        """Write the row of a reserved slot for the credential with this number. Raises Conflict when it is taken."""
        query = select(StatusListRow.id).where(col(StatusListRow.token) == slot.token)
        number = (await self._session.exec(query)).one()
        self._session.add(StatusEntryRow(list_id=number or 0, idx=slot.index, credential_id=credential))
        await self._session.flush()

    async def slot_of(self, url: str, purpose: str) -> StatusSlot:
        """The slot of the credential at ``url``. Raises NotHeld when it has none for this purpose."""
        query = select(StatusListRow.token, StatusEntryRow.idx).join(StatusEntryRow).join(CredentialRow)
        query = query.where(col(CredentialRow.url) == url, col(StatusListRow.purpose) == purpose)
        found = (await self._session.exec(query)).first()
        if found is None:
            raise NotHeld(
                f"No credential of ours has that id and a {purpose} status.",
                pointer="/credentialId",
                fix="Check the id.",
            )
        return StatusSlot(token=found[0], purpose=purpose, index=found[1])

    async def set(self, slot: StatusSlot, value: int, *, at: datetime) -> bool:
        """Set one value; False when it had it already. Raises Conflict when a revocation would be taken back."""
        entry = await self._entry(slot)
        if entry.value == value:
            return False
        if slot.purpose in _FINAL and value == 0:
            raise Conflict("A revocation is final.", pointer="/credentialStatus", fix="Issue a new credential instead.")
        version = await self._session.scalar(
            update(StatusListRow)
            .where(col(StatusListRow.id) == entry.list_id)
            .values(version=col(StatusListRow.version) + 1, changed=at)
            .returning(col(StatusListRow.version))
        )
        entry.value, entry.version = value, version or 0
        self._session.add(entry)
        await self._session.flush()
        return True

    async def state(self, token: str) -> StatusListState | None:
        """The whole list whose URL ends in ``token``."""
        row = (await self._session.exec(select(StatusListRow).where(col(StatusListRow.token) == token))).first()
        if row is None:
            return None
        query = select(StatusEntryRow.idx, StatusEntryRow.value)
        query = query.where(col(StatusEntryRow.list_id) == row.id, col(StatusEntryRow.value) != 0)
        return StatusListState(
            token=row.token,
            instance=row.instance,
            purpose=row.purpose,
            size=row.size,
            version=row.version,
            changed=row.changed,
            values=dict((await self._session.exec(query)).all()),
        )

    async def _open_list(self, instance: str, purpose: str) -> StatusListRow | None:
        query = select(StatusListRow).where(
            col(StatusListRow.instance) == instance,
            col(StatusListRow.purpose) == purpose,
            col(StatusListRow.allocated) < col(StatusListRow.size),
        )
        return (await self._session.exec(query.order_by(col(StatusListRow.id).desc()).limit(1))).first()

    async def _entry(self, slot: StatusSlot) -> StatusEntryRow:
        query = select(StatusEntryRow).join(StatusListRow)
        query = query.where(col(StatusListRow.token) == slot.token, col(StatusEntryRow.idx) == slot.index)
        return (await self._session.exec(query)).one()


def permute(number: int, *, size: int, key: bytes) -> int:
    """A keyed permutation of 0 … size-1: a four-round Feistel network, walked until it lands inside ``size``."""
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = number >> half, number & mask
        for step in range(4):
            digest = hashlib.blake2b(bytes([step]) + right.to_bytes(8, "big"), key=key, digest_size=8).digest()
            left, right = right, left ^ (int.from_bytes(digest, "big") & mask)
        number = left << half | right
        if number < size:
            return number
