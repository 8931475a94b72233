"""Receiving: what peers send is stored first, answered with a signed receipt, and judged afterwards.

The rule: a receipt promises that the event is on our disk, never anything about its content. A credential is judged
by its own proof and by nothing else; what passes is kept, and if it speaks of things on our host our resolver lists
it, so that a certifier's attestation of our product is found where people look (docs/requirements.md IDR-15). What
fails is kept as a verdict; what cannot be told yet is looked at again, and what this program does not read when the
node starts the next time (docs/federation.md#receipts; docs/requirements.md S116 to S118, S123 and S124).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

import structlog

from credentials.encoding.document import Json
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.identifiers.about import about
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import host_of, is_below
from credentials.verdict import Outcome, Verdict, VerifiedCredential
from node.errors import StreamForked, TooMany
from node.faults import NO_FAULTS, Faults
from node.federation.message_signatures import Caller
from node.federation.messages import EventType, Receipt, parse_batch
from node.federation.task_group import TaskGroup
from node.federation.wakeup import Wakeup
from node.flows.exchange.judged import digest_problem, is_unread, why
from node.flows.exchange.receipts import ReceiptKey
from node.flows.exchange.storing import SignedHead, check_head, fork_noted, stored
from node.flows.identity.identity import Identity
from node.flows.naming import links_of
from node.store import AuditLine, Store, StoredLink, Transaction
from node.store.arrivals import UNREAD, WAITING, ArrivedEvent
from node.wire.gather import Source

ENVELOPE: Final = "application/vc+jwt"
_SHORTEST: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(hours=1)
_TURN: Final = 20  # events of one peer in one look
_PER_PEER: Final = 4  # of these at once
_IN_ALL: Final = 32  # at once, over all peers
#: Events of one peer, and bytes of them, that may wait; more of them are not taken until some were looked at.
MOST_WAITING: Final = 2000
MOST_BYTES: Final = 64 << 20
_LEASE: Final = timedelta(minutes=5)
#: The word to the process that works through the inbox.
WAKEUP: Final = "inbox"

_log = structlog.get_logger("receiving")


class Verifies(Protocol):
    """What this flow needs of verifying."""

    async def verify(self, raw: bytes, media_type: str | None, *, at: datetime) -> tuple[Verdict, Evidence]:
        """The verdict on ``raw`` and the evidence it was reached with."""
        ...


class Receiving:
    """Takes batches in and works through what was stored."""

    def __init__(
        self,
        *,
        identity: Identity,
        store: Store,
        verifying: Verifies,
        source: Source,
        receipt_key: ReceiptKey,
        faults: Faults = NO_FAULTS,
        tell: Callable[[str], bool] | None = None,
    ) -> None:
        self._identity = identity
        self._store = store
        self._verifying = verifying
        self._source = source
        self._receipt_key = receipt_key
        self._faults = faults
        self._wakeup = Wakeup(WAKEUP, tell)
        self._places = asyncio.Semaphore(_IN_ALL)

    def notify(self) -> None:
        """Something arrived: look now, here or in the process of the node that works through the inbox."""
        self._wakeup.notify()

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Work through what arrives until cancelled; a peer whose events take long holds up no other."""
        busy = set[str]()
        async with self._store.writing() as tx:
            await tx.inbox.take_back()

        async def look(peer: str, stream: Sequence[ArrivedEvent], at: datetime) -> None:
            try:
                await self._look_at_all(stream, at)
            finally:
                busy.discard(peer)

        async with TaskGroup("receiving") as tasks:
            while True:
                at = clock()
                streams = await self._claimed(at, without=frozenset(busy))
                busy.update(streams)
                for peer, stream in streams.items():
                    tasks.start(look(peer, stream, at), then=self.notify)
                if not streams:
                    await self._wakeup.wait()

    async def take_in(self, caller: Caller, raw: bytes, *, head: SignedHead | None = None, at: datetime) -> bytes:
        """Store every event of a batch from an authenticated peer, and its ``head``; the signed receipt.

        Raises:
            MalformedInput: the envelope is wrong; nothing was stored.
            Unauthenticated: HEAD_INVALID, the head is another stream's; nothing was stored.
            StreamForked: it contradicts what this peer told before; nothing of it was stored.
            TooMany: too much of this peer waits to be looked at; nothing was stored.
        """
        events = parse_batch(raw, source=caller.did, dest=self._identity.did)
        if any(event.type != EventType.WAKE for event in events):
            await self._check_room(caller.did)
        if head is not None:
            check_head(head, events)
        keep = partial(stored, events=events, caller=caller, head=head, at=at)
        try:
            results, ack_seq, newest = await self._store.write_grouped(keep)
        except StreamForked as fork:
            await self._store.write_grouped(partial(fork_noted, events=events, caller=caller, fork=fork, at=at))
            _log.warning("a peer contradicts itself", peer=caller.did, epoch=events[-1].epoch, why=fork.problem.detail)
            raise
        if any(event.type != EventType.WAKE for event in events):
            self._faults.reach("inbox.after-store")
            self.notify()
        us, epoch = self._identity.did, events[-1].epoch
        receipt = Receipt(sender=us, to=caller.did, epoch=epoch, ack_seq=ack_seq, results=results, at=at, head=newest)
        return self._receipt_key.signed(receipt, at=at)

    async def work(self, at: datetime) -> int:
        """Judge what is waiting and wait for all of it; how many events were looked at."""
        streams = await self._claimed(at)
        await asyncio.gather(*(self._look_at_all(stream, at) for stream in streams.values()))
        return sum(len(stream) for stream in streams.values())

    async def _check_room(self, peer: str) -> None:
        """Each peer fills its own backlog and no other's."""
        async with self._store.reading() as tx:
            number, size = await tx.inbox.backlog(peer, most=MOST_WAITING)
        if number >= MOST_WAITING or size >= MOST_BYTES:
            raise TooMany("Too many events of this peer wait to be looked at.", retry_after=60)

    async def _claimed(self, at: datetime, *, without: Collection[str] = ()) -> dict[str, list[ArrivedEvent]]:
        """What is due and no other worker looks at, by peer, one turn of each; it is ours for the length of a lease."""
        async with self._store.reading() as tx:
            peers = await tx.inbox.peers_waiting(at=at, without=without)
        if not peers:
            return {}
        async with self._store.writing() as tx:
            waiting = await tx.inbox.claim(peers, at=at, lease=_LEASE, limit=_TURN)
        streams: dict[str, list[ArrivedEvent]] = {}
        for arrived in waiting:
            streams.setdefault(arrived.peer, []).append(arrived)
        return streams

    async def _look_at_all(self, stream: Sequence[ArrivedEvent], at: datetime) -> None:
        """One peer's events, a few at once; what we stumble over is put off and holds up nobody."""
        silent, places = set[str](), asyncio.Semaphore(_PER_PEER)
        async with asyncio.TaskGroup() as tasks:  # when this ends, all of them have ended
            for arrived in stream:
                tasks.create_task(self._look_in_turn(arrived, at, silent, places))

    async def _look_in_turn(
        self, arrived: ArrivedEvent, at: datetime, silent: set[str], places: asyncio.Semaphore
    ) -> None:
        async with places, self._places:
            try:
                await self._look_at(arrived, at, silent)
            except Exception:
                _log.exception("an event made us stumble", event_id=arrived.id, peer=arrived.peer)
                await self._again(arrived, "a fault of ours", at=at)

    async def _look_at(self, arrived: ArrivedEvent, at: datetime, silent: set[str]) -> None:
        """Settle one event, or put it off; ``silent`` hosts have just not answered and are not asked again now."""
        data = json.loads(arrived.raw)["data"]
        if arrived.type == EventType.EPOCH:
            await self._settle(arrived, "noted", f"the sender begins anew: {data.get('why')}", at=at)
            return
        if arrived.type == EventType.STATUS:
            await self._settle(arrived, "noted", "status events are hints: the list itself decides", at=at)
            return
        host = host_of(data["credential"])
        if host in silent and "envelope" not in data:
            await self._again(arrived, f"{host} did not answer just now.", at=at)
            return
        found = await self._bytes_of(data, at)
        if isinstance(found, Absent):
            if found.reason in (AbsentReason.OFFLINE, AbsentReason.TIMEOUT):
                silent.add(host)
            await self._again(arrived, found.detail, at=at)
            return
        problem = digest_problem(found.body, data)
        if problem:
            await self._settle(arrived, "refused", problem, at=at)
            return
        verdict, _ = await self._verifying.verify(found.body, found.media_type, at=at)
        if verdict.outcome is Outcome.UNDETERMINED:
            if is_unread(verdict):
                await self._settle(arrived, UNREAD, why(verdict), at=at)
                _log.warning("an event is not read here", event_id=arrived.id, peer=arrived.peer, why=why(verdict))
            else:
                await self._again(arrived, why(verdict), at=at)
        elif verdict.outcome is Outcome.FAILED:
            await self._store.write_grouped(partial(_refused, arrived=arrived, verdict=verdict, found=found))
        else:
            await self._keep(arrived, verdict.require(), found, at=at)

    async def _bytes_of(self, data: Mapping[str, Json], at: datetime) -> Found | Absent:
        envelope = data.get("envelope")
        if isinstance(envelope, str):
            return Found(body=envelope.encode(), media_type=ENVELOPE, source=data["credential"], at=at)
        need = Need(NeedKind.CREDENTIAL, data["credential"])
        return (await self._source.answer(frozenset({need}), at=at))[need]

    async def _keep(self, arrived: ArrivedEvent, credential: VerifiedCredential, found: Found, *, at: datetime) -> None:
        private = "envelope" in json.loads(arrived.raw)["data"]
        links = self._links_to_us(credential, found, private=private)
        self._faults.reach("receive.before-keep")

        async def keep(tx: Transaction) -> None:
            if not await tx.inbox.settle(arrived, state="kept", result="accepted"):
                return
            await tx.received.accept(credential, found.body, media_type=found.media_type, source=arrived.peer)
            listed = {(link.identifier, link.relation) for link in await tx.links.to(credential.id)}
            await tx.links.add([link for link in links if (link.identifier, link.relation) not in listed], at=at)
            line = AuditLine(actor=arrived.peer, action="credential.receive", object=credential.id)
            await tx.audit.append(line, at=at)

        await self._store.write_grouped(keep)

    def _links_to_us(self, credential: VerifiedCredential, found: Found, *, private: bool) -> list[StoredLink]:
        """What our resolver lists of it, never as its own first choice; what is not public only we ourselves see.

        Nothing of a document whose id is an address of somebody else's: that is where another one is found, or none.
        """
        if not is_below(credential.issuer, given_or_canonical(credential.id)):
            return []
        links = links_of(
            credential.value,
            href=credential.id,
            media_type=found.media_type,
            digest=credential.object_digest,
            private=private,
        )
        us = self._identity
        ours = {one.identifier for one in about(credential.value) if us.is_ours(one.given) or one.given == us.did}
        return [replace(link, preferred=False) for link in links if link.identifier in ours]

    async def _settle(self, arrived: ArrivedEvent, state: str, result: str, *, at: datetime) -> None:
        async def settle(tx: Transaction) -> None:
            if await tx.inbox.settle(arrived, state=state, result=result):
                line = AuditLine(actor=arrived.peer, action=f"event.{state}", object=arrived.id)
                await tx.audit.append(line, at=at)

        await self._store.write_grouped(settle)

    async def _again(self, arrived: ArrivedEvent, reason: str, *, at: datetime) -> None:
        """Look again later: half as long as we have been waiting already, between two seconds and an hour."""
        waited = at - arrived.received if arrived.received else _SHORTEST
        next_look = at + min(max(waited / 2, _SHORTEST), _LONGEST)
        async with self._store.writing() as tx:
            await tx.inbox.settle(arrived, state=WAITING, next_look=next_look)
        _log.info("event waits", event_id=arrived.id, peer=arrived.peer, why=reason)


async def _refused(tx: Transaction, *, arrived: ArrivedEvent, verdict: Verdict, found: Found) -> None:
    if await tx.inbox.settle(arrived, state="refused", result=why(verdict)):
        await tx.received.refuse(verdict, found.body, media_type=found.media_type, source=arrived.peer)
