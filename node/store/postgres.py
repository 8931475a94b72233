"""A PostgreSQL server as the database: any number of stateless workers, on any hosts, over one database.

Writers run at once (READ COMMITTED; what must not be overtaken takes a row lock or a lock of ``together``), readers
see one moment and cannot write (REPEATABLE READ, READ ONLY). A commit is on the disk before it is acknowledged. Each
worker holds a shared lock for as long as it works, so that it can be told whether anybody else is there. A password
is never part of the address: it is in a private file, or where PostgreSQL's own ``.pgpass`` is.
Specifications: docs/decisions/0010-store.md; docs/requirements.md S145; PostgreSQL 15, chapters 13 and 34.16.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from node.disk import read_private
from node.errors import NodeError, SettingsProblem, StoreProblem
from node.store.concurrency import PRESENCE, SCHEMA_KEY

_SECONDS: Final = 10.0  # for a connection to be made
_PAUSE: Final = 1.0  # seconds between tries to come back
_WHERE: Final = text(
    "SELECT (pg_control_system()).system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), "
    "(SELECT oid FROM pg_database WHERE datname = current_database()), 'life'::regclass::oid"
)
_SETTINGS: Final = {
    "application_name": "tracenode",
    "timezone": "UTC",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "30s",
}


class PostgresServer:
    """The database at ``url`` (postgresql://user@host:port/name); ``password_file`` holds the password, if one is."""

    writers = 8  # transactions that may change things at once, for each worker

    lock = -1  # the server says who is there

    def __init__(self, url: str, *, password_file: Path | None = None, present: bool = True) -> None:
        self._present = present
        self._connect = _connector(url, password_file)
        self._presence: Any = None
        self._coming_back: asyncio.Task[None] | None = None
        self.writer = self._engine(self.writers, isolation_level="READ COMMITTED")
        self.reader = self._engine(8, isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def enter(self) -> None:
        """Say that we are here. Raises StoreProblem when the server does not answer."""
        if not self._present:  # whoever takes no leases is not counted, but asks if the server is there
            await (await self._connect()).close()
            return
        presence = await self._connect(first=f"SELECT pg_advisory_lock_shared({SCHEMA_KEY}, {PRESENCE})")
        presence.add_termination_listener(self._ended)
        self._presence = presence

    async def initialized(self) -> None:
        """Nothing more to do: who may read the database is the server's to say."""

    async def fingerprint(self) -> str:
        """Which cluster, on which timeline of it, which database and which table: a restored one differs in one."""
        async with self.reader.connect() as connection:
            return "postgres " + " ".join(str(part) for part in (await connection.execute(_WHERE)).one())

    async def begun(self) -> None:
        """Nothing more to do: whoever starts asks the server again."""

    async def leave(self) -> None:
        """Close every connection, and with them what they held."""
        presence, self._presence = self._presence, None
        if self._coming_back is not None:
            self._coming_back.cancel()
        await self.writer.dispose()
        await self.reader.dispose()
        if presence is not None:
            await presence.close()

    def untidy(self) -> bool:
        """Never: the server tidies up after itself."""
        return False

    async def tidy(self) -> None:
        """Nothing to do."""

    def check_readable(self) -> None:
        """Nothing to check before connecting."""

    def _ended(self, connection: object) -> None:
        """The server took our presence away while we work: else another worker would take us for dead."""
        if connection is self._presence:
            self._coming_back = asyncio.get_running_loop().create_task(self._come_back())

    async def _come_back(self) -> None:
        while True:
            with suppress(NodeError):
                return await self.enter()
            await asyncio.sleep(_PAUSE)

    def _engine(self, connections: int, **options: Any) -> AsyncEngine:
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            execution_options=options,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
        )


def _connector(url: str, password_file: Path | None) -> Callable[..., Awaitable[Any]]:
    try:
        import asyncpg
    except ImportError as error:
        raise SettingsProblem(
            "PostgreSQL needs a driver that is not installed.",
            pointer="/database",
            fix='Install it: pip install "tracenode[postgres]".',
        ) from error
    faults = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
    return partial(_connected, asyncpg.connect, url, password_file, faults)


async def _connected(
    connect: Callable[..., Awaitable[Any]],
    url: str,
    password_file: Path | None,
    faults: tuple[type[Exception], ...],
    *_: object,
    first: str = "",
) -> Any:
    """One connection, on which ``first`` was said; the password is read anew: it may change under a running node."""
    password = read_private(password_file).decode("utf-8").strip() if password_file else None
    try:
        connection = await connect(url, password=password, timeout=_SECONDS, server_settings=_SETTINGS)
        if first:
            await connection.execute(first)
    except faults as error:
        raise StoreProblem(
            f"The database server cannot be used: {error}.",
            fix="Check the setting database and that the server runs; the request had no effect.",
        ) from error
    return connection
