"""What an operator asks of the issued credentials: which there are in which state, and why one is not good any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.issued import IssuedCredential, credential_of
from node.store.status_tables import StatusChangeRow, StatusEntryRow, StatusListRow
from node.store.tables import CredentialRow, IdempotencyRow

#: The states a credential is shown in, the one that counts first.
STATES: Final = ("revoked", "suspended", "expired", "good")


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFilter:
    """Which credentials are asked for; what is empty asks for nothing.

    ``text`` is looked for in name, subject and address, whatever its case; ``key_prefix`` begins the idempotency key
    that it was issued under. ``since`` and ``until`` bound when it was issued, ``until`` excluded. ``after`` is where
    the page before ended: issued when, at which address.
    """

    instance: str
    kind: str = ""
    subject: str = ""
    state: str = ""
    text: str = ""
    key_prefix: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One change of a credential's status: of which purpose, to which value, when, why, and by which account."""

    purpose: str
    value: int
    time: datetime
    reason: str
    actor: str


class ShownCredentials:
    """Issued credentials for the operator, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def some(
        self, wanted: CredentialFilter, *, limit: int, at: datetime
    ) -> tuple[tuple[IssuedCredential, str], ...]:
        """The newest credentials that are asked for, each with its state at ``at``."""
        state = _state(at)
        query: Any = select(CredentialRow, state).where(*_conditions(wanted, state))
        query = query.order_by(col(CredentialRow.created).desc(), col(CredentialRow.url).desc()).limit(limit)
        return tuple((credential_of(row), said) for row, said in await self._session.exec(query))

    async def keys_of(self, urls: Collection[str]) -> dict[str, tuple[str, str]]:
        """Of each address the idempotency key it was issued under, and the digest (hex) of what was asked."""
        query: Any = select(CredentialRow.url, IdempotencyRow.key, IdempotencyRow.request_digest)
        query = query.join(IdempotencyRow).where(col(CredentialRow.url).in_(urls))
        return {url: (key, digest.hex()) for url, key, digest in await self._session.exec(query)}

    async def state_of(self, url: str, *, at: datetime) -> str | None:
        """The state of the credential at ``url``; None where we issued none."""
        query: Any = select(_state(at)).where(col(CredentialRow.url) == url)
        found: str | None = (await self._session.exec(query)).first()
        return found

    async def history(self, url: str) -> tuple[StatusChange, ...]:
        """Every change of the status of the credential at ``url``, the first one first."""
        query: Any = select(StatusListRow.purpose, StatusChangeRow).join(
            StatusChangeRow, col(StatusChangeRow.list_id) == col(StatusListRow.id)
        )
        same = (col(StatusEntryRow.list_id) == col(StatusChangeRow.list_id)) & (
            col(StatusEntryRow.idx) == col(StatusChangeRow.idx)
        )
        query = query.join(StatusEntryRow, same).join(CredentialRow).where(col(CredentialRow.url) == url)
        query = query.order_by(col(StatusChangeRow.time), col(StatusChangeRow.id))
        return tuple(
            StatusChange(purpose=purpose, value=row.value, time=row.time, reason=row.reason, actor=row.actor)
            for purpose, row in await self._session.exec(query)
        )


def _conditions(wanted: CredentialFilter, state: ColumnElement[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(CredentialRow.instance) == wanted.instance]
    if wanted.kind:
        conditions.append(col(CredentialRow.kind) == wanted.kind)
    if wanted.subject:
        conditions.append(col(CredentialRow.subject) == wanted.subject)
    if wanted.state:
        conditions.append(state == wanted.state)
    if wanted.text:
        looked_in = (CredentialRow.name, CredentialRow.subject, CredentialRow.url)
        text = wanted.text.lower()
        conditions.append(or_(*(func.lower(col(one)).contains(text, autoescape=True) for one in looked_in)))
    if wanted.key_prefix:
        # LIKE takes capitals for small letters in SQLite: a key is one of the prefix only to the letter
        under = func.substr(col(IdempotencyRow.key), 1, len(wanted.key_prefix)) == wanted.key_prefix
        conditions.append(col(CredentialRow.id).in_(select(IdempotencyRow.credential_id).where(under)))
    if wanted.since is not None:
        conditions.append(col(CredentialRow.created) >= wanted.since)
    if wanted.until is not None:
        conditions.append(col(CredentialRow.created) < wanted.until)
    if wanted.after is not None:
        place: Any = tuple_(col(CredentialRow.created), col(CredentialRow.url))
        conditions.append(place < tuple_(*wanted.after))
    return conditions


def _state(at: datetime) -> ColumnElement[str]:
    ended = and_(col(CredentialRow.valid_until).is_not(None), col(CredentialRow.valid_until) <= at)
    return case(
        (_is_set("revocation"), STATES[0]), (_is_set("suspension"), STATES[1]), (ended, STATES[2]), else_=STATES[3]
    )


def _is_set(purpose: str) -> ColumnElement[bool]:
    entry = select(StatusEntryRow.id).join(StatusListRow)
    return exists(
        entry.where(
            col(StatusEntryRow.credential_id) == col(CredentialRow.id),
            col(StatusListRow.purpose) == purpose,
            col(StatusEntryRow.value) != 0,
        ).correlate(CredentialRow)
    )
