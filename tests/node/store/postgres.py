"""A schema of its own on the PostgreSQL server that ``TRACENODE_TEST_POSTGRES`` names, dropped afterwards."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, text

from node.store.postgres import PostgresServer
from node.store.schema import bring_up_to_date
from node.store.store import Transaction
from tests.federation.network import until

#: Whoever waits for the connection that asks.
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
_BLOCKED = text(BLOCKED)
VARIABLE = "TRACENODE_TEST_POSTGRES"
_script: list[str] = []


def server() -> str:
    """The address of the server; without one the test is skipped, or fails where nothing may be missing."""
    url = os.environ.get(VARIABLE, "")
    if not url and os.environ.get("CI") == "true":
        pytest.fail(f"{VARIABLE} is not set, and CI leaves nothing out")
    if not url:
        pytest.skip(f"{VARIABLE} names no PostgreSQL server")
    return url


@asynccontextmanager
async def own_schema(*, migrated: bool = True) -> AsyncIterator[str]:
    """The address of a new schema, with the tables of the present release or without any."""
    url, name = server(), f"tracenode_test_{secrets.token_hex(8)}"
    own = f"{url}{'&' if '?' in url else '?'}search_path={name}"
    admin = await asyncpg.connect(own)
    await admin.execute(f"SET client_min_messages TO warning; CREATE SCHEMA {name}")
    try:
        if migrated and _script:  # what the migrations said the first time, in one message
            await admin.execute(";\n".join(_script))
        elif migrated:
            _script.extend(await _migrate(own))
        yield own
    finally:
        await admin.execute(f"DROP SCHEMA {name} CASCADE")
        await admin.close()


async def blocks(tx: Transaction, work: asyncio.Task[Any]) -> None:
    """Until ``work`` is over, or waits for what ``tx`` holds."""

    async def decided() -> bool:
        return work.done() or bool((await (await tx.session.connection()).execute(_BLOCKED)).scalar_one())

    await until(decided)


async def _migrate(url: str) -> list[str]:
    """Run the migrations; the statements that changed something."""
    place = PostgresServer(url)
    said: list[str] = []

    def heard(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP")):
            said.append(statement)

    event.listen(place.writer.sync_engine, "before_cursor_execute", heard)
    await bring_up_to_date(place.writer)
    await place.leave()
    return said
