"""One file as the database: pragmas, our own transactions, one node at a time.

The driver never begins a transaction by itself. The writing engine has one connection and begins with BEGIN
IMMEDIATE, so that a read inside a write is never overtaken; reading connections refuse to write at all. The lock of the
data folder keeps a second node out.
Specifications: docs/decisions/0010-store.md; docs/requirements.md S142 to S147; SQLite documentation on WAL and PRAGMA.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from node.disk import LOCK, FolderLock, check_private
from node.errors import FolderProblem
from node.store.fingerprints import fingerprint_of, forget_closed, note_closed, renew, written_since_closed

DATABASE: Final = "node.db"
#: Releases before these can corrupt a WAL database in a checkpoint race.
_SOUND_SQLITE: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_LONG_LOG: Final = 4 << 20  # bytes, as SQLite's own thousand pages
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "trusted_schema=OFF")


class SqliteFile:
    """The database file of a data folder; it is created when it is not there."""

    writers = 1  # transactions that may change things at once

    def __init__(self, folder: Path, *, holds: bool = True, many: bool = False) -> None:
        self._file = folder / DATABASE
        self._log = folder / f"{DATABASE}-wal"
        self._lock = FolderLock(folder / LOCK)
        self._holds = holds
        self._begun = False
        own = ("wal_autocheckpoint=0",) if many else ()
        self.writer = _engine(self._file, pool_size=1, begin="BEGIN IMMEDIATE", pragmas=(*_PRAGMAS, *own))
        self.reader = _engine(self._file, pool_size=4, begin="BEGIN", pragmas=(*_PRAGMAS[1:], *own, "query_only=ON"))

    async def enter(self) -> None:
        """Take the folder. Raises FolderProblem when it is missing, too open, or in use."""
        check_private(self._file.parent)
        if self._holds:
            self._lock.acquire()
            if written_since_closed(self._file):
                renew(self._file)

    @property
    def lock(self) -> int:
        """The open file by which the folder is held; processes of the same node that have it open hold it too."""
        return self._lock.descriptor

    def untidy(self) -> bool:
        """Has the log grown to the size at which SQLite by itself would move it into the file?"""
        try:
            return self._log.stat().st_size > _LONG_LOG
        except OSError:
            return False

    async def tidy(self) -> None:
        """Move the log into the file, for whom nobody does when he commits; the caller keeps writers out.

        Where one process checkpoints while another commits, releases before 3.51.3 can lose a commit
        (docs/requirements.md S146).
        """
        await asyncio.to_thread(self._checkpoint)

    def _checkpoint(self) -> None:
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    async def initialized(self) -> None:
        """The file is there now: nobody else may read it."""
        self._file.chmod(0o600)

    async def fingerprint(self) -> str:
        """Which file it is; "" in a process that does not hold the folder."""
        return fingerprint_of(self._file) if self._holds else ""

    async def begun(self) -> None:
        """The present life knows its fingerprint: from here on we write."""
        if self._holds:
            forget_closed(self._file)
            self._begun = True

    async def leave(self) -> None:
        """Close every connection and free the folder."""
        await self.writer.dispose()
        await self.reader.dispose()
        if self._begun:
            self._begun = False
            with suppress(FolderProblem):  # without the note nothing is known, and that is all
                note_closed(self._file)
        self._lock.release()

    def check_readable(self) -> None:
        """Refuse to look at a file that is not there or that others may read. Raises FolderProblem."""
        check_private(self._file)


def is_sound(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Is this SQLite release free of the WAL reset fault (docs/requirements.md S146)?"""
    newest, *backports = _SOUND_SQLITE
    return version >= newest or any(version[:2] == fixed[:2] and version >= fixed for fixed in backports)


def file_engine(path: Path) -> AsyncEngine:
    """An engine that writes the database file ``path``, for whoever has it for himself."""
    return _engine(path, pool_size=1, begin="BEGIN IMMEDIATE", pragmas=_PRAGMAS)


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
