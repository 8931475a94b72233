"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from aiohttp import web

from node.running import NODE


async def live(_: web.Request) -> web.Response:
    """200 as long as the process answers at all."""
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """200 when the database answers. A store that does not is a 503 by the table of problems."""
    await request.app[NODE].store.epoch()
    return web.json_response({"status": "ready"})
