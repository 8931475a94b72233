"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.running import NODE


async def live(_: web.Request) -> web.Response:
    """200 as long as the process answers at all."""
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """200 when the database answers and every worker serves; which one says so is told where there are several.

    A store that does not answer is a 503 by the table of problems.
    """
    node = request.app[NODE]
    await node.store.epoch()
    worker, serving = node.worker, node.worker.serving()
    answer: dict[str, Any] = {"status": "ready" if serving >= worker.size else "starting"}
    if worker.size > 1:
        answer |= {"worker": worker.number, "workers": worker.size, "serving": serving}
    return web.json_response(answer, status=200 if serving >= worker.size else 503)
