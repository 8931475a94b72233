"""Sharing: which peers hear of an event. New and changed credentials reach them by themselves.

The rule: a peer's policy decides, and it is the operator's. ``share``: ``all`` (every public fact), ``mentioning``
(facts about credentials that name the peer's DID) or ``none``. Private facts go to peers they name and to no others.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from node.store.outbox import OutboxEvent
from node.store.peers import KnownPeer
from node.store.store import Store, Transaction

DEFAULT_SHARE: Final = "mentioning"
SHARES: Final = ("all", "mentioning", "none")
#: Peers that are asked in one transaction, over all its events.
SLICE: Final = 500
_EVENTS: Final = 20  # that are read for one slice: a private one holds a whole credential


class Sharing:
    """Gives events their places in the streams to the peers that are to hear of them."""

    def __init__(self, *, store: Store, slice_of: int = SLICE) -> None:
        self._store = store
        self._slice = slice_of

    async def share(self, at: datetime) -> int:
        """Give out one slice of places, so that other writers go between; how many events came further by it.

        0 when every event has all its places. A peer's order is the events': the next one waits for the last peer of
        the one before.
        """
        async with self._store.reading() as tx:
            if not await tx.outbox.unshared(limit=1):
                return 0
        return await self._store.write(partial(self._share_slice, at=at))

    async def _share_slice(self, tx: Transaction, *, at: datetime) -> int:
        await tx.outbox.sharing_in_turn()
        asked, events = 0, 0
        first = await tx.peers.audience(after="", limit=self._slice)
        for event in await tx.outbox.unshared(limit=_EVENTS):
            if asked and asked + len(first) > self._slice:
                break
            peers = await tx.peers.audience(after=event.told_up_to, limit=self._slice) if event.told_up_to else first
            named = [peer.did for peer in peers if peer.state == "active" and wants(peer, event)]
            more = peers[-1].did if len(peers) == self._slice else ""
            await tx.outbox.share(event.id, named, at=at, told_up_to=more)
            asked, events = asked + len(peers), events + 1
            if more:
                break
        return events


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
