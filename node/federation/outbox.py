"""The outbox worker: deliveries on disk, sent in order to each peer, retried until they are answered.

The rule: nothing lives in memory that a restart would lose. One batch per peer is in flight; a batch that can never
succeed is split until the one bad event stands alone and is put aside where the operator sees it; everything else is
tried again with growing, jittered pauses, never longer than an hour, never given up by age. A node that starts wakes
its peers, and whoever is heard from is tried at once, so that an outage ends when it is over
(docs/federation.md#what-an-answer-means-to-the-sender).
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import structlog

from credentials.errors import CredentialsError
from node.errors import UnknownPeer
from node.faults import NO_FAULTS, Faults
from node.federation.client import Meaning, PeerAnswer, PeerClient
from node.federation.messages import BATCH_EVENTS, EventType, ExchangeEvent
from node.federation.peers import PeerBook
from node.federation.task_group import TaskGroup
from node.federation.wakeup import Wakeup
from node.store.outbox import Delivery
from node.store.peers import KnownPeer
from node.store.store import Store

PAUSES: Final = (2, 10, 60, 300, 900, 3600)  # seconds, by number of attempts; the last one for all later ones
PARKED_PAUSE: Final = timedelta(days=1)
LEASE: Final = timedelta(seconds=60)
#: Words to the process that works through the outbox: look now, and a peer was heard from.
WAKEUP: Final = "outbox"
HEARD: Final = "heard "
_WAITING: Final = (Meaning.LATER, Meaning.PARKED)
_BEHIND: Final = "An earlier delivery waits."

_log = structlog.get_logger("outbox")


class OutboxWorker:
    """Delivers what is due. ``share`` first turns new events into deliveries.

    With ``tell`` another process of the node does that, and gets word of what should be looked at.
    """

    def __init__(
        self,
        *,
        store: Store,
        peers: PeerBook,
        client: PeerClient,
        share: Callable[[datetime], Awaitable[int]],
        clock: Callable[[], datetime],
        faults: Faults = NO_FAULTS,
        tell: Callable[[str], bool] | None = None,
    ) -> None:
        self._store = store
        self._peers = peers
        self._client = client
        self._share = share
        self._clock = clock
        self._faults = faults
        self._tell = tell
        self._wakeup = Wakeup(WAKEUP, tell)
        self._woken: set[str] = set()
        self._signs: Counter[str] = Counter()

    def notify(self) -> None:
        """Something was written that may have to go out: look now."""
        self._wakeup.notify()

    async def run(self) -> None:
        """Work until cancelled; what an earlier run had claimed comes first."""
        async with self._store.writing() as tx:
            await tx.outbox.take_back()
        async with TaskGroup("outbox") as tasks:  # a peer that does not answer holds up no other
            while True:
                for peer in await self._asleep():
                    tasks.start(self._wake(peer), then=self.notify)
                streams = await self._claimed()
                for stream in streams:
                    tasks.start(self._send_stream(stream), then=self.notify)
                if streams:
                    continue
                await self._wakeup.wait()

    async def heard_from(self, did: str) -> None:
        """A peer gave a sign of life: what waits for it is due now, whatever pause it was in."""
        if self._tell is not None and self._tell(f"{HEARD}{did}"):
            return
        self._signs[did] += 1
        at = self._clock()
        async with self._store.reading() as tx:
            if not await tx.outbox.waits(did, at=at):
                return
        async with self._store.writing() as tx:
            await tx.outbox.hurry(did, at=at)
        self.notify()

    async def wake_peers(self) -> None:
        """Tell every active peer once that we are here: those added since, and all of them after a start."""
        await asyncio.gather(*(self._wake(peer) for peer in await self._asleep()))

    async def _asleep(self) -> list[KnownPeer]:
        """The active peers that were not woken yet; they count as woken from now on."""
        async with self._store.reading() as tx:
            peers = [peer for peer in await tx.peers.all() if peer.state == "active" and peer.did not in self._woken]
        self._woken.update(peer.did for peer in peers)
        return peers

    async def _wake(self, peer: KnownPeer) -> None:
        at, name = self._clock(), secrets.token_hex(16)
        source = self._client.did
        event = ExchangeEvent(
            id=name,
            source=source,
            type=EventType.WAKE,
            subject=source,
            time=at,
            dest=peer.did,
            epoch=await self._store.epoch(),
            seq=1,
        )
        answer = await self._client.deliver(peer, [event], batch_key=name, at=at)
        if answer.meaning is not Meaning.STORED:  # not tried again: they wake us when they are back
            _log.info("wake", peer=peer.did, outcome=answer.meaning, detail=answer.detail)

    async def once(self) -> int:
        """Share new events, then send what is due to every peer and wait for all of them; how many were settled."""
        streams = await self._claimed()
        await asyncio.gather(*(self._send_stream(stream) for stream in streams))
        return sum(len(stream) for stream in streams)

    async def _claimed(self) -> list[list[Delivery]]:
        """Share new events, and claim what is due: one stream for each peer."""
        await self._share(self._clock())
        async with self._store.writing() as tx:
            due = await tx.outbox.claim(at=self._clock(), lease=LEASE, limit=4 * BATCH_EVENTS)
        if due:
            self._faults.reach("share.after-claim")
        by_peer = groupby(sorted(due, key=lambda item: (item.peer, item.seq)), key=lambda item: item.peer)
        return [list(items) for _, items in by_peer]

    async def _send_stream(self, stream: Sequence[Delivery]) -> None:
        """One peer's due deliveries in order, a batch after the other; the first that must wait holds up the rest."""
        try:
            peer = await self._peers.known(stream[0].peer)
        except UnknownPeer as error:
            await self._settle(stream, PeerAnswer(meaning=Meaning.PARKED, detail=error.problem.detail))
            return
        for start in range(0, len(stream), BATCH_EVENTS):
            meaning = await self._send(peer, stream[start : start + BATCH_EVENTS])
            if meaning in _WAITING:
                await self._settle(stream[start + BATCH_EVENTS :], PeerAnswer(meaning=meaning, detail=_BEHIND))
                return

    async def _send(self, peer: KnownPeer, batch: Sequence[Delivery]) -> Meaning:
        epoch = await self._store.epoch()
        events = [_event(item, epoch) for item in batch]
        signs = self._signs[peer.did]
        try:
            answer = await self._client.deliver(peer, events, batch_key=_batch_key(batch), at=self._clock())
        except CredentialsError as error:  # one of them cannot even be written down
            answer = PeerAnswer(meaning=Meaning.NEVER, detail=error.problem.detail)
        if answer.meaning is Meaning.STORED:
            self._faults.reach("deliver.after-answer")
        if answer.meaning is Meaning.NEVER and len(batch) > 1:
            return await self._send_halves(peer, batch)
        await self._settle(batch, answer, at_once=self._signs[peer.did] != signs)
        return answer.meaning

    async def _send_halves(self, peer: KnownPeer, batch: Sequence[Delivery]) -> Meaning:
        """Find the bad one by halves, still in order: when the first half must wait, the second one does."""
        middle = len(batch) // 2
        meaning = await self._send(peer, batch[:middle])
        if meaning in _WAITING:
            await self._settle(batch[middle:], PeerAnswer(meaning=meaning, detail=_BEHIND))
            return meaning
        return await self._send(peer, batch[middle:])

    async def _settle(self, batch: Sequence[Delivery], answer: PeerAnswer, *, at_once: bool = False) -> None:
        """Write what came of it; ``at_once``: the peer was heard from meanwhile, so it is tried again without pause."""
        at = self._clock()
        async with self._store.writing() as tx:
            for item in batch:
                state, problem = _outcome(item, answer)
                await tx.outbox.settle(
                    item,
                    state=state,
                    next_try=at if at_once else at + _pause(item, answer),
                    receipt=answer.receipt or None,
                    problem=problem,
                )
        if batch and answer.meaning is not Meaning.STORED:
            _log.info("delivery", peer=batch[0].peer, outcome=answer.meaning, detail=answer.detail, events=len(batch))


def _event(item: Delivery, epoch: str) -> ExchangeEvent:
    stated = item.event
    return ExchangeEvent(
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


def _outcome(item: Delivery, answer: PeerAnswer) -> tuple[str, str]:
    """The state a delivery ends in, and the problem to show: pending ones are tried again."""
    if answer.meaning is Meaning.STORED:
        result = answer.results[item.event.id]
        if result.get("status") in ("accepted", "duplicate"):
            return "delivered", ""
        return "refused", str(result.get("problem", "The peer rejected it and does not say why."))[:1000]
    if answer.meaning is Meaning.NEVER:
        return "refused", answer.detail
    return "pending", answer.detail


def _pause(item: Delivery, answer: PeerAnswer) -> timedelta:
    """Full jitter over a growing bound; what the peer asked for is the least."""
    if answer.meaning is Meaning.PARKED:
        return PARKED_PAUSE
    bound = PAUSES[min(item.attempts, len(PAUSES)) - 1]
    jitter = bound * (0.5 + random.random() / 2)  # noqa: S311 - spreads load, protects nothing
    return timedelta(seconds=max(jitter, answer.retry_after))
