"""Questions about who may ask: bearer tokens by their SHA-256, and nonces that were spent.

A token itself is never kept. Nonces live in the database so that a restart does not open a replay window.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.errors import NotHeld
from node.store.concurrency import insert_new
from node.store.tables import NonceRow, TokenRow

TOKEN_PREFIX: Final = "tn_"  # noqa: S105 - what secret scanners look for


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a bearer token allows: ``actor`` names it in the audit log."""

    actor: str
    role: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptToken:
    """What is known of a token that was made: all but the token itself."""

    number: int
    label: str
    role: str
    created: datetime
    expires: datetime
    revoked: bool


class Tokens:
    """Tokens and nonces, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_token(self, *, label: str, role: str, at: datetime, expires: datetime) -> str:
        """Make a token of 256 random bits for ``role``; this is the only time that it is seen."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        row = TokenRow(digest=_digest(token), label=label, role=role, created=at, expires=expires)
        self._session.add(row)
        await self._session.flush()
        return token

    async def grant_of(self, token: str, *, at: datetime) -> Grant | None:
        """What ``token`` allows at ``at``; None when it is unknown, revoked or expired."""
        digest = _digest(token)
        row = (await self._session.exec(select(TokenRow).where(col(TokenRow.digest) == digest))).first()
        if row is None or not hmac.compare_digest(row.digest, digest) or row.revoked or row.expires <= at:
            return None
        return Grant(actor=f"token:{row.id}:{row.label}", role=row.role, expires=row.expires)

    async def all(self) -> tuple[KeptToken, ...]:
        """Every token that was made, the newest first."""
        rows = await self._session.exec(select(TokenRow).order_by(col(TokenRow.id).desc()))
        return tuple(_kept(row) for row in rows)

    async def revoke(self, number: int) -> KeptToken:
        """Revoke the token with this number, once and for all. Raises NotHeld where there is none."""
        row = (await self._session.exec(select(TokenRow).where(col(TokenRow.id) == number))).first()
        if row is None:
            raise NotHeld("There is no token with that number.", pointer="/number", fix="List the tokens.")
        row.revoked = True
        self._session.add(row)
        await self._session.flush()
        return _kept(row)

    async def revoke_tokens(self, label: str) -> None:
        """Revoke every token called ``label``."""
        await self._session.exec(update(TokenRow).where(col(TokenRow.label) == label).values(revoked=True))

    async def spend_nonce(self, keyid: str, nonce: str, *, expires: datetime, at: datetime) -> bool:
        """Spend a nonce of a key; False when it was spent before."""
        await self._session.exec(delete(NonceRow).where(col(NonceRow.expires) < at))
        return await insert_new(self._session, NonceRow(keyid=keyid, nonce=nonce, expires=expires))


def _kept(row: TokenRow) -> KeptToken:
    return KeptToken(
        number=row.id or 0,
        label=row.label,
        role=row.role,
        created=row.created,
        expires=row.expires,
        revoked=row.revoked,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
