"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.flows.issuing.doubt import doubt_of
from node.running import NODE


async def live(_: web.Request) -> web.Response:
    """200 as long as the process answers at all."""
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """200 when the database answers and every worker serves; which one says so is told where there are several.

    What keeps the node from issuing is told as ``issuing``, by the code of its problem: it answers all the same.
    A store that does not answer is a 503 by the table of problems.
    """
    node = request.app[NODE]
    async with node.store.reading() as tx:
        doubt = await tx.evidence.stopping()
    worker, serving = node.worker, node.worker.serving()
    answer: dict[str, Any] = {"status": "ready" if serving >= worker.size else "starting"}
    if doubt is not None:
        answer["issuing"] = doubt_of(doubt).problem.code
    if worker.size > 1:
        answer |= {"worker": worker.number, "workers": worker.size, "serving": serving}
    return web.json_response(answer, status=200 if serving >= worker.size else 503)
