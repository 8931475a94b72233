"""Questions about the credentials this node issued: the row, its bodies, its idempotency key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ScalarResult, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import sha256_hex
from node.store.tables import BodyRow, CredentialRow, IdempotencyRow, MetaRow

_FORGIVEN: Final = "clock-forgiven"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCredential:
    """What is known of one issued credential without opening its bytes; digests are hexadecimal SHA-256."""

    instance: str
    url: str
    token: str
    digest: str
    credential_digest: str
    kind: str
    name: str
    issuer: str
    subject: str
    valid_from: datetime
    valid_until: datetime | None
    private: bool
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What an earlier request under the same idempotency key asked (its digest) and led to."""

    request_digest: str
    credential: IssuedCredential


class Issued:
    """The issued credentials, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, credential: IssuedCredential, bodies: Mapping[str, bytes]) -> int:
        """Add one credential with its secured forms (form → bytes); the row's number.

        Raises:
            Conflict: the URL or a digest is already kept.
        """
        row = CredentialRow(
            instance=credential.instance,
            url=credential.url,
            token=credential.token,
            digest=bytes.fromhex(credential.digest),
            credential_digest=bytes.fromhex(credential.credential_digest),
            kind=credential.kind,
            name=credential.name,
            issuer=credential.issuer,
            subject=credential.subject,
            valid_from=credential.valid_from,
            valid_until=credential.valid_until,
            private=credential.private,
            created=credential.created,
        )
        self._session.add(row)
        await self._session.flush()
        number = row.id or 0
        for form, raw in bodies.items():
            digest = bytes.fromhex(sha256_hex(raw))
            self._session.add(BodyRow(credential_id=number, form=form, raw=raw, digest=digest))
        await self._session.flush()
        return number

    async def by_token(self, token: str) -> IssuedCredential | None:
        """The credential whose URL ends in ``token``."""
        return _one(await self._session.exec(select(CredentialRow).where(col(CredentialRow.token) == token)))

    async def by_url(self, url: str) -> IssuedCredential | None:
        """The credential whose id is ``url``."""
        return _one(await self._session.exec(select(CredentialRow).where(col(CredentialRow.url) == url)))

    async def latest(self, *, limit: int = 50) -> tuple[IssuedCredential, ...]:
        """The newest credentials, at most ``limit``."""
        query = select(CredentialRow).order_by(col(CredentialRow.created).desc(), col(CredentialRow.id).desc())
        return tuple(credential_of(row) for row in await self._session.exec(query.limit(limit)))

    async def last_made(self) -> datetime | None:
        """When the last credential was made, by the clock of then; those before a forgiven clock do not count."""
        forgiven = await self._session.get(MetaRow, _FORGIVEN)
        behind = int(forgiven.value) if forgiven else 0
        newest: datetime | None = await self._session.scalar(
            select(func.max(col(CredentialRow.created))).where(col(CredentialRow.id) > behind)
        )
        return newest

    async def forgive_clock(self) -> None:
        """The moments of what was made so far bind nobody any more: the clock was ahead when it was."""
        last = await self._session.scalar(select(func.max(col(CredentialRow.id)))) or 0
        await self._session.merge(MetaRow(name=_FORGIVEN, value=str(last)))
        await self._session.flush()

    async def made_between(self, start: datetime, end: datetime) -> tuple[IssuedCredential, ...]:
        """The credentials made from ``start`` on and before ``end``, oldest first."""
        query = select(CredentialRow).where(col(CredentialRow.created) >= start, col(CredentialRow.created) < end)
        query = query.order_by(col(CredentialRow.created), col(CredentialRow.id))
        return tuple(credential_of(row) for row in await self._session.exec(query))

    async def body(self, token: str, form: str) -> bytes | None:
        """The bytes of one form of the credential, or None when it was not issued in that form."""
        query = (
            select(BodyRow.raw).join(CredentialRow).where(col(CredentialRow.token) == token, col(BodyRow.form) == form)
        )
        return (await self._session.exec(query)).first()

    async def remembered(self, instance: str, key: str) -> Remembered | None:
        """What the idempotency key ``key`` led to earlier."""
        query = select(IdempotencyRow, CredentialRow).join(CredentialRow)
        query = query.where(col(IdempotencyRow.instance) == instance, col(IdempotencyRow.key) == key)
        found = (await self._session.exec(query)).first()
        return (
            Remembered(request_digest=found[0].request_digest.hex(), credential=credential_of(found[1]))
            if found
            else None
        )

    async def remember(self, number: int, *, instance: str, key: str, request_digest: str, at: datetime) -> None:
        """Bind an idempotency key to credential ``number``. Raises Conflict when the key is taken."""
        digest = bytes.fromhex(request_digest)
        row = IdempotencyRow(instance=instance, key=key, request_digest=digest, credential_id=number, created=at)
        self._session.add(row)
        await self._session.flush()


def _one(rows: ScalarResult[CredentialRow]) -> IssuedCredential | None:
    row = rows.first()
    return credential_of(row) if row is not None else None


def credential_of(row: CredentialRow) -> IssuedCredential:
    """The row as what leaves the store."""
    return IssuedCredential(
        instance=row.instance,
        url=row.url,
        token=row.token,
        digest=row.digest.hex(),
        credential_digest=row.credential_digest.hex(),
        kind=row.kind,
        name=row.name,
        issuer=row.issuer,
        subject=row.subject,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        private=row.private,
        created=row.created,
    )
