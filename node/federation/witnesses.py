"""Asking the peers what they know of us, before anything is issued after a start.

The rule: all of them at once and only for so long; whoever does not answer holds up nothing, and what he knows comes
with his next receipt. See docs/federation.md#heads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from node.errors import UnknownPeer
from node.federation.client import PeerClient
from node.federation.own_heads import HeadMeaning, OwnHeads
from node.federation.peers import PeerBook
from node.store.store import Store

#: How long a start waits for the peers, in seconds.
PATIENCE: Final = 3.0

_log = structlog.get_logger("evidence")


class Witnesses:
    """The peers of a node as witnesses of what it told them."""

    def __init__(
        self,
        *,
        store: Store,
        peers: PeerBook,
        client: PeerClient,
        own_heads: OwnHeads,
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._peers = peers
        self._client = client
        self._own_heads = own_heads
        self._clock = clock
        self._patience = patience

    async def ask(self) -> dict[str, tuple[HeadMeaning, ...]]:
        """Ask every active peer for the heads of ours that it holds; what they mean, by the peers that answered."""
        async with self._store.reading() as tx:
            dids = await tx.peers.active()
        tasks = {did: asyncio.create_task(self._ask(did)) for did in dids}
        if not tasks:
            return {}
        _, late = await asyncio.wait(tasks.values(), timeout=self._patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        heads = {did: task.result() for did, task in tasks.items() if task not in late}
        _log.info("asked what peers know of us", peers=len(tasks), answered=sum(map(bool, heads.values())))
        return {did: await self._weighed(did, shown) for did, shown in heads.items()}

    async def _ask(self, did: str) -> tuple[str, ...]:
        try:
            return await self._client.heads(await self._peers.known(did), at=self._clock())
        except UnknownPeer:  # removed meanwhile
            return ()

    async def _weighed(self, did: str, heads: tuple[str, ...]) -> tuple[HeadMeaning, ...]:
        return tuple([await self._own_heads.weigh(did, raw, at=self._clock()) for raw in heads])
