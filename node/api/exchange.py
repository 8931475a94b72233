"""How far the exchange with peers is: what still has to go out, and what came in and waits."""

from __future__ import annotations

from aiohttp import web

from node.running import NODE


async def show(request: web.Request) -> web.Response:
    """200 with the number of events to share, and of deliveries and arrived events by state."""
    async with request.app[NODE].store.reading() as tx:
        unshared = len(await tx.outbox.unshared(limit=1000))
        body = {"unshared": unshared, "deliveries": await tx.outbox.counts(), "arrived": await tx.inbox.counts()}
    return web.json_response(body)
