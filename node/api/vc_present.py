"""The W3C's HTTP interface for holders: make a presentation.

The rule: a presentation is made by the instance's own holder for whoever asked, and not kept; a node that answers the
world keeps what it issues, and revokes it instead of deleting it.
Specifications: VCALM 0.9 section 3.5.2; docs/conformance/w3c.md A7.
"""

from __future__ import annotations

from aiohttp import web

from credentials.encoding.document import Json
from node.api.bodies import object_of, options_of, read_json, text_of
from node.api.instances import instance_of
from node.running import NODE

_OPTIONS = ("challenge", "domain")


async def create(request: web.Request) -> web.Response:
    """201 with the presentation as its holder signed it."""
    return web.json_response({"verifiablePresentation": await made(request)}, status=201)


async def made(request: web.Request) -> dict[str, Json]:
    """The presentation that ``request`` asks for."""
    value = await read_json(request, ("presentation", "options"), required=("presentation",))
    options = options_of(value, _OPTIONS)
    asked = {name: text_of(options, name, pointer="/options") for name in _OPTIONS if name in options}
    presenting = instance_of(request).presenting
    return presenting.present(object_of(value, "presentation"), at=request.app[NODE].clock(), **asked)
