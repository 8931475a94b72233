"""Storing what a batch brought: every event once, with the result that its receipt states, and the sender's head.

The rule: whoever contradicts what he told before is told so with what he signed then, and nothing of it is taken. See
docs/federation.md#heads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.encoding.jcs import canonical_json
from node.errors import Conflict, StreamForked, Unauthenticated
from node.federation.heads import StreamHead
from node.federation.message_signatures import Caller
from node.federation.messages import EventType, ExchangeEvent
from node.flows.exchange.receipts import accepted, duplicate, equivocation
from node.store import AuditLine, Transaction
from node.store.arrivals import ArrivedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head that was read, and ``raw`` as its sender signed it."""

    head: StreamHead
    raw: str


async def stored(
    tx: Transaction, *, events: Sequence[ExchangeEvent], caller: Caller, head: SignedHead | None, at: datetime
) -> tuple[Mapping[str, Mapping[str, Any]], int, str]:
    """Keep ``events`` and the head.

    What became of each, the last place of their stream before which none is missing, and the newest head of the sender
    that was here before. Two batches may name the same events in another order, and wait for each other: then this is
    begun again.

    Raises:
        StreamForked: another event stands at one of the places, or the sender signed another head for one.
    """
    newest = await tx.heard.newest(caller.did)
    await _placed(tx, events, caller)
    results = {event.id: await _result(tx, event, caller, at=at) for event in events}
    epoch = events[-1].epoch
    places = {event.seq for event in events if event.type != EventType.WAKE and event.epoch == epoch}
    if places or head is not None:
        await _rolled(tx, head, caller, events[-1], places)
    return results, await tx.peers.heard(caller.did, epoch=epoch, places=places), newest


def check_head(signed: SignedHead, events: Sequence[ExchangeEvent]) -> None:
    """Refuse a head that is not for the stream and the last place of the batch. Raises Unauthenticated."""
    epoch, wakes = events[-1].epoch, all(event.type == EventType.WAKE for event in events)
    last = max(event.seq for event in events if event.epoch == epoch)
    if signed.head.epoch != epoch or not (wakes or signed.head.seq == last):
        raise Unauthenticated(
            "The head does not hold: it is not that of this batch.",
            code="HEAD_INVALID",
            fix="Sign one for the stream and the last place of each batch.",
        )


async def fork_noted(
    tx: Transaction, *, events: Sequence[ExchangeEvent], caller: Caller, fork: StreamForked, at: datetime
) -> None:
    """Keep in the audit log that the sender contradicted itself."""
    named = f"{events[-1].epoch} {events[-1].seq}"
    line = AuditLine(actor=caller.did, action="stream.forked", object=named, digest=events[-1].digest)
    await tx.audit.append(line, at=at)


async def _placed(tx: Transaction, events: Sequence[ExchangeEvent], caller: Caller) -> None:
    """Every event stands at its place for ever, and a life follows one other and never itself."""
    by_epoch: dict[str, dict[int, tuple[str, bytes]]] = {}
    for event in events:
        if event.type == EventType.WAKE:
            continue
        places = by_epoch.setdefault(event.epoch, {})
        digest = bytes.fromhex(event.digest)
        if places.setdefault(event.seq, (event.id, digest)) != (event.id, digest):
            raise await _forked(tx, caller, event.epoch, f"Two events stand at the place {event.seq}.")
    for epoch, places in by_epoch.items():
        await tx.heard.in_turn(caller.did, epoch)
        if not await tx.heard.place(caller.did, epoch, places):
            raise await _forked(tx, caller, epoch, "Another event was told at the same place of this stream.")
    for event in events:
        previous = event.data.get("previous") if event.type == EventType.EPOCH else None
        if isinstance(previous, Mapping) and not await tx.heard.follows(
            caller.did, event.epoch, str(previous["epoch"])
        ):
            raise await _forked(tx, caller, event.epoch, "The stream follows itself, or another one than before.")


async def _rolled(
    tx: Transaction, signed: SignedHead | None, caller: Caller, last: ExchangeEvent, places: Collection[int]
) -> None:
    """Keep the newest head of a stream; one that contradicts an earlier one, or the events themselves, is none."""
    all_places = {*places, *((signed.head.seq,) if signed else ())}
    told = await tx.heard.rolling(caller.did, last.epoch, to=last.dest, places=all_places)
    if signed is None:
        return
    head = signed.head
    before = await tx.heard.in_turn(caller.did, head.epoch)
    if before.raw and before.seq == head.seq and before.rolling != head.rolling:
        raise await _forked(tx, caller, head.epoch, "Another head was signed for the same place of this stream.")
    if told[head.seq] not in (b"", head.rolling):
        raise await _forked(tx, caller, head.epoch, "The head does not say what was told up to its place.")
    await tx.heard.note(caller.did, head.epoch, seq=head.seq, rolling=head.rolling, raw=signed.raw)


async def _forked(tx: Transaction, caller: Caller, epoch: str, detail: str) -> StreamForked:
    heads = await tx.heard.heads(caller.did)
    shown = next((head.raw for head in heads if head.epoch == epoch), "")
    fix = "Do not run two copies of one node; stop one of them, and run tracenode takeover on the other."
    return StreamForked(detail, head=shown, fix=fix)


async def _result(tx: Transaction, event: ExchangeEvent, caller: Caller, *, at: datetime) -> Mapping[str, Any]:
    if event.type == EventType.WAKE:
        return accepted()
    try:
        fresh = await tx.inbox.store(_arrived(event, caller), at=at)
    except Conflict:
        line = AuditLine(actor=caller.did, action="event.equivocation", object=event.id, digest=event.digest)
        await tx.audit.append(line, at=at)
        return equivocation()
    earlier = None if fresh else await tx.inbox.outcome(event.source, event.id)
    return accepted() if earlier is None else duplicate(*earlier)


def _arrived(event: ExchangeEvent, caller: Caller) -> ArrivedEvent:
    """The fact alone: its place in the stream may differ when the same fact is told again."""
    fact = {"id": event.id, "source": event.source, "type": event.type, "subject": event.subject, "data": event.data}
    return ArrivedEvent(
        source=event.source,
        id=event.id,
        peer=caller.did,
        type=event.type,
        subject=event.subject,
        raw=canonical_json(fact),
    )
