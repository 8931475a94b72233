"""node.store.streams: the stream's row is the queue; what is settled is looked at by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import create_async_engine

from node.flows.exchange.sharing import Sharing
from node.store import KnownPeer, OutboxEvent, Store, Transaction
from node.store.schema import MIGRATIONS
from node.store.streams import Delivery, Stream
from tests.node.folders import lay_database
from tests.node.store.conftest import AT, Place

LEASE = timedelta(minutes=1)
PEER = "did:web:peer-0.test"


def _event(name: str, data: str = "") -> OutboxEvent:
    return OutboxEvent(id=name, source="did:web:a.test", type="t", subject=name, time=AT, data={"of": data})


async def _told(store: Store, names: Sequence[str], peers: Sequence[str] = (PEER,), data: str = "") -> None:
    async with store.writing() as tx:
        for name in names:
            await tx.outbox.record(_event(name, data))
            await tx.outbox.share(name, peers, at=AT)


async def _claim(store: Store, *, at: Any = AT, limit: int = 20, failing: int | None = None) -> tuple[Stream, ...]:
    async with store.writing() as tx:
        return await tx.streams.claim(at=at, lease=LEASE, limit=limit, failing=failing)


async def _next_of(store: Store, stream: Stream, limit: int = 50, size: int = 10_000) -> tuple[Delivery, ...]:
    async with store.reading() as tx:
        return await tx.streams.next_of(stream, limit=limit, size=size)


async def _settle(store: Store, stream: Stream, acked: int, *, due: Any = AT, **more: Any) -> Stream | None:
    async with store.writing() as tx:
        return await tx.streams.settle(stream, acked=acked, at=AT, due=due, **more)


async def test_places_of_a_peer_are_gapless_and_in_the_order_of_events(store: Store) -> None:
    await _told(store, ["e1", "e2"], [PEER, "did:web:peer-1.test"])
    await _told(store, ["e3"])

    (stream,) = [stream for stream in await _claim(store) if stream.peer == PEER]

    assert [(item.seq, item.event.id) for item in await _next_of(store, stream)] == [(1, "e1"), (2, "e2"), (3, "e3")]


async def test_what_is_settled_is_not_sent_again_and_the_rest_is(store: Store) -> None:
    await _told(store, ["e1", "e2", "e3"])
    (stream,) = await _claim(store)

    await _settle(store, stream, 2)

    (again,) = await _claim(store)
    assert [item.event.id for item in await _next_of(store, again)] == ["e3"]


async def test_a_late_worker_settles_nothing(store: Store) -> None:
    await _told(store, ["e1"])
    (slow,) = await _claim(store)
    (quick,) = await _claim(store, at=AT + 2 * LEASE)

    assert await _settle(store, slow, 1) is None
    assert await _settle(store, quick, 0, problem="not now") is not None

    async with store.reading() as tx:
        assert await tx.streams.counts() == {"pending": 1}


async def test_a_batch_ends_before_it_is_too_large_but_is_never_empty(store: Store) -> None:
    await _told(store, ["e1", "e2", "e3"], data="x" * 400)
    (stream,) = await _claim(store)

    assert [item.seq for item in await _next_of(store, stream, size=1000)] == [1, 2]
    assert [item.seq for item in await _next_of(store, stream, size=10)] == [1]


async def test_a_busy_stream_goes_behind_the_others(store: Store) -> None:
    peers = [f"did:web:peer-{number}.test" for number in range(3)]
    await _told(store, ["e1", "e2"], peers)
    order = []
    for turn in range(3):
        (stream,) = await _claim(store, at=AT + timedelta(seconds=turn), limit=1)
        order.append(stream.peer)
        await _settle(store, stream, 1, due=AT + timedelta(seconds=turn + 1))

    assert sorted(order) == peers


async def test_those_that_failed_leave_places_to_the_others(store: Store) -> None:
    dead = [f"did:web:dead-{number}.test" for number in range(5)]
    await _told(store, ["e1"], dead)
    for stream in await _claim(store):
        await _settle(store, stream, 0, problem="silence")
    await _told(store, ["e2"])

    claimed = await _claim(store, at=AT + timedelta(seconds=1), limit=4, failing=2)

    assert claimed[0].peer == PEER
    assert [stream.peer in dead for stream in claimed[1:]] == [True, True]


async def test_a_claim_looks_a_stream_up_by_index_and_reads_no_delivery(place: Place) -> None:
    store = await place.open()
    said: list[str] = []
    async with store.writing() as tx:
        connection = await tx.session.connection()
        event.listen(connection.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        await tx.streams.claim(at=AT, lease=LEASE)
        asked = [statement for statement in said if "FROM stream_out" in statement]
        plans = []
        if not place.url:
            values = tuple("1" for _ in range(asked[0].count("?")))
            explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", values)
            plans = [row[3] for row in explained]
    await store.close()

    assert len(asked) == 2
    assert not any("delivery" in statement for statement in said)
    assert place.url or any("ix_stream_out_due" in plan for plan in plans), plans


async def test_places_are_given_out_in_slices_and_others_write_between(store: Store) -> None:
    async with store.writing() as tx:
        for number in range(7):
            peer = KnownPeer(did=f"did:web:peer-{number}.test", policy={"share": "all"})
            await tx.peers.add(peer, at=AT)
        await tx.outbox.record(_event("e1"))
        await tx.outbox.record(_event("e2"))
    sharing, counts = Sharing(store=store, slice_of=3), []

    while await sharing.share(AT):
        async with store.writing() as tx:  # somebody else's turn
            counts.append((await tx.streams.counts())["pending"])

    assert counts == [3, 6, 7, 10, 13, 14]
    streams = await _claim(store)
    for stream in streams:
        assert [item.event.id for item in await _next_of(store, stream)] == ["e1", "e2"]


async def test_sharing_that_ended_in_between_goes_on_where_it_was(place: Place) -> None:
    store = await place.open()
    async with store.writing() as tx:
        for number in range(5):
            await tx.peers.add(KnownPeer(did=f"did:web:peer-{number}.test", policy={"share": "all"}), at=AT)
        await tx.outbox.record(_event("e1"))
    await Sharing(store=store, slice_of=2).share(AT)
    await store.close()

    store = await place.open()
    while await Sharing(store=store, slice_of=2).share(AT):
        pass

    async with store.reading() as tx:
        assert await tx.streams.counts() == {"pending": 5}
    await store.close()


async def test_a_refused_place_is_kept_with_its_reason_and_counted(store: Store) -> None:
    await _told(store, ["e1", "e2"])
    (stream,) = await _claim(store)

    await _settle(store, stream, 2, refused={1: "unreadable"}, receipt=b"{}")

    async with store.reading() as tx:
        assert await tx.streams.counts() == {"delivered": 1, "refused": 1}


async def test_who_is_heard_from_is_due_at_once(store: Store) -> None:
    await _told(store, ["e1"])
    (stream,) = await _claim(store)
    await _settle(store, stream, 0, problem="silence", due=AT + timedelta(hours=1))
    assert await _claim(store) == ()

    async with store.writing() as tx:
        assert await tx.streams.waiting(at=AT) == {PEER}
        assert await tx.streams.hurry(PEER, at=AT)

    assert [stream.fails for stream in await _claim(store)] == [1]


# What an older release left behind.

_OLD = """
    INSERT INTO outbox_event (id, event_id, source, type, subject, time, data, private, shared)
    VALUES (:id, :name, 's', 't', :name, '2026-06-01 12:00:00', '{}', 0, 1)
