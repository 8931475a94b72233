"""node.store.postgres and together: many workers at one server, and what it does to them."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from node.errors import FolderProblem, StoreProblem
from node.store import AuditLine, OutboxEvent, Store, StoredLink, Transaction
from node.store.concurrency import MIGRATING, SCHEMA_KEY, alone
from node.store.postgres import PostgresServer
from node.store.streams import Stream
from tests.federation.network import until
from tests.node.store.postgres import blocks, own_schema

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
LINE = AuditLine(actor="operator", action="test", object="x")
PASSWORD = "correct-horse-battery-staple"
_PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with own_schema() as address:
        yield address


@asynccontextmanager
async def _workers(folder: Path, url: str, count: int = 2) -> AsyncIterator[list[Store]]:
    async with AsyncExitStack() as stack:
        stores = [await Store.open(folder, at=AT, url=url) for _ in range(count)]
        for store in stores:
            stack.push_async_callback(store.close)
        yield stores


async def _ask(tx: Transaction, question: object) -> int:
    return int((await (await tx.session.connection()).execute(question)).scalar_one())  # type: ignore[call-overload]


async def _end(url: str, *pids: int) -> None:
    """Let the server end these connections, as an operator would."""
    admin = await asyncpg.connect(url)
    for pid in pids:
        assert await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
    await admin.close()


# Starting.


async def test_a_node_waits_while_another_one_migrates(tmp_path: Path) -> None:
    async with own_schema(migrated=False) as url:
        migrating = await asyncpg.connect(url)
        await migrating.execute(f"BEGIN; SELECT pg_advisory_xact_lock({SCHEMA_KEY}, {MIGRATING})")
        starting = asyncio.create_task(Store.open(tmp_path, at=AT, url=url))

        async def waits() -> bool:
            blocked = (
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            return starting.done() or await migrating.fetchval(blocked) > 0

        await until(waits)
        assert not starting.done()
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        assert await migrating.fetchval(tables) == 0
        await migrating.execute("COMMIT")
        await (await starting).close()
        assert await migrating.fetchval(tables) > 0
        await migrating.close()


async def test_of_many_nodes_that_start_at_once_one_migrates(tmp_path: Path) -> None:
    async with own_schema(migrated=False) as url:
        stores = await asyncio.gather(*(Store.open(tmp_path, at=AT, url=url) for _ in range(4)))

        epochs = {await store.epoch() for store in stores}
        for store in stores:
            await store.close()

    assert len(epochs) == 1


# Working side by side.


async def _deliveries(store: Store, peers: int, each: int = 3) -> None:
    """So many events for each of so many peers, to be delivered."""
    names = [f"did:web:peer-{number}.test" for number in range(peers)]
    async with store.writing() as tx:
        for number in range(each):
            event = OutboxEvent(id=f"e{number}", source="did:web:a.test", type="t", subject="s", time=AT, data={})
            await tx.outbox.record(event)
            await tx.outbox.share(event.id, names, at=AT)


def _names(claimed: tuple[Stream, ...]) -> set[str]:
    return {stream.peer for stream in claimed}


async def test_two_workers_that_claim_at_once_never_claim_the_same(tmp_path: Path, url: str) -> None:
    async with _workers(tmp_path, url) as (one, other):
        await _deliveries(one, peers=4)
        async with one.writing() as first, other.writing() as second:
            here = _names(await first.streams.claim(at=AT, lease=timedelta(minutes=1), limit=2))
            there = _names(await second.streams.claim(at=AT, lease=timedelta(minutes=1)))
        async with other.writing() as tx:
            rest = _names(await tx.streams.claim(at=AT, lease=timedelta(minutes=1)))

    assert len(here) == 2
    assert here & there == rest & (here | there) == set()


async def test_a_crowd_of_workers_delivers_everything_once(tmp_path: Path, url: str) -> None:
    async with _workers(tmp_path, url, 4) as stores:
        await _deliveries(stores[0], peers=10)

        async def worked(store: Store) -> list[tuple[str, int]]:
            found: list[tuple[str, int]] = []
            while True:
                async with store.writing() as tx:
                    claimed = await tx.streams.claim(at=AT, lease=timedelta(minutes=1), limit=3)
                async with store.writing() as tx:
                    for stream in claimed:
                        batch = await tx.streams.next_of(stream, limit=1, size=1000)
                        found += [(item.peer, item.seq) for item in batch]
                        settled = await tx.streams.settle(stream, acked=batch[-1].seq, at=AT, due=AT)
                        assert settled is not None, "somebody else settled it"
                    if not (await tx.streams.counts()).get("pending"):
                        return found

        everything = [item for found in await asyncio.gather(*map(worked, stores)) for item in found]

    assert len(everything) == len(set(everything)) == 30


async def test_claims_that_are_read_and_then_written_are_made_twice_and_it_is_seen(tmp_path: Path, url: str) -> None:
    due = text("SELECT peer FROM stream_out WHERE state = 'active' AND lease_until IS NULL ORDER BY due")
    claim = text("UPDATE stream_out SET lease_until = now()")
    async with _workers(tmp_path, url) as (one, other):
        await _deliveries(one, peers=2)
        barrier = asyncio.Barrier(2)

        async def naive(store: Store) -> set[str]:
            async with store.writing() as tx:
                connection = await tx.session.connection()
                found = {peer for (peer,) in await connection.execute(due)}
                await barrier.wait()
                await connection.execute(claim)
            return found

        here, there = await asyncio.gather(naive(one), naive(other))

    assert here & there != set()


async def test_of_two_versions_at_once_the_later_one_succeeds_the_earlier(tmp_path: Path, url: str) -> None:
    thing = "https://spinner.test/lots/1"

    async def publish(tx: Transaction, name: str) -> None:
        await tx.links.supersede(thing, "dpp")
        href = f"https://spinner.test/credentials/{name}"
        link = StoredLink(identifier=thing, relation="dpp", href=href, title=name, type="t", preferred=True)
        await tx.links.add([link], at=AT)

    async with _workers(tmp_path, url) as (one, other):
        async with one.writing() as tx:
            await publish(tx, "first")
            second = asyncio.create_task(other.write(lambda tx: publish(tx, "second")))
            await blocks(tx, second)
        await second
        async with one.reading() as tx:
            links = await tx.links.of(thing)

    assert [(link.title, link.superseded, link.preferred) for link in links] == [
        ("second", False, True),
        ("first", True, False),
    ]


# What the server does.


async def test_a_connection_that_the_server_ended_is_replaced(tmp_path: Path, url: str) -> None:
    async with _workers(tmp_path, url, 1) as (store,):
        async with store.writing() as tx:
            pid = await _ask(tx, _PID)
        await _end(url, pid)

        async with store.writing() as tx:
            await tx.audit.append(LINE, at=AT)
            assert await _ask(tx, _PID) != pid

        async with store.reading() as tx:
            assert (await tx.audit.head())[0] == 1


async def test_a_transaction_whose_connection_is_ended_is_a_named_problem_and_has_no_effect(
    tmp_path: Path, url: str
) -> None:
    async with _workers(tmp_path, url, 1) as (store,):

        async def cut_off(tx: Transaction) -> None:
            await tx.audit.append(LINE, at=AT)
            await _end(url, await _ask(tx, _PID))
            await tx.streams.counts()

        with pytest.raises(StoreProblem) as refusal:
            await store.write(cut_off)
        async with store.reading() as tx:
            assert (await tx.audit.head())[0] == 0

    assert refusal.value.problem.code == "STORE_UNAVAILABLE"
    assert "no effect" in refusal.value.problem.fix


_DIES_WHEN_IT_COMMITS = """
CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dies()
"""


async def test_a_connection_that_is_lost_in_the_commit_is_not_called_without_effect(tmp_path: Path, url: str) -> None:
    admin = await asyncpg.connect(url)
    await admin.execute(_DIES_WHEN_IT_COMMITS)
    await admin.close()
    tries = []

    async def work(tx: Transaction) -> None:
        tries.append(1)
        await tx.audit.append(LINE, at=AT)

    async with _workers(tmp_path, url, 1) as (store,):
        with pytest.raises(StoreProblem) as refusal:
            await store.write(work)

    assert (refusal.value.problem.code, len(tries)) == ("STORE_UNAVAILABLE", 1)
    assert "not known" in refusal.value.problem.detail
    assert "no effect" not in refusal.value.problem.fix


async def test_a_worker_whose_presence_was_ended_is_not_taken_for_dead(tmp_path: Path, url: str) -> None:
    presence = (
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted "
        "AND classid::bigint = (hashtext(current_schema())::bigint & 4294967295)"
    )
    admin = await asyncpg.connect(url)
    async with _workers(tmp_path, url, 1) as (worker,):
        (before,) = [row["pid"] for row in await admin.fetch(presence)]
        await _end(url, before)

        async def is_back() -> bool:
            return [row["pid"] for row in await admin.fetch(presence)] not in ([], [before])

        await until(is_back)
        async with _workers(tmp_path, url, 1) as (newcomer,), newcomer.reading() as tx:
            assert not await alone(tx.session)
        async with worker.reading() as tx:
            assert await alone(tx.session)
    assert await admin.fetch(presence) == []
    await admin.close()


async def test_the_last_worker_is_alone_and_takes_back_what_the_dead_had_claimed(tmp_path: Path, url: str) -> None:
    async with _workers(tmp_path, url) as (one, other):
        await _deliveries(one, peers=1)
        async with one.writing() as tx:
            await tx.streams.claim(at=AT, lease=timedelta(minutes=1))
        async with other.writing() as tx:
            assert await tx.streams.take_back() == 0
        await one.close()
        async with other.writing() as tx:
            assert await tx.streams.take_back() == 1


# Passwords and servers that do not answer.


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "db-password"
    file.touch(mode=0o600)
    file.write_text(f"{PASSWORD}\n", "utf-8")
    return file


def _everything_said(error: BaseException) -> str:
    """The error with its causes, as a log or a bug report would show it."""
    return "".join([repr(error), str(error), *traceback.format_exception(error)])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_server_that_is_not_there_is_a_named_problem_with_a_cure(
    tmp_path: Path, password_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"postgresql://node@127.0.0.1:{_free_port()}/node"

    with pytest.raises(StoreProblem) as refusal:
        await Store.open(tmp_path, at=AT, url=url, password_file=password_file)

    problem = refusal.value.problem
    assert (problem.code, problem.fix[:26]) == ("STORE_UNAVAILABLE", "Check the setting database")
    assert PASSWORD not in _everything_said(refusal.value) + caplog.text


@asynccontextmanager
async def _asking_for_a_password(heard: list[bytes]) -> AsyncIterator[str]:
    """The address of a server that asks for the password in clear, keeps what it hears and refuses it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(4), "big")
        if await reader.readexactly(length - 4) == (80877103).to_bytes(4, "big"):  # "TLS?"
            writer.write(b"N")
            await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big") - 4)
        writer.write(b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big"))
        await reader.readexactly(1)
        heard.append(await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big") - 4))
        said = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0"
        writer.write(b"E" + (4 + len(said)).to_bytes(4, "big") + said)
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        yield f"postgresql://node@127.0.0.1:{listening.sockets[0].getsockname()[1]}/node"


async def test_a_password_goes_to_the_server_and_into_no_error_log_or_text(
    tmp_path: Path, password_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard: list[bytes] = []
    async with _asking_for_a_password(heard) as url:
        place = PostgresServer(url, password_file=password_file)
        with pytest.raises(StoreProblem) as refusal:
            await Store.open(tmp_path, at=AT, url=url, password_file=password_file)

    shown = [repr(place), repr(vars(place)), repr(place.writer), repr(place.writer.url), repr(place.writer.pool)]
    assert heard == [PASSWORD.encode() + b"\0"]
    assert refusal.value.problem.code == "STORE_UNAVAILABLE"
    assert PASSWORD not in "".join([*shown, _everything_said(refusal.value), caplog.text])


async def test_a_password_that_others_may_read_is_refused_before_the_server_hears_it(
    tmp_path: Path, password_file: Path
) -> None:
    await asyncio.to_thread(password_file.chmod, 0o644)
    heard: list[bytes] = []
    async with _asking_for_a_password(heard) as url:
        with pytest.raises(FolderProblem) as refusal:
            await Store.open(tmp_path, at=AT, url=url, password_file=password_file)

    assert heard == []
    assert refusal.value.problem.code == "FILE_MODE"
    assert PASSWORD not in _everything_said(refusal.value)
