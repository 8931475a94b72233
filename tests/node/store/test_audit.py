"""node.store.audit: a chain that shows every change to its past."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from node.errors import Conflict, StoreProblem
from node.store import AuditLine, Store
from node.store.store import DATABASE
from tests.node.folders import lay_database

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def _write(store: Store, lines: int) -> None:
    for number in range(lines):
        async with store.writing() as tx:
            await tx.audit.append(AuditLine(actor="operator", action="test", object=f"x{number}"), at=AT)


async def _first_break(store: Store) -> int | None:
    async with store.reading() as tx:
        return await tx.audit.first_break()


async def _written_file(folder: Path, lines: int) -> Path:
    store = await Store.open(lay_database(folder), at=AT)
    await _write(store, lines)
    await store.close()
    return folder / DATABASE


def _tamper(database: Path, *statements: str) -> None:
    """What somebody with the file in their hands can do: no trigger stops them."""
    connection = sqlite3.connect(database)
    for trigger in ("audit_no_update", "audit_no_delete"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


async def test_an_untouched_chain_is_whole(store: Store) -> None:
    await _write(store, 4)

    assert await _first_break(store) is None


async def test_a_time_from_another_zone_does_not_break_the_chain(store: Store) -> None:
    async with store.writing() as tx:
        line = AuditLine(actor="operator", action="test", object="x")
        await tx.audit.append(line, at=AT.astimezone(timezone(timedelta(hours=9))))

    assert await _first_break(store) is None


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE audit SET object = 'y' WHERE seq = 2", 2),
        ("UPDATE audit SET time = '2026-06-02 12:00:00.000000' WHERE seq = 3", 3),
        ("UPDATE audit SET outcome = 'NOT_OK' WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET seq = 9 WHERE seq = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 2", 2),
    ],
)
async def test_a_changed_past_breaks_the_chain_where_it_was_changed(tmp_path: Path, statement: str, line: int) -> None:
    database = await _written_file(tmp_path / "node", 4)

    _tamper(database, statement)

    store = await Store.open(tmp_path / "node", at=AT)
    assert await _first_break(store) == line
    await store.close()


@pytest.mark.parametrize("statement", ["UPDATE audit SET object = 'y'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_the_log(store: Store, statement: str) -> None:
    await _write(store, 2)

    with pytest.raises((Conflict, StoreProblem)) as refusal:
        async with store.writing() as tx:
            await (await tx.session.connection()).exec_driver_sql(statement)

    assert "append-only" in str(refusal.value.__cause__)
    assert await _first_break(store) is None


async def test_the_newest_lines_come_first(store: Store) -> None:
    await _write(store, 3)

    async with store.reading() as tx:
        assert [line.object for line in await tx.audit.latest(limit=2)] == ["x2", "x1"]
