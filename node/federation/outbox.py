"""The outbox worker: streams on disk, sent in order to each peer, retried until they are answered.

The rule: nothing lives in memory that a restart would lose. One batch per peer is in flight; a batch that can never
succeed is halved until the one bad event stands alone and is put aside where the operator sees it; everything else is
tried again with growing, jittered pauses, never longer than an hour, never given up by age. Whoever fails leaves half
of the places to others. A node that starts wakes its peers, and whoever is heard from is tried at once, so that an
outage ends when it is over (docs/federation.md#what-an-answer-means-to-the-sender).
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

import structlog

from credentials.errors import CredentialsError
from node.errors import UnknownPeer
from node.faults import NO_FAULTS, Faults
from node.federation.client import Meaning, PeerAnswer, PeerClient
from node.federation.messages import BATCH_EVENTS, BATCH_FILL, EventType, ExchangeEvent
from node.federation.own_heads import OwnHeads
from node.federation.peers import PeerBook
from node.federation.settlement import pause_after, settlement_of
from node.federation.task_group import TaskGroup
from node.federation.wakes import Wakes
from node.federation.wakeup import IDLE, Wakeup
from node.store.peers import KnownPeer
from node.store.rolling import place_digest, rolling_next
from node.store.store import Store
from node.store.streams import Delivery, Stream

LEASE: Final = timedelta(seconds=60)
#: Streams that are sent at once, and how many of them may be ones that failed last time.
PLACES: Final = 24
DOUBTFUL: Final = PLACES // 2
#: Batches of one stream before the others have their turn.
TURN: Final = 4
#: Words to the process that works through the outbox: look now, and a peer was heard from.
WAKEUP: Final = "outbox"
HEARD: Final = "heard "
_EVENT_ROOM: Final = 1024  # bytes of a batch that one event needs besides its data, at most

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
        own_heads: OwnHeads,
        share: Callable[[datetime], Awaitable[int]],
        clock: Callable[[], datetime],
        faults: Faults = NO_FAULTS,
        tell: Callable[[str], bool] | None = None,
    ) -> None:
        self._store = store
        self._peers = peers
        self._client = client
        self._own_heads = own_heads
        self._share = share
        self._clock = clock
        self._faults = faults
        self._tell = tell
        self._wakeup = Wakeup(WAKEUP, tell)
        self._wakes = Wakes()
        self._next_wakes = 0.0  # by the loop's clock
        self._signs: Counter[str] = Counter()
        self._busy: dict[str, Stream] = {}

    def notify(self) -> None:
        """Something was written that may have to go out: look now."""
        self._wakeup.notify()

    async def run(self) -> None:
        """Work until cancelled; what an earlier run had claimed comes first."""
        async with self._store.writing() as tx:
            await tx.streams.take_back()
        async with TaskGroup("outbox") as tasks:  # a peer that does not answer holds up no other
            while True:
                for did in await self._asleep():
                    tasks.start(self._wake(did), then=self.notify)
                shared = await self._share(self._clock())
                streams = await self._claimed()
                for stream in streams:
                    tasks.start(self._send_stream(stream), then=self.notify)
                if not streams and not shared:
                    await self._wakeup.wait()

    async def heard_from(self, did: str) -> None:
        """A peer gave a sign of life: what waits for it is due now, whatever pause it was in."""
        if self._tell is not None and self._tell(f"{HEARD}{did}"):
            return
        self._signs[did] += 1
        at = self._clock()
        async with self._store.reading() as tx:
            if not await tx.streams.waits(did, at=at):
                return
        async with self._store.writing() as tx:
            await tx.streams.hurry(did, at=at)
        self.notify()

    async def wake_peers(self) -> None:
        """Tell the active peers once that we are here: those added since, and all of them after a start."""
        self._next_wakes = 0.0
        while peers := await self._asleep():
            await asyncio.gather(*(self._wake(did) for did in peers))
            self._next_wakes = 0.0

    async def _asleep(self) -> list[str]:
        """The peers to wake now; looked for once a second."""
        now = asyncio.get_running_loop().time()
        if now < self._next_wakes:
            return []
        self._next_wakes = now + IDLE
        at = self._clock()
        async with self._store.reading() as tx:
            return self._wakes.due(await tx.peers.active(), await tx.streams.waiting(at=at), at=at)

    async def _wake(self, did: str) -> None:
        at, name = self._clock(), secrets.token_hex(16)
        source = self._client.did
        event = ExchangeEvent(
            id=name,
            source=source,
            type=EventType.WAKE,
            subject=source,
            time=at,
            dest=did,
            epoch=await self._store.epoch(),
            seq=1,
        )
        try:
            head = await self._own_heads.present(did, at=at)
            answer = await self._client.deliver(await self._peers.known(did), [event], batch_key=name, at=at, head=head)
        except UnknownPeer as error:
            answer = PeerAnswer(meaning=Meaning.PARKED, detail=error.problem.detail)
        except BaseException:
            self._wakes.failed(did, at=at, unwanted=False)
            raise
        if answer.meaning is Meaning.STORED:
            self._wakes.answered(did, at=at)
            await self._own_heads.weigh(did, answer.head, at=self._clock())
            await self.heard_from(did)
        else:
            self._wakes.failed(did, at=at, unwanted=answer.meaning is not Meaning.LATER)
            _log.info("wake", peer=did, outcome=answer.meaning, detail=answer.detail)

    async def once(self) -> int:
        """Share new events, then send what is due to every peer and wait for all of them; how many streams it were."""
        while await self._share(self._clock()):
            pass
        streams = await self._claimed()
        await asyncio.gather(*(self._send_stream(stream) for stream in streams))
        return len(streams)

    async def _claimed(self) -> tuple[Stream, ...]:
        """The streams that are due, as far as there are places for them."""
        room = PLACES - len(self._busy)
        doubtful = DOUBTFUL - sum(stream.fails > 0 for stream in self._busy.values())
        at = self._clock()
        if room <= 0:
            return ()
        async with self._store.writing() as tx:
            due = await tx.streams.claim(at=at, lease=LEASE, limit=room, failing=max(doubtful, 0))
        if due:
            self._faults.reach("share.after-claim")
        self._busy.update({stream.lease: stream for stream in due})
        return due

    async def _send_stream(self, stream: Stream) -> None:
        """What is next for one peer, a batch after the other for one turn; what must wait holds up the rest."""
        try:
            await self._take_turn(stream)
        finally:
            self._busy.pop(stream.lease, None)

    async def _take_turn(self, stream: Stream) -> None:
        try:
            peer = await self._peers.known(stream.peer)
        except UnknownPeer as error:
            await self._settle(stream, [], PeerAnswer(meaning=Meaning.PARKED, detail=error.problem.detail))
            return
        held: Stream | None = stream
        sent, most = 0, BATCH_EVENTS
        while held is not None:
            batch = await self._next_of(held, most)
            signs = self._signs[peer.did]
            rolled = _rolled(held, batch)
            answer = PeerAnswer(meaning=Meaning.STORED)
            if batch:
                answer = await self._send(peer, batch, self._head(held, batch, rolled))
            if answer.meaning is Meaning.NEVER and len(batch) > 1:
                most = len(batch) // 2  # the bad one is found by halves, still in order
                continue
            sent, most = sent + 1, min(2 * most, BATCH_EVENTS)
            more = bool(batch) and sent < TURN
            at_once = self._signs[peer.did] != signs
            held = await self._settle(held, batch, answer, rolled=rolled, at_once=at_once, more=more)
            if answer.head:
                await self._own_heads.weigh(peer.did, answer.head, at=self._clock())

    async def _next_of(self, stream: Stream, most: int) -> tuple[Delivery, ...]:
        size = BATCH_FILL - most * _EVENT_ROOM
        async with self._store.reading() as tx:
            return await tx.streams.next_of(stream, limit=most, size=size)

    def _head(self, stream: Stream, batch: Sequence[Delivery], rolled: Mapping[int, bytes]) -> str:
        last = batch[-1]
        rolling = rolled.get(last.seq, b"")
        return self._own_heads.signed(
            stream.peer, epoch=stream.epoch, seq=last.place, rolling=rolling, at=self._clock()
        )

    async def _send(self, peer: KnownPeer, batch: Sequence[Delivery], head: str) -> PeerAnswer:
        events, at = [_event(item) for item in batch], self._clock()
        try:
            answer = await self._client.deliver(peer, events, batch_key=_batch_key(batch), at=at, head=head)
        except CredentialsError as error:  # one of them cannot even be written down
            answer = PeerAnswer(meaning=Meaning.NEVER, detail=error.problem.detail)
        if answer.meaning is Meaning.STORED:
            self._faults.reach("deliver.after-answer")
        return answer

    async def _settle(
        self,
        stream: Stream,
        batch: Sequence[Delivery],
        answer: PeerAnswer,
        *,
        rolled: Mapping[int, bytes] = MappingProxyType({}),
        at_once: bool = False,
        more: bool = False,
    ) -> Stream | None:
        """Write what came of it; the stream as it is held on to when ``more`` of it goes out now, else None.

        ``at_once``: the peer was heard from meanwhile, so what waits is tried again without pause.
        """
        at, outcome = self._clock(), settlement_of(stream, batch, answer)
        waits = at_once or not outcome.waits
        keep = LEASE if more and not outcome.waits else None
        async with self._store.writing() as tx:
            settled = await tx.streams.settle(
                stream,
                acked=outcome.acked,
                rolling=rolled.get(outcome.acked, b""),
                at=at,
                due=at if waits else at + pause_after(stream, answer),
                problem=outcome.waits,
                refused=outcome.refused,
                receipt=answer.receipt,
                keep=keep,
            )
        if outcome.waits or outcome.refused:
            reasons = [outcome.waits, *outcome.refused.values()]
            detail = next(reason for reason in reasons if reason)
            _log.info("delivery", peer=stream.peer, outcome=answer.meaning, detail=detail, events=len(batch))
        return settled if keep else None


def _event(item: Delivery) -> ExchangeEvent:
    stated = item.event
    return ExchangeEvent(
        id=stated.id,
        source=stated.source,
        type=stated.type,
        subject=stated.subject,
        time=stated.time,
        dest=item.peer,
        epoch=item.epoch,
        seq=item.place,
        data=stated.data,
    )


def _rolled(stream: Stream, batch: Sequence[Delivery]) -> Mapping[int, bytes]:
    """The rolling digests by the places of the rows, from what is settled on; empty ones where it is not known."""
    rolling = {stream.acked: stream.rolling}
    for item in batch:
        before = rolling.get(item.seq - 1, b"")
        rolling[item.seq] = rolling_next(before, item.place, place_digest(item.event)) if before else b""
    return rolling


def _batch_key(batch: Sequence[Delivery]) -> str:
    """The same deliveries at the same places have the same key, also after a restart; in another life another one."""
    named = ",".join(f"{item.place} {item.event.id}" for item in batch)
    return hashlib.sha256(f"{batch[0].peer}|{batch[0].epoch}|{named}".encode()).hexdigest()[:32]
