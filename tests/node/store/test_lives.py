"""node.store.lives: what a restored, copied or rolled back database cannot know of, it does not repeat."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from node.errors import Conflict
from node.store import OutboxEvent, StatusSlot, Store
from node.store.lives import EPOCH_EVENT, Life, Why
from node.store.schema import MIGRATIONS
from node.store.store import DATABASE
from node.store.streams import Delivery, Stream
from tests.node.folders import AT, lay_database
from tests.node.store.conftest import Place
from tests.node.store.postgres import server

PEER, LEASE = "did:web:peer.test", timedelta(minutes=1)


# What a node gives out, and where.


@dataclass
class GivenOut:
    """What one run of a node gave out: (list, index) and (epoch, place, event)."""

    indexes: list[tuple[str, int]] = field(default_factory=list)
    places: list[tuple[str, int, str]] = field(default_factory=list)


async def _work(store: Store, *, events: int = 3, delivered: int = 2) -> GivenOut:
    """A day of a node: indexes are reserved, events get places and are sent, some of them are delivered."""
    given = GivenOut()
    for _ in range(events):
        slot = await _reserve(store)
        given.indexes.append((slot.token, slot.index))
        await _tell(store)
    (stream,) = await _claim(store)
    batch = await _next_of(store, stream)
    given.places += [(item.epoch, item.place, item.event.id) for item in batch]
    async with store.writing() as tx:
        await tx.streams.settle(stream, acked=batch[delivered - 1].seq, at=AT, due=AT)
    return given


async def _reserve(store: Store) -> StatusSlot:
    # A short list, so that a repetition is no matter of luck.
    return await store.write(lambda tx: tx.statuses.reserve(instance="default", purpose="revocation", at=AT, size=64))


async def _tell(store: Store) -> str:
    name = secrets.token_hex(8)
    async with store.writing() as tx:
        await tx.outbox.record(OutboxEvent(id=name, source="did:web:a.test", type="t", subject="s", time=AT, data={}))
        await tx.outbox.share(name, [PEER], at=AT)
    return name


async def _claim(store: Store) -> tuple[Stream, ...]:
    async with store.writing() as tx:
        return await tx.streams.claim(at=AT + 2 * LEASE, lease=LEASE)


async def _next_of(store: Store, stream: Stream) -> tuple[Delivery, ...]:
    async with store.reading() as tx:
        return await tx.streams.next_of(stream, limit=50, size=100_000)


async def _life(store: Store) -> Life:
    async with store.reading() as tx:
        return await tx.lives.present()


def _nothing_is_given_out_twice(*runs: GivenOut) -> None:
    indexes = [pair for run in runs for pair in run.indexes]
    assert len(set(indexes)) == len(indexes)
    events = {(epoch, place): {event} for run in runs for epoch, place, event in run.places}
    for run in runs:
        for epoch, place, event in run.places:
            events[epoch, place].add(event)
    assert [place for place, there in events.items() if len(there) > 1] == []


# Copies: the same database twice.


@asynccontextmanager
async def _copied(kind: str, folder: Path, *, before: Callable[[Store], Any]) -> AsyncIterator[tuple[Place, Place]]:
    """A place where ``before`` was done, and a true copy of it."""
    async with AsyncExitStack() as stack:
        here, there = Place(folder / "here"), Place(folder / "there")
        if kind == "postgres":
            names = [f"tracenode_test_{secrets.token_hex(8)}" for _ in range(2)]
            admin = await asyncpg.connect(server())
            stack.push_async_callback(admin.close)
            await admin.execute(f"CREATE DATABASE {names[0]}")
            for name in names:
                stack.push_async_callback(admin.execute, f"DROP DATABASE IF EXISTS {name}")
            base = server().rpartition("/")[0]
            here, there = (Place(folder, f"{base}/{name}") for name in names)
        else:
            lay_database(here.folder)
        store = await here.open()
        await before(store)
        await store.close()
        if kind == "postgres":
            await admin.execute(f"CREATE DATABASE {names[1]} TEMPLATE {names[0]}")
        else:
            shutil.copytree(here.folder, there.folder)
        yield here, there


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_copy_and_its_original_give_out_no_index_and_no_place_that_the_other_one_does(
    kind: str, tmp_path: Path
) -> None:
    runs = []

    async def before(store: Store) -> None:
        runs.append(await _work(store))

    async with _copied(kind, tmp_path, before=before) as (here, there):
        for place in (here, there):
            store = await place.open()
            runs += [await _work(store), await _work(store)]
            await store.close()

    _nothing_is_given_out_twice(*runs)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_copy_begins_a_life_that_names_the_one_before_and_the_original_goes_on(
    kind: str, tmp_path: Path
) -> None:
    lives: list[Life] = []

    async def before(store: Store) -> None:
        lives.append(await _life(store))

    async with _copied(kind, tmp_path, before=before) as (here, there):
        for place in (here, there):
            store = await place.open()
            lives.append(await _life(store))
            async with store.reading() as tx:
                told = await tx.audit.head()
            assert told[0] == (place is there)
            await store.close()

    first, original, copy = lives
    assert original == first
    assert (copy.previous, copy.why) == (first.id, Why.FINGERPRINT)


def _over_the_folder(backup: Path, folder: Path) -> None:
    for file in backup.iterdir():
        with (folder / file.name).open("r+b" if (folder / file.name).exists() else "xb") as there:
            there.write(file.read_bytes())
            there.truncate()


def _over_the_file(backup: Path, folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as there:
        there.write((backup / DATABASE).read_bytes())
        there.truncate()


def _instead_of_the_folder(backup: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)


@pytest.mark.parametrize("restore", [_over_the_folder, _over_the_file, _instead_of_the_folder])
async def test_a_folder_that_was_copied_back_by_hand_repeats_nothing(
    restore: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    folder, backup = lay_database(tmp_path / "node"), tmp_path / "backup"
    runs = []
    for step in range(3):
        store = await Store.open(folder, at=AT)
        runs += [await _work(store), await _work(store)]
        await store.close()
        if step == 0:
            shutil.copytree(folder, backup)
        elif step == 1:
            restore(backup, folder)

    _nothing_is_given_out_twice(*runs)


async def test_a_file_that_is_copied_over_a_folder_whose_node_was_killed_repeats_nothing(tmp_path: Path) -> None:
    folder, backup = lay_database(tmp_path / "node"), tmp_path / "backup"
    store = await Store.open(folder, at=AT)
    first = await _work(store)
    await store.close()
    shutil.copytree(folder, backup)
    store = await Store.open(folder, at=AT)
    second = await _work(store)
    await store.close()
    (folder / "closed.note").unlink()  # as a node that was killed leaves it

    _over_the_folder(backup, folder)

    store = await Store.open(folder, at=AT)
    third = await _work(store)
    await store.close()
    _nothing_is_given_out_twice(first, second, third)


async def test_a_restart_is_no_new_life_and_neither_is_the_start_after_a_kill(place: Place) -> None:
    lives = []
    for end in ("in order", "killed", "in order"):
        store = await place.open()
        lives.append((await _life(store)).id)
        await store.close()
        if end == "killed":
            (place.folder / "closed.note").unlink(missing_ok=True)

    assert len(set(lives)) == 1


# What the next life does with what waited.


async def test_streams_of_a_new_life_begin_with_the_change_and_then_with_what_waited(store: Store) -> None:
    before = await _life(store)
    given = await _work(store, events=4, delivered=1)

    life = await store.begin_life(Why.RESTORE, at=AT)

    (stream,) = await _claim(store)
    batch = await _next_of(store, stream)
    assert [(item.epoch, item.place) for item in batch] == [(life.id, place) for place in (1, 2, 3, 4)]
    assert batch[0].event.type == EPOCH_EVENT
    assert batch[0].event.data == {"previous": {"epoch": before.id, "seq": 4}, "why": "restore"}
    assert [item.event.id for item in batch[1:]] == [event for _, _, event in given.places[1:]]
    async with store.reading() as tx:
        assert await tx.streams.counts() == {"delivered": 1, "pending": 4}


async def test_a_stream_that_failed_and_was_long_put_off_is_due_in_the_new_life(store: Store) -> None:
    await _tell(store)
    (stream,) = await _claim(store)
    async with store.writing() as tx:
        await tx.streams.settle(stream, acked=0, at=AT, due=AT + timedelta(days=9), problem="silence")

    await store.begin_life(Why.RESTORE, at=AT)

    assert [(stream.fails, stream.acked) for stream in await _claim(store)] == [(0, 0)]


async def test_who_was_sending_when_the_life_ended_settles_nothing_and_reads_nothing_more(store: Store) -> None:
    await _work(store)
    (stream,) = await _claim(store)

    await store.begin_life(Why.RESTORE, at=AT)

    assert await _next_of(store, stream) == ()
    async with store.writing() as tx:
        assert await tx.streams.settle(stream, acked=3, at=AT, due=AT) is None


async def test_an_index_that_an_ended_life_reserved_is_given_to_nobody(store: Store) -> None:
    slot = await _reserve(store)
    await store.begin_life(Why.RESTORE, at=AT)

    with pytest.raises(Conflict):
        async with store.writing() as tx:
            await tx.statuses.keep(slot, credential=1)


async def test_each_life_opens_lists_of_its_own_and_the_earlier_ones_stay_readable(store: Store) -> None:
    first = await _reserve(store)
    await store.begin_life(Why.RESTORE, at=AT)

    second = await _reserve(store)

    assert first.token != second.token
    async with store.reading() as tx:
        assert await tx.statuses.head(first.token) is not None


async def test_a_life_that_follows_two_others_counts_its_places_from_its_own_beginning(store: Store) -> None:
    await _work(store, events=2, delivered=2)
    await store.begin_life(Why.RESTORE, at=AT)
    await _work(store, events=1, delivered=2)
    life = await store.begin_life(Why.RESTORE, at=AT)

    (stream,) = await _claim(store)
    (change,) = await _next_of(store, stream)

    assert (change.epoch, change.place) == (life.id, 1)
    assert change.event.data["previous"] == {"epoch": life.previous, "seq": 2}


# What an older release left behind.


def _older_database(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0008")
    connection.execute(text("INSERT INTO meta (name, value) VALUES ('epoch', 'the-only-one')"))
    connection.execute(
        text(
            "INSERT INTO status_list (token, instance, purpose, size, allocated, permutation, version, changed, width,"
            " created) VALUES ('list', 'default', 'revocation', 131072, 5, x'00', 0, '2026-06-01 12:00:00', 1,"
            " '2026-06-01 12:00:00')"
        )
    )


async def test_a_database_of_an_older_release_keeps_its_epoch_as_a_life_that_ended(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir(mode=0o700)
    file = tmp_path / "node" / DATABASE
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.begin() as connection:
        await connection.run_sync(_older_database)
    await engine.dispose()
    file.chmod(0o600)

    store = await Store.open(tmp_path / "node", at=AT)
    slot = await _reserve(store)
    life = await _life(store)
    await store.close()

    assert (life.previous, life.why) == ("the-only-one", Why.FINGERPRINT)
    assert slot.token != "list"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT life FROM status_list ORDER BY id").fetchall() == [
            ("the-only-one",),
            (life.id,),
        ]
