"""Bearer tokens, for this node's administrator."""

from __future__ import annotations

from aiohttp import web

from credentials.errors import MalformedInput
from node.api.bodies import read_json, text_of
from node.api.guards import actor_of
from node.errors import NotHeld
from node.flows.identity import tokens
from node.running import NODE


async def list_tokens(request: web.Request) -> web.Response:
    """Every token that was made, the newest first; never the tokens themselves."""
    node = request.app[NODE]
    return web.json_response({"tokens": await tokens.listed(node.store, at=node.clock())})


async def make_token(request: web.Request) -> web.Response:
    """201 with the token, which is shown this once."""
    node = request.app[NODE]
    value = await read_json(request, ("role", "label", "days"), required=("role", "label"))
    days = value.get("days", tokens.DAYS)
    if isinstance(days, bool) or not isinstance(days, int):
        raise MalformedInput("days is not a whole number.", pointer="/days", fix=f"Send {tokens.DAYS}.")
    made = await tokens.made(
        node.store,
        role=text_of(value, "role"),
        label=text_of(value, "label"),
        days=days,
        actor=actor_of(request),
        at=node.clock(),
    )
    return web.json_response(made, status=201, headers={"Cache-Control": "no-store"})


async def revoke_token(request: web.Request) -> web.Response:
    """200 once the token is refused everywhere."""
    node, number = request.app[NODE], request.match_info["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotHeld("There is no token with that number.", pointer="/number", fix="GET /tokens lists them.")
    done = await tokens.revoked(node.store, int(number), actor=actor_of(request), at=node.clock())
    return web.json_response(done)
