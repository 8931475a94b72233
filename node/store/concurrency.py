"""What many writers on one database need beyond a transaction: a queue, a head count, an insert that may lose.

SQLite lets one writer in at a time, so nothing is to be done there; on PostgreSQL these are advisory locks within the
schema (one node, one schema) and ``ON CONFLICT DO NOTHING``. See docs/decisions/0014-commit-together.md.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

#: The first half of every lock's name, so that two nodes in two schemas of one database do not meet.
SCHEMA_KEY: Final = "hashtext(current_schema())"
#: The second half.
PRESENCE: Final = 1  # shared, held by every worker for as long as it works
MIGRATING: Final = 2
AUDIT_CHAIN: Final = 3
OPENING_LISTS: Final = 4
SHARING: Final = 5
SUCCEEDING: Final = 6
#: Before SHARING, for whoever needs both.
LIVES: Final = 7
_PRESENT: Final = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND classid::bigint = (hashtext(current_schema())::bigint & 4294967295) AND objid = :presence"
).bindparams(presence=PRESENCE)


async def in_turn(session: AsyncSession, queue: int) -> None:
    """Wait until no other transaction is in ``queue``; ours is in it until it ends."""
    if await _is_shared(session):
        await session.exec(text(f"SELECT pg_advisory_xact_lock({SCHEMA_KEY}, {queue})"))  # type: ignore[call-overload]


async def alone(session: AsyncSession) -> bool:
    """Is no other process at this database? With one file the lock of the folder says so already."""
    if not await _is_shared(session):
        return True
    return bool((await session.scalar(_PRESENT) or 0) <= 1)


async def insert_new(session: AsyncSession, row: SQLModel) -> bool:
    """Insert ``row`` unless a unique index says that it is there; whoever comes second is told, not stopped."""
    insert = postgresql.insert if await _is_shared(session) else sqlite.insert
    names = {column.name for column in row.__table__.columns}  # type: ignore[attr-defined]
    values = {name: getattr(row, name) for name in names if name != "id"}
    statement = insert(type(row)).values(**values).on_conflict_do_nothing()
    return bool((await session.exec(statement)).rowcount)


async def _is_shared(session: AsyncSession) -> bool:
    return (await session.connection()).dialect.name != "sqlite"
