"""Replacing this node's keys, for its administrator."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from credentials.encoding.moments import parse_moment
from credentials.errors import MalformedInput
from node.api.bodies import read_json, text_of
from node.api.guards import actor_of
from node.flows.identity.keys import LONGEST_WAIT, WAIT, KeyCare, compromise_json, rotation_json
from node.running import NODE


async def rotate(request: web.Request) -> web.Response:
    """201 once a new key is published beside the old one."""
    node = request.app[NODE]
    value = await read_json(request, ("purpose", "wait"), required=("purpose",))
    wait = value.get("wait", int(WAIT.total_seconds()))
    if isinstance(wait, bool) or not isinstance(wait, int) or not 0 <= wait <= LONGEST_WAIT.total_seconds():
        raise MalformedInput("wait is not a number of seconds.", pointer="/wait", fix="Send at most thirty days.")
    care = KeyCare(keyring=node.keyring, store=node.store)
    made = await care.rotate(
        text_of(value, "purpose"), at=node.clock(), wait=timedelta(seconds=wait), actor=actor_of(request)
    )
    return web.json_response(rotation_json(made), status=201)


async def compromised(request: web.Request) -> web.Response:
    """200 once the key is published as revoked; with the credentials that it signed."""
    node = request.app[NODE]
    value = await read_json(request, ("key", "since"), required=("key", "since"))
    since = parse_moment(value["since"], pointer="/since")
    care = KeyCare(keyring=node.keyring, store=node.store)
    done = await care.compromised(text_of(value, "key"), since=since, at=node.clock(), actor=actor_of(request))
    return web.json_response(compromise_json(done))
