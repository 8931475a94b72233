"""Questions about the audit log: one more line, and is the chain whole?

A line is written in the transaction of the effect it tells of. Each line's hash is SHA-256 over the JCS form of its
content and the hash before it, so that a changed or missing line shows; triggers refuse UPDATE and DELETE. Lines name
things by id and digest and never hold a body, a token or a key (docs/threat-model.md#at-rest; docs/requirements.md
I12).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.jcs import canonical_json
from node.store.concurrency import AUDIT_CHAIN, in_turn
from node.store.tables import AuditRow

_GENESIS: Final = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to which object, with which outcome (a code), on which request."""

    actor: str
    action: str
    object: str
    digest: str = ""
    outcome: str = "OK"
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line with its number in the chain, and when it was written."""

    seq: int
    time: datetime
    line: AuditLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which lines are asked for; what is empty asks for nothing. ``action`` is one, or begins several up to a dot.

    ``since`` and ``until`` bound when they were written, ``until`` excluded; ``before`` is a number, 0 for none.
    """

    actor: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


class Audit:
    """The audit log, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, line: AuditLine, *, at: datetime) -> None:
        """Add ``line`` to the chain."""
        await in_turn(self._session, AUDIT_CHAIN)
        query = select(AuditRow.seq, AuditRow.hash).order_by(col(AuditRow.seq).desc()).limit(1)
        seq, previous = (await self._session.exec(query)).first() or (0, _GENESIS)
        row = AuditRow(seq=seq + 1, time=at, previous=previous, hash=b"", **asdict(line))
        row.hash = _hash(row)
        self._session.add(row)
        await self._session.flush()

    async def latest(self, *, limit: int = 50) -> tuple[AuditLine, ...]:
        """The newest lines, newest first."""
        rows = await self._session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(limit))
        return tuple(_value(row) for row in rows)

    async def some(self, wanted: AuditFilter, *, limit: int) -> tuple[KeptLine, ...]:
        """The newest lines that are asked for, newest first."""
        query = select(AuditRow).where(*_conditions(wanted)).order_by(col(AuditRow.seq).desc()).limit(limit)
        rows = await self._session.exec(query)
        return tuple(KeptLine(seq=row.seq, time=row.time, line=_value(row)) for row in rows)

    async def first_break(self) -> int | None:
        """The number of the first line that does not follow from the one before it; None when the chain is whole."""
        expected, previous = 1, _GENESIS
        for row in await self._session.exec(select(AuditRow).order_by(col(AuditRow.seq))):
            if row.seq != expected or row.previous != previous or row.hash != _hash(row):
                return expected
            expected, previous = row.seq + 1, row.hash
        return None

    async def head(self) -> tuple[int, str]:
        """Number and hash (hexadecimal) of the last line; (0, zeros) when there is none."""
        query = select(AuditRow.seq, AuditRow.hash).order_by(col(AuditRow.seq).desc()).limit(1)
        seq, digest = (await self._session.exec(query)).first() or (0, _GENESIS)
        return seq, digest.hex()


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor:
        found.append(col(AuditRow.actor) == wanted.actor)
    if wanted.action:
        begins = func.substr(col(AuditRow.action), 1, len(wanted.action) + 1) == f"{wanted.action}."
        found.append(or_(col(AuditRow.action) == wanted.action, begins))
    if wanted.object:
        found.append(col(AuditRow.object) == wanted.object)
    if wanted.since is not None:
        found.append(col(AuditRow.time) >= wanted.since)
    if wanted.until is not None:
        found.append(col(AuditRow.time) < wanted.until)
    if wanted.before:
        found.append(col(AuditRow.seq) < wanted.before)
    return found


def _value(row: AuditRow) -> AuditLine:
    return AuditLine(
        actor=row.actor,
        action=row.action,
        object=row.object,
        digest=row.digest,
        outcome=row.outcome,
        request=row.request,
    )


def _hash(row: AuditRow) -> bytes:
    time = row.time.astimezone(UTC).isoformat()  # as the store gives it back, whatever zone it came in
    content = {**asdict(_value(row)), "seq": row.seq, "time": time, "previous": row.previous.hex()}
    return hashlib.sha256(canonical_json(content)).digest()
