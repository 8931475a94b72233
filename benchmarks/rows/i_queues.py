"""What waits for peers: a claim with and without a history, and how long places given out hold up other writers."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import text

from benchmarks.row import Measured, Row
from node.flows.exchange.sharing import Sharing
from node.store import KnownPeer, OutboxEvent, Store

_AT: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
_HISTORY: Final = 100_000
_DUE: Final = 500
_ROUNDS: Final = 15
_FILL: Final = """
    WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < :each)
    INSERT INTO delivery (peer, seq, event) SELECT peer, n.seq, 1 FROM stream_out, n
"""


async def _opened(folder: Path) -> Store:
    folder.mkdir(mode=0o700)  # noqa: ASYNC240 - nothing else runs yet
    return await Store.open(folder, at=_AT)


async def _record(store: Store, name: str) -> None:
    async with store.writing() as tx:
        event = OutboxEvent(id=name, source="did:web:a.test", type="t", subject=name, time=_AT, data={})
        await tx.outbox.record(event)


async def _write(store: Store) -> None:
    async with store.writing() as tx:
        await (await tx.session.connection()).execute(text("UPDATE meta SET value = value"))


async def _waiting(store: Store, *, history: int) -> None:
    """One event due for each of so many peers, behind ``history`` delivered ones in all."""
    peers, each = [f"did:web:peer-{number}.test" for number in range(_DUE)], history // _DUE
    await _record(store, "e0")
    async with store.writing() as tx:
        await tx.outbox.share("e0", peers, at=_AT)
        connection = await tx.session.connection()
        await connection.execute(text("DELETE FROM delivery"))
        await connection.execute(text(_FILL), {"each": each + 1})
        await connection.execute(text("UPDATE stream_out SET acked = :each, last_seq = :each + 1"), {"each": each})


async def _claims(store: Store) -> float:
    async def claim() -> None:
        async with store.writing() as tx:
            claimed = await tx.streams.claim(at=_AT, lease=timedelta(seconds=-1), limit=24)
            for stream in claimed[:1]:
                await tx.streams.next_of(stream, limit=50, size=1000)

    return await _middle(claim)


async def _middle(work: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds of the middle one of some rounds."""
    taken = []
    await work()  # what is made once
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


async def _history() -> Measured:
    with tempfile.TemporaryDirectory(prefix="tracenode-benchmark-") as name:
        new, old = await _opened(Path(name, "new")), await _opened(Path(name, "old"))
        await _waiting(new, history=0)
        await _waiting(old, history=_HISTORY)
        without, with_history = await _claims(new), await _claims(old)
        await new.close()
        await old.close()
    return Measured(with_history / without, f"{with_history:.2f} / {without:.2f} ms")


async def _writers(peers: int) -> Measured:
    """The worst wait of a small write while ten events get their places, against all of that work."""
    with tempfile.TemporaryDirectory(prefix="tracenode-benchmark-") as name:
        store = await _opened(Path(name, "node"))
        async with store.writing() as tx:
            for number in range(peers):
                await tx.peers.add(KnownPeer(did=f"did:web:peer-{number}.test", policy={"share": "all"}), at=_AT)
        for number in range(10):
            await _record(store, f"e{number}")
        sharing = Sharing(store=store)

        async def share_all() -> float:
            begun = time.perf_counter()
            while await sharing.share(_AT):
                pass
            return (time.perf_counter() - begun) * 1000

        work, waits = asyncio.create_task(share_all()), []
        while not work.done():
            begun = time.perf_counter()
            await _write(store)
            waits.append((time.perf_counter() - begun) * 1000)
        total = await work
        await store.close()
    return Measured(max(waits) / total, f"{max(waits):.0f} / {total:.0f} ms")


def _run(measure: Callable[[], Awaitable[Measured]]) -> Measured:
    async def measured() -> Measured:
        return await measure()

    return asyncio.run(measured())


ROWS = (
    Row(
        what=f"claim of 24 of {_DUE} due streams, {_HISTORY} delivered",
        against="the same, nothing delivered",
        target=2,
        measure=partial(_run, _history),
        at_most=True,
    ),
    Row(
        what="longest wait of a write while 10 events reach 1000 streams",
        against="all of that work",
        target=0.25,
        measure=partial(_run, partial(_writers, 1000)),
        at_most=True,
    ),
)
