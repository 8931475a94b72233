"""node.store.store: one transaction or nothing, whichever the database, and a schema that only moves forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel

from node.errors import Conflict, StoreProblem
from node.store import AuditLine, KnownPeer, OutboxEvent, Store, looking
from node.store.engine import Overtaken
from node.store.schema import HEAD, MIGRATIONS
from node.store.store import Transaction
from tests.node.store.conftest import Place

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
LINE = AuditLine(actor="operator", action="test", object="x")


def _event(number: int) -> OutboxEvent:
    return OutboxEvent(id=f"e{number}", source="did:web:a.test", type="t", subject="s", time=AT, data={"n": number})


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
        await tx.outbox.record(OutboxEvent(id="e", source="s", type="t", subject="s", time=local, data={}))

    async with store.reading() as tx:
        (event,) = await tx.outbox.unshared()

    assert event.time == AT
    assert event.time.utcoffset() == timedelta(0)


async def test_a_naive_time_is_a_mistake_of_ours(store: Store) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        async with store.writing() as tx:
            await tx.peers.add(KnownPeer(did="did:web:a.test"), at=datetime(2026, 1, 1))


def test_the_newest_migration_is_the_one_the_store_expects() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


async def test_the_migrations_lead_to_the_tables_as_the_classes_state_them(store: Store) -> None:
    def difference(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    async with store.writing() as tx:
        assert await (await tx.session.connection()).run_sync(difference) == []


async def test_a_database_keeps_its_epoch(place: Place) -> None:
    first = await place.open()
    epoch = await first.epoch()
    await first.close()
    second = await place.open(AT + timedelta(days=1))

    assert await second.epoch() == epoch != ""
    await second.close()


async def test_a_database_from_the_future_is_refused_unchanged(place: Place) -> None:
    store = await place.open()
    async with store.writing() as tx:
        connection = await tx.session.connection()
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    await store.close()

    with pytest.raises(StoreProblem) as refusal:
        await place.open()

    assert refusal.value.problem.code == "SCHEMA_NEWER"
    async with looking(place.folder, url=place.url) as tx:
        connection = await tx.session.connection()
        assert (await connection.exec_driver_sql("SELECT version_num FROM alembic_version")).all() == [("9999",)]


async def test_work_that_was_overtaken_is_begun_again_and_has_one_effect(store: Store) -> None:
    tries = []

    async def work(tx: Transaction) -> int:
        await tx.outbox.record(_event(len(tries)))
        tries.append(1)
        if len(tries) < 3:
            raise Overtaken("another was first")
        return len(tries)

    assert await store.write(work) == 3

    async with store.reading() as tx:
        assert [event.id for event in await tx.outbox.unshared()] == ["e2"]


async def test_work_that_is_always_overtaken_ends_as_a_problem_without_effect(store: Store) -> None:
    async def work(tx: Transaction) -> None:
        await tx.outbox.record(_event(1))
        raise Overtaken("another was first")

    with pytest.raises(StoreProblem):
        await store.write(work)

    async with store.reading() as tx:
        assert await tx.outbox.unshared() == ()


async def test_other_faults_are_not_tried_again(store: Store) -> None:
    tries = []

    async def work(tx: Transaction) -> None:
        tries.append(1)
        raise StoreProblem("no")

    with pytest.raises(StoreProblem):
        await store.write(work)

    assert len(tries) == 1


async def test_looking_does_not_disturb_whoever_works_there(store: Store, place: Place) -> None:
    async with store.writing() as tx:
        await tx.audit.append(LINE, at=AT)

    async with looking(place.folder, url=place.url) as tx:
        assert (await tx.audit.head())[0] == 1
        assert await tx.consistency.file_faults() == ()
