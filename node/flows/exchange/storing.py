"""Storing what a batch brought: every event once, with the result that its receipt states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from credentials.encoding.jcs import canonical_json
from node.errors import Conflict
from node.federation.message_signatures import Caller
from node.federation.messages import EventType, ExchangeEvent
from node.flows.exchange.receipts import accepted, duplicate, equivocation
from node.store import AuditLine, Transaction
from node.store.arrivals import ArrivedEvent


async def stored(
    tx: Transaction, *, events: Sequence[ExchangeEvent], caller: Caller, at: datetime
) -> tuple[Mapping[str, Mapping[str, Any]], int]:
    """Keep ``events``; what became of each, and the last place of their stream before which none is missing.

    Two batches may name the same events in another order, and wait for each other: then this is begun again.
    """
    results = {event.id: await _result(tx, event, caller, at=at) for event in events}
    epoch = events[-1].epoch
    places = {event.seq for event in events if event.type != EventType.WAKE and event.epoch == epoch}
    return results, await tx.peers.heard(caller.did, epoch=epoch, places=places)


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
