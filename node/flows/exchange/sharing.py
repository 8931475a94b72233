"""Sharing: which peers hear of an event. New and changed credentials reach them by themselves.

The rule: a peer's policy decides, and it is the operator's. ``share``: ``all`` (every public fact), ``mentioning``
(facts about credentials that name the peer's DID) or ``none``. Private facts go to peers they name and to no others.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from node.store.outbox import OutboxEvent
from node.store.peers import KnownPeer
from node.store.store import Store

DEFAULT_SHARE: Final = "mentioning"
SHARES: Final = ("all", "mentioning", "none")


class Sharing:
    """Turns events into deliveries, one for each peer that is to hear of it."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def share(self, at: datetime) -> int:
        """Make the deliveries of every event that has none yet; how many events were shared."""
        async with self._store.reading() as tx:
            if not await tx.outbox.unshared(limit=1):
                return 0
        async with self._store.writing() as tx:
            events = await tx.outbox.unshared()
            peers = [peer for peer in await tx.peers.all() if peer.state == "active"]
            for event in events:
                await tx.outbox.share(event.id, [peer.did for peer in peers if wants(peer, event)], at=at)
        return len(events)


def wants(peer: KnownPeer, event: OutboxEvent) -> bool:
    """Is ``peer`` to hear of ``event``?"""
    mentioned = peer.did in event.data.get("mentions", ())
    match peer.policy.get("share", DEFAULT_SHARE):
        case "all":
            return mentioned or not event.private
        case "mentioning":
            return mentioned
        case _:
            return False
