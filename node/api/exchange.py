"""How far the exchange with peers is: what still has to go out, and what came in and waits."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from node.running import NODE

_SHOWN: Final = 100


async def show(request: web.Request) -> web.Response:
    """200 with the number of events to share, of deliveries and arrived events by state, and what is not read here."""
    async with request.app[NODE].store.reading() as tx:
        unshared = len(await tx.outbox.unshared(limit=1000))
        deliveries, arrived = await tx.streams.counts(), await tx.inbox.counts()
        unread = [{"id": id_, "peer": peer, "why": why} for id_, peer, why in await tx.inbox.unread(limit=_SHOWN)]
    return web.json_response({"unshared": unshared, "deliveries": deliveries, "arrived": arrived, "unread": unread})
