"""The database file as an engine: pragmas, our own transactions, and foreign errors in our words.

The driver never begins a transaction by itself. The writing engine has one connection and begins with BEGIN
IMMEDIATE, so that a read inside a write is never overtaken; reading connections refuse to write at all.
Specifications: security.md e.7, items 142 to 147; SQLite documentation on WAL and PRAGMA.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, exc
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from node.errors import Conflict, StoreProblem

#: Releases before these can corrupt a WAL database in a checkpoint race.
_SOUND_SQLITE: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "trusted_schema=OFF")


def writing_engine(path: Path) -> AsyncEngine:
    """The one connection that changes the database at ``path``; it is created when it is not there."""
    return _engine(path, pool_size=1, begin="BEGIN IMMEDIATE", pragmas=_PRAGMAS)


def reading_engine(path: Path, *, connections: int = 4) -> AsyncEngine:
    """Connections that see a consistent snapshot and cannot write."""
    return _engine(path, pool_size=connections, begin="BEGIN", pragmas=(*_PRAGMAS[1:], "query_only=ON"))


def is_sound(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Is this SQLite release free of the WAL reset fault (security.md item 146)?"""
    newest, *backports = _SOUND_SQLITE
    return version >= newest or any(version[:2] == fixed[:2] and version >= fixed for fixed in backports)


@contextmanager
def our_words() -> Iterator[None]:
    """Turn what the driver raises into StoreProblem or Conflict; nothing foreign crosses this door."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict(
            "This contradicts what is already kept.", fix="Read the present state, then ask again."
        ) from error
    except exc.DBAPIError as error:
        raise _problem(str(error.orig)) from error
    except exc.TimeoutError as error:
        raise _problem("busy") from error


def _problem(text: str) -> StoreProblem:
    if "full" in text or "disk I/O" in text:
        return StoreProblem("The disk is full or failing.", code="STORE_FULL", fix="Make room; nothing was lost.")
    if any(words in text for words in ("malformed", "not a database", "decode")):
        return StoreProblem(
            "The database file is damaged.", code="STORE_DAMAGED", fix="Restore the last backup and run check."
        )
    logging.getLogger(__name__).error("the database did not answer: %s", text)
    return StoreProblem("The database cannot answer now.", fix="Ask again; the request had no effect.")


def _engine(path: Path, *, pool_size: int, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=pool_size, max_overflow=0)

    def connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver must not begin by itself
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)
    return engine
