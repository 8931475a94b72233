"""The outbox worker: deliveries on disk, sent in order to each peer, retried until they are answered.

The rule: nothing lives in memory that a restart would lose. One batch per peer is in flight; a batch that can never
succeed is split until the one bad event stands alone and is put aside where the operator sees it; everything else is
tried again with growing, jittered pauses, never longer than an hour, never given up by age (federation.md §3.5).
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import structlog

from node.errors import UnknownPeer
from node.federation.client import Answer, Meaning, PeerClient
from node.federation.messages import BATCH_EVENTS, Event
from node.federation.peers import PeerBook
from node.store.outbox import Delivery
from node.store.peers import KnownPeer
from node.store.store import Store

PAUSES: Final = (2, 10, 60, 300, 900, 3600)  # seconds, by number of attempts; the last one for all later ones
PARKED_PAUSE: Final = timedelta(days=1)
LEASE: Final = timedelta(seconds=60)
_IDLE: Final = 1.0  # seconds between looks when nothing rang

_log = structlog.get_logger("outbox")


class OutboxWorker:
    """Delivers what is due. ``share`` first turns new events into deliveries (node.flows.sharing)."""

    def __init__(
        self,
        *,
        store: Store,
        peers: PeerBook,
        client: PeerClient,
        share: Callable[[datetime], Awaitable[int]],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._peers = peers
        self._client = client
        self._share = share
        self._clock = clock
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Something was written that may have to go out: look now."""
        self._bell.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            sent = await self.once()
            if sent:
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_IDLE):
                    await self._bell.wait()
            self._bell.clear()

    async def once(self) -> int:
        """Share new events, then send one batch to every peer that has something due; how many were settled."""
        await self._share(self._clock())
        async with self._store.writing() as tx:
            due = await tx.outbox.claim(at=self._clock(), lease=LEASE, limit=4 * BATCH_EVENTS)
        by_peer = groupby(sorted(due, key=lambda item: (item.peer, item.seq)), key=lambda item: item.peer)
        await asyncio.gather(*(self._send_stream(list(items)) for _, items in by_peer))
        return len(due)

    async def _send_stream(self, stream: Sequence[Delivery]) -> None:
        """One peer's due deliveries in order, a batch after the other; the first that must wait holds up the rest."""
        try:
            peer = await self._peers.known(stream[0].peer)
        except UnknownPeer as error:
            await self._settle(stream, Answer(meaning=Meaning.PARKED, detail=error.problem.detail))
            return
        for start in range(0, len(stream), BATCH_EVENTS):
            meaning = await self._send(peer, stream[start : start + BATCH_EVENTS])
            if meaning in (Meaning.LATER, Meaning.PARKED):
                rest = stream[start + BATCH_EVENTS :]
                await self._settle(rest, Answer(meaning=meaning, detail="An earlier delivery waits."))
                return

    async def _send(self, peer: KnownPeer, batch: Sequence[Delivery]) -> Meaning:
        epoch = await self._store.epoch()
        events = [_event(item, epoch) for item in batch]
        answer = await self._client.deliver(peer, events, batch_key=_batch_key(batch), at=self._clock())
        if answer.meaning is Meaning.NEVER and len(batch) > 1:
            middle = len(batch) // 2
            await self._send(peer, batch[:middle])
            return await self._send(peer, batch[middle:])
        await self._settle(batch, answer)
        return answer.meaning

    async def _settle(self, batch: Sequence[Delivery], answer: Answer) -> None:
        at = self._clock()
        async with self._store.writing() as tx:
            for item in batch:
                state, problem = _outcome(item, answer)
                await tx.outbox.settle(
                    item,
                    state=state,
                    next_try=at + _pause(item, answer),
                    receipt=answer.receipt or None,
                    problem=problem,
                )
        if batch and answer.meaning is not Meaning.STORED:
            _log.info("delivery", peer=batch[0].peer, outcome=answer.meaning, detail=answer.detail, events=len(batch))


def _event(item: Delivery, epoch: str) -> Event:
    stated = item.event
    return Event(
        id=stated.id,
        source=stated.source,
        type=stated.type,
        subject=stated.subject,
        time=stated.time,
        dest=item.peer,
        epoch=epoch,
        seq=item.seq,
        data=stated.data,
    )


def _batch_key(batch: Sequence[Delivery]) -> str:
    """The same deliveries have the same key, also after a restart."""
    named = ",".join(f"{item.event.id}" for item in batch)
    return hashlib.sha256(f"{batch[0].peer}|{named}".encode()).hexdigest()[:32]


def _outcome(item: Delivery, answer: Answer) -> tuple[str, str]:
    """The state a delivery ends in, and the problem to show: pending ones are tried again."""
    if answer.meaning is Meaning.STORED:
        result = answer.results.get(item.event.id, {})
        if result.get("status") in ("accepted", "duplicate"):
            return "delivered", ""
        return "refused", str(result.get("problem", "The receipt does not name this event."))
    if answer.meaning is Meaning.NEVER:
        return "refused", answer.detail
    return "pending", answer.detail


def _pause(item: Delivery, answer: Answer) -> timedelta:
    """Full jitter over a growing bound; what the peer asked for is the least."""
    if answer.meaning is Meaning.PARKED:
        return PARKED_PAUSE
    bound = PAUSES[min(item.attempts, len(PAUSES)) - 1]
    jitter = bound * (0.5 + random.random() / 2)  # noqa: S311 - spreads load, protects nothing
    return timedelta(seconds=max(jitter, answer.retry_after))
