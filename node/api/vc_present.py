"""The W3C's HTTP interface for holders: make a presentation; and, where an instance has a drawer, keep and delete.

The rule: a presentation is made by the instance's own holder for whoever asked, and kept only where there is a drawer
(the conformance profile); a node that answers the world keeps what it issues and revokes it instead of deleting it.
Specifications: VCALM 0.9 sections 3.2.2, 3.2.3 and 3.5.2 to 3.5.5; w3c.md A7.
"""

from __future__ import annotations

import secrets
from urllib.parse import quote

from aiohttp import web

from node.api.bodies import object_of, options_of, read_json, text_of
from node.api.instances import instance_of
from node.errors import NotHeld
from node.flows.issuing.drawer import Drawer
from node.flows.issuing.instances import Instance
from node.running import NODE

_OPTIONS = ("challenge", "domain")


async def create(request: web.Request) -> web.Response:
    """201 with the presentation as its holder signed it."""
    instance = instance_of(request)
    value = await read_json(request, ("presentation", "options"), required=("presentation",))
    options = options_of(value, _OPTIONS)
    asked = {name: text_of(options, name, pointer="/options") for name in _OPTIONS if name in options}
    made = instance.presenting.present(object_of(value, "presentation"), at=request.app[NODE].clock(), **asked)
    headers = {}
    if instance.drawers is not None:
        name = str(made.get("id") or secrets.token_urlsafe(16))
        instance.drawers.presentations.put(name, made)
        headers["Location"] = f"{instance.root}/presentations/{quote(name, safe='')}"
    return web.json_response({"verifiablePresentation": made}, status=201, headers=headers)


async def list_presentations(request: web.Request) -> web.Response:
    """200 with every presentation that is kept."""
    return web.json_response(_presentations(instance_of(request)).all())


async def show_presentation(request: web.Request) -> web.Response:
    """200, 404, or 410 once it was deleted."""
    return web.json_response(_presentations(instance_of(request)).get(request.match_info["id"]))


async def delete_presentation(request: web.Request) -> web.Response:
    """202 once it is deleted."""
    _presentations(instance_of(request)).take_out(request.match_info["id"])
    return web.Response(status=202)


async def show_credential(request: web.Request) -> web.Response:
    """200 with a credential that was issued here in this run, 404, or 410 once it was deleted."""
    return web.json_response({"verifiableCredential": _credentials(instance_of(request)).get(request.match_info["id"])})


async def delete_credential(request: web.Request) -> web.Response:
    """202 once it is deleted here; what was given out stays good until its status says otherwise."""
    _credentials(instance_of(request)).take_out(request.match_info["id"])
    return web.Response(status=202)


def _presentations(instance: Instance) -> Drawer:
    if instance.drawers is None:
        raise NotHeld("This instance keeps no presentations.", fix="Keep the one that you were given.")
    return instance.drawers.presentations


def _credentials(instance: Instance) -> Drawer:
    if instance.drawers is None:
        raise NotHeld("This instance keeps no credentials of others.", fix="Use the address of the credential.")
    return instance.drawers.credentials
