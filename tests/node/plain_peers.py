"""The companies of the season as others run them: addresses that resolve and serve, and nothing of this software."""

from __future__ import annotations

from aiohttp import web

from credentials.evidence import Absent, Need, NeedKind
from node.wire.folder import Folder
from tests.node.issuer import AT


class PlainPeers:
    """Every company of the season as a plain UNTP peer: it resolves and serves, and knows nothing of this software."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    async def serve(self, request: web.Request) -> web.Response:
        address = f"https://{request.host}{request.path}"
        if request.path == "/.well-known/did.json":
            need = Need(NeedKind.DID_DOCUMENT, f"did:web:{request.host}")
        elif request.query.get("linkType") == "linkset":
            need = Need(NeedKind.LINKSET, address)
        else:
            need = Need(NeedKind.STATUS_LIST if "/status/" in request.path else NeedKind.CREDENTIAL, address)
        found = (await self.folder.answer(frozenset({need}), at=AT))[need]
        if isinstance(found, Absent):
            return web.Response(status=404)
        return web.Response(body=found.body, content_type=found.media_type)
