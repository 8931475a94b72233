"""node.store.store: one transaction or nothing, one process at a time, and a schema that only moves forward."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from node.errors import Conflict, FolderProblem, StoreProblem
from node.store import AuditLine, Event, KnownPeer, Store, is_sound, looking
from node.store.schema import HEAD, MIGRATIONS
from node.store.store import DATABASE
from tests.node.ground import lay_database

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
LINE = AuditLine(actor="operator", action="test", object="x")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "node").mkdir(mode=0o700)
    return tmp_path / "node"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await Store.open(lay_database(folder), at=AT)
    yield opened
    await opened.close()


def _event(number: int) -> Event:
    return Event(id=f"e{number}", source="did:web:a.test", type="t", subject="s", time=AT, data={"n": number})


async def test_what_a_transaction_did_is_there_afterwards(store: Store) -> None:
    async with store.writing() as tx:
        await tx.outbox.record(_event(1))
        await tx.audit.append(LINE, at=AT)

    async with store.reading() as tx:
        assert [event.id for event in await tx.outbox.unshared()] == ["e1"]
        assert (await tx.audit.head())[0] == 1


async def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    async def interrupted() -> None:
        async with store.writing() as tx:
            await tx.outbox.record(_event(1))
            await tx.audit.append(LINE, at=AT)
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()

    async with store.reading() as tx:
        assert await tx.outbox.unshared() == ()
        assert await tx.audit.head() == (0, "00" * 32)


async def test_a_contradiction_is_a_conflict_and_undoes_everything(store: Store) -> None:
    async with store.writing() as tx:
        await tx.outbox.record(_event(1))

    async def the_same_again() -> None:
        async with store.writing() as tx:
            await tx.audit.append(LINE, at=AT)
            await tx.outbox.record(_event(1))

    with pytest.raises(Conflict):
        await the_same_again()

    async with store.reading() as tx:
        assert (await tx.audit.head())[0] == 0


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StoreProblem):
        async with store.reading() as tx:
            await tx.audit.append(LINE, at=AT)


async def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(store: Store) -> None:
    async with store.reading() as before:
        assert await before.audit.head() == (0, "00" * 32)
        async with store.writing() as tx:
            await tx.audit.append(LINE, at=AT)
        assert await before.audit.head() == (0, "00" * 32)

    async with store.reading() as after:
        assert (await after.audit.head())[0] == 1


async def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    local = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    async with store.writing() as tx:
        await tx.outbox.record(Event(id="e", source="s", type="t", subject="s", time=local, data={}))

    async with store.reading() as tx:
        (event,) = await tx.outbox.unshared()

    assert event.time == AT
    assert event.time.utcoffset() == timedelta(0)


async def test_a_naive_time_is_a_mistake_of_ours(store: Store) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        async with store.writing() as tx:
            await tx.peers.add(KnownPeer(did="did:web:a.test"), at=datetime(2026, 1, 1))


async def test_the_database_keeps_its_epoch_and_stays_private(folder: Path) -> None:
    first = await Store.open(folder, at=AT)
    epoch = await first.epoch()
    await first.close()
    second = await Store.open(folder, at=AT + timedelta(days=1))

    assert await second.epoch() == epoch
    assert (folder / DATABASE).stat().st_mode & 0o777 == 0o600
    await second.close()


async def test_the_pragmas_that_keep_data_safe_are_set(store: Store) -> None:
    async with store.writing() as tx:
        connection = await tx.session.connection()
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


async def test_a_folder_in_use_is_refused_until_it_is_closed(store: Store, folder: Path) -> None:
    with pytest.raises(FolderProblem) as refusal:
        await Store.open(folder, at=AT)
    assert refusal.value.problem.code == "FOLDER_IN_USE"

    await store.close()
    again = await Store.open(folder, at=AT)
    await again.close()


def test_a_folder_that_others_may_enter_is_refused(folder: Path) -> None:
    folder.chmod(0o755)

    with pytest.raises(FolderProblem) as refusal:
        asyncio.run(Store.open(folder, at=AT))

    assert refusal.value.problem.code == "FILE_MODE"
    assert list(folder.iterdir()) == []


async def test_a_database_from_the_future_is_refused_unchanged(folder: Path) -> None:
    await (await Store.open(folder, at=AT)).close()
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(StoreProblem) as refusal:
        await Store.open(folder, at=AT)

    assert refusal.value.problem.code == "SCHEMA_NEWER"
    with sqlite3.connect(folder / DATABASE) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    connection.close()


async def test_a_file_that_is_no_database_is_called_damaged(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"not a database at all, but long enough to look at" * 100)
    (folder / DATABASE).chmod(0o600)

    with pytest.raises(StoreProblem) as refusal:
        await Store.open(folder, at=AT)

    assert refusal.value.problem.code == "STORE_DAMAGED"


async def test_a_start_that_fails_frees_the_folder(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"x" * 4096)
    with pytest.raises(StoreProblem):
        await Store.open(folder, at=AT)
    (folder / DATABASE).unlink()

    await (await Store.open(folder, at=AT)).close()


async def test_the_migrations_lead_to_the_tables_as_the_classes_state_them(store: Store, folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / DATABASE}")
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    engine.dispose()

    assert difference == []


def test_the_newest_migration_is_the_one_the_store_expects() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


async def test_looking_does_not_disturb_whoever_works_there(store: Store, folder: Path) -> None:
    async with store.writing() as tx:
        await tx.audit.append(LINE, at=AT)

    async with looking(folder) as tx:
        assert (await tx.audit.head())[0] == 1
        assert await tx.checking.file_faults() == ()


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((3, 50, 7), True),
        ((3, 44, 6), True),
        ((3, 51, 2), False),
        ((3, 50, 6), False),
        ((3, 45, 9), False),
        ((3, 40, 1), False),
    ],
)
def test_sqlite_releases_with_the_wal_reset_fault_are_known(version: tuple[int, ...], sound: bool) -> None:
    assert is_sound(version) is sound