"""
_OLD_DELIVERY = """
    INSERT INTO delivery (event, peer, seq, state, attempts, next_try, lease, receipt, problem)
    VALUES (:event, :peer, :seq, :state, 1, '2026-06-01 12:00:00', '', :receipt, :problem)
"""


def _older_database(connection: Connection, deliveries: Sequence[tuple[str, int, str]]) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0006")
    for number in range(1, 5):
        connection.execute(text(_OLD), {"id": number, "name": f"e{number}"})
    for peer, seq, state in deliveries:
        values = {"event": seq, "peer": peer, "seq": seq, "state": state, "problem": "no" * (state == "refused")}
        receipt = b"{}" if state == "delivered" else None
        connection.execute(sa.text(_OLD_DELIVERY), {**values, "receipt": receipt})


async def test_deliveries_of_an_older_release_become_streams_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = lay_database(tmp_path / "node")
    (folder / "node.db").unlink(missing_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'node.db'}")
    done = [("did:web:b.test", 1, "delivered"), ("did:web:b.test", 2, "refused")]
    waiting = [(PEER, 1, "delivered"), (PEER, 2, "refused"), (PEER, 3, "pending"), (PEER, 4, "delivered")]
    async with engine.begin() as connection:
        await connection.run_sync(_older_database, [*done, *waiting])
    await engine.dispose()
    (folder / "node.db").chmod(0o600)

    store = await Store.open(folder, at=AT)

    (stream,) = await _claim(store)
    assert (stream.peer, stream.acked) == (PEER, 2)
    assert [item.event.id for item in await _next_of(store, stream)] == ["e3", "e4"]
    async with store.reading() as tx:
        assert await tx.streams.counts() == {"delivered": 2, "refused": 2, "pending": 2}
    await store.close()


async def test_a_database_that_had_no_delivery_can_be_told_of_peers(store: Store) -> None:
    async def share(tx: Transaction) -> None:
        await tx.outbox.record(_event("e1"))
        await tx.outbox.share("e1", (), at=AT)

    await store.write(share)

    assert await _claim(store) == ()
