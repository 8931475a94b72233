"""How far the exchange with peers is: what still has to go out, and what came in and waits."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from node.api.bodies import read_json, text_of
from node.api.guards import actor_of
from node.flows.exchange.outgoing import changed, listed
from node.flows.issuing.doubt import doubt_of
from node.running import NODE

_SHOWN: Final = 100


async def show(request: web.Request) -> web.Response:
    """200 with the number of events to share, of deliveries and arrived events by state, and what is not read here.

    Who answers at our own address, and what keeps us from issuing, is told where it is known.
    After a life that began in doubt also what each peer gave back, and what nobody showed.
    """
    async with request.app[NODE].store.reading() as tx:
        unshared = len(await tx.outbox.unshared(limit=1000))
        deliveries, arrived = await tx.streams.counts(), await tx.inbox.counts()
        answering, doubt = await tx.evidence.answering(), await tx.evidence.stopping()
        gathered, orphans = await tx.adopted.all(), await tx.adopted.orphans()
        unread = [{"id": id_, "peer": peer, "why": why} for id_, peer, why in await tx.inbox.unread(limit=_SHOWN)]
    shown: dict[str, Any] = {"unshared": unshared, "deliveries": deliveries, "arrived": arrived, "unread": unread}
    if answering:
        shown["ownAddress"] = answering
    if doubt is not None:
        shown["doubt"] = doubt_of(doubt).problem.detail
    if gathered:
        shown["gathered"] = {"peers": [asdict(one) for one in gathered], "indexesWithoutCredential": orphans}
    return web.json_response(shown)


async def deliveries(request: web.Request) -> web.Response:
    """200 with a page of deliveries, and ``next`` while there are more."""
    return web.json_response(await listed(request.app[NODE].store, dict(request.query)))


async def change_deliveries(request: web.Request) -> web.Response:
    """200 once the deliveries to a peer are tried, skipped, paused or resumed."""
    node = request.app[NODE]
    members = ("peer", "action")
    value = await read_json(request, members, required=members)
    peer, action = text_of(value, "peer"), text_of(value, "action")
    done = await changed(node.store, peer=peer, action=action, actor=actor_of(request), at=node.clock())
    node.outbox.notify()
    return web.json_response(done)
