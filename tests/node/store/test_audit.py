"""node.store.audit: a chain that shows every change to its past."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from node.store import AuditLine, Store
from node.store.store import DATABASE
from tests.node.ground import lay_database

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def _written(folder: Path, lines: int) -> Path:
    store = await Store.open(folder, at=AT)
    for number in range(lines):
        async with store.writing() as tx:
            await tx.audit.append(AuditLine(actor="operator", action="test", object=f"x{number}"), at=AT)
    await store.close()
    return folder / DATABASE


async def _first_break(folder: Path) -> int | None:
    store = await Store.open(folder, at=AT)
    async with store.reading() as tx:
        found = await tx.audit.first_break()
    await store.close()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_database(tmp_path / "node")


def _tamper(database: Path, *statements: str) -> None:
    """What somebody with the file in their hands can do: no trigger stops them."""
    connection = sqlite3.connect(database)
    for trigger in ("audit_no_update", "audit_no_delete"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


async def test_an_untouched_chain_is_whole(folder: Path) -> None:
    await _written(folder, 4)

    assert await _first_break(folder) is None


async def test_a_time_from_another_zone_does_not_break_the_chain(folder: Path) -> None:
    store = await Store.open(folder, at=AT)
    async with store.writing() as tx:
        line = AuditLine(actor="operator", action="test", object="x")
        await tx.audit.append(line, at=AT.astimezone(timezone(timedelta(hours=9))))
    await store.close()

    assert await _first_break(folder) is None


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
async def test_a_changed_past_breaks_the_chain_where_it_was_changed(folder: Path, statement: str, line: int) -> None:
    database = await _written(folder, 4)

    _tamper(database, statement)

    assert await _first_break(folder) == line


@pytest.mark.parametrize("statement", ["UPDATE audit SET object = 'y'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_the_log(folder: Path, statement: str) -> None:
    database = await _written(folder, 2)
    connection = sqlite3.connect(database)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)

    connection.close()


async def test_the_newest_lines_come_first(folder: Path) -> None:
    await _written(folder, 3)
    store = await Store.open(folder, at=AT)

    async with store.reading() as tx:
        assert [line.object for line in await tx.audit.latest(limit=2)] == ["x2", "x1"]

    await store.close()
