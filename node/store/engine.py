"""Which database, and foreign errors in our words: nothing that a driver raises crosses this door.

Two databases, one shape: an engine that writes, one that reads, and a guard at the entrance.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncEngine

from node.errors import Conflict, StoreProblem
from node.store.sqlite import SqliteFile

#: What the databases say when another transaction was first and this one may simply be tried again: PostgreSQL's
#: serialization failure, deadlock and lock timeout, SQLite's busy.
_OVERTAKEN_CODES: Final = frozenset({"40001", "40P01", "55P03"})
_OVERTAKEN_WORDS: Final = ("database is locked", "database table is locked")


class Overtaken(StoreProblem):
    """STORE_UNAVAILABLE: another transaction was first; nothing happened, and trying again is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRole:
    """What falls to this process among those of one node; by default it is the only one.

    ``holds`` the folder, so that no second node works there; works the ``background``, so that it is counted among
    those whose leases are good; of ``many`` that write to one file, of which none tidies it but by :meth:`Store.tidy`.
    """

    holds: bool = True
    background: bool = True
    many: bool = False


ONLY_PROCESS: Final = ProcessRole()


class Database(Protocol):
    """A database that holds one node."""

    writers: int
    writer: AsyncEngine
    reader: AsyncEngine

    async def enter(self) -> None:
        """Take or share the place, before anything else."""
        ...

    async def initialized(self) -> None:
        """The schema is there now."""
        ...

    async def leave(self) -> None:
        """Close and free everything; safe to call twice."""
        ...

    def untidy(self) -> bool:
        """Is there enough to do for :meth:`tidy`?"""
        ...

    async def tidy(self) -> None:
        """While nobody writes: make the files small again."""
        ...

    @property
    def lock(self) -> int:
        """The open file by which the folder is held; -1 where there is none."""
        ...

    async def fingerprint(self) -> str:
        """Where the database is: it differs when this one is a copy; "" when that is for another process to say."""
        ...

    async def begun(self) -> None:
        """The present life has this fingerprint: from here on we write."""
        ...

    def check_readable(self) -> None:
        """May it be looked at without entering?"""
        ...


def database_at(
    folder: Path, *, url: str = "", password_file: Path | None = None, role: ProcessRole = ONLY_PROCESS
) -> Database:
    """The database of a node: a file in its ``folder``, or the server at ``url``."""
    if not url:
        return SqliteFile(folder, holds=role.holds, many=role.many)
    from node.store.postgres import PostgresServer

    return PostgresServer(url, password_file=password_file, present=role.background)


@contextmanager
def our_words() -> Iterator[None]:
    """Turn what the driver raises into StoreProblem or Conflict."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict(
            "This contradicts what is already kept.", fix="Read the present state, then ask again."
        ) from error
    except exc.DBAPIError as error:
        raise _problem(str(error.orig), str(getattr(error.orig, "sqlstate", None) or "")) from error
    except exc.TimeoutError as error:
        raise _problem("busy", "") from error


@contextmanager
def perhaps_kept() -> Iterator[None]:
    """A connection that is lost while it commits leaves open whether it did: nobody is told that nothing happened."""
    try:
        yield
    except exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise StoreProblem(
            "The database was lost while it was to keep this, so that it is not known whether it did.",
            fix="Ask for the present state; with the same idempotency key the request may be repeated as it is.",
        ) from error


def _problem(text: str, state: str) -> StoreProblem:
    if state in _OVERTAKEN_CODES or any(words in text for words in _OVERTAKEN_WORDS):
        return Overtaken("Another request was first.", fix="Ask again; the request had no effect.")
    if state.startswith("53") or "is full" in text or "disk I/O" in text:
        return StoreProblem("The disk is full or failing.", code="STORE_FULL", fix="Make room; nothing was lost.")
    if any(words in text for words in ("malformed", "not a database", "decode")):
        return StoreProblem(
            "The database file is damaged.", code="STORE_DAMAGED", fix="Restore the last backup and run check."
        )
    logging.getLogger(__name__).error("the database did not answer: %s", text)
    return StoreProblem("The database cannot answer now.", fix="Ask again; the request had no effect.")
