"""Questions about credentials from elsewhere: exact bytes with the verdict on them.

Only what passed may be kept as accepted: :meth:`Received.accept` takes a ``VerifiedCredential``. A refusal is kept as
a verdict, without its bytes being offered to anyone as a credential (docs/requirements.md D4).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import Json
from credentials.verdict import Outcome, Verdict, VerifiedCredential
from node.store.concurrency import insert_new
from node.store.tables import ReceivedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCredential:
    """A credential from elsewhere with its stored verdict; ``raw`` is exactly what came from ``source``."""

    raw: bytes
    media_type: str
    digest: str
    url: str
    issuer: str
    source: str
    outcome: Outcome
    verdict: Json
    received: datetime


class Received:
    """Received credentials, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def accept(self, credential: VerifiedCredential, raw: bytes, *, media_type: str, source: str) -> bool:
        """Keep a verified credential; False when these bytes are here already."""
        return await self._keep(credential.verdict, raw, media_type=media_type, source=source)

    async def refuse(self, verdict: Verdict, raw: bytes, *, media_type: str, source: str) -> bool:
        """Keep the verdict on bytes that were not accepted; False when it is here already."""
        return await self._keep(verdict, raw, media_type=media_type, source=source)

    async def by_url(self, url: str) -> tuple[ReceivedCredential, ...]:
        """What is kept of the credential with id ``url``, newest first."""
        query = select(ReceivedRow).where(col(ReceivedRow.url) == url).order_by(col(ReceivedRow.id).desc())
        return tuple(_value(row) for row in await self._session.exec(query))

    async def of_issuer(self, issuer: str, *, after: int, limit: int) -> tuple[tuple[int, ReceivedCredential], ...]:
        """What was accepted of ``issuer``, each with its number, behind the number ``after``."""
        query = select(ReceivedRow).where(col(ReceivedRow.issuer) == issuer, col(ReceivedRow.outcome) == Outcome.PASSED)
        rows = await self._session.exec(
            query.where(col(ReceivedRow.id) > after).order_by(col(ReceivedRow.id)).limit(limit)
        )
        return tuple((row.id or 0, _value(row)) for row in rows)

    async def _keep(self, verdict: Verdict, raw: bytes, *, media_type: str, source: str) -> bool:
        digest = verdict.credential_digest
        return await insert_new(
            self._session,
            ReceivedRow(
                digest=bytes.fromhex(verdict.object_digest),
                credential_digest=bytes.fromhex(digest) if digest else None,
                url=verdict.id or "",
                media_type=media_type,
                raw=raw,
                issuer=verdict.issuer or "",
                source=source,
                outcome=verdict.outcome,
                verdict=json.dumps(_summary(verdict)),
                received=verdict.at,
                judged=verdict.at,
            ),
        )


def _summary(verdict: Verdict) -> Json:
    return {
        "form": verdict.form,
        "verificationMethod": verdict.verification_method,
        "checks": [
            {
                "name": check.name,
                "outcome": check.outcome,
                "code": check.problem.code if check.problem else "",
                "pointer": check.problem.pointer if check.problem else "",
                "detail": check.problem.detail if check.problem else "",
            }
            for check in (*verdict.checks, verdict.validity, verdict.schema)
        ],
        "status": [{"purpose": item.purpose, "value": item.value} for item in verdict.status],
    }


def _value(row: ReceivedRow) -> ReceivedCredential:
    return ReceivedCredential(
        raw=row.raw,
        media_type=row.media_type,
        digest=row.digest.hex(),
        url=row.url,
        issuer=row.issuer,
        source=row.source,
        outcome=Outcome(row.outcome),
        verdict=json.loads(row.verdict),
        received=row.received,
    )
