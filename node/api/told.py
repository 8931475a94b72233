"""What peers may ask us about themselves: the heads of their streams to us that we hold.

The rule: a peer is shown what it signed and told itself, and nothing of anybody else. See docs/federation.md#heads.
"""

from __future__ import annotations

from aiohttp import web

from node.api.inbox import asked_by_peer
from node.running import NODE


async def told(request: web.Request) -> web.Response:
    """200 with the lives of the peer that we know of, its newest head first, each as the peer signed it."""
    caller = await asked_by_peer(request)
    async with request.app[NODE].store.reading() as tx:
        heads = await tx.heard.heads(caller.did)
    lives = [{"epoch": head.epoch, "previous": head.previous, "head": head.raw} for head in heads]
    return web.json_response({"heads": lives})
