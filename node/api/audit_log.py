"""The audit log over HTTP, for who may read what was done."""

from __future__ import annotations

from aiohttp import web

from node.flows.identity.audit_list import audited
from node.running import NODE


async def list_audit(request: web.Request) -> web.Response:
    """200 with a page of the log, and ``next`` while there are more."""
    return web.json_response(await audited(request.app[NODE].store, dict(request.query)))
