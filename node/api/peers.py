"""Whom this node speaks to and whose trust lists it believes, for its administrator."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from credentials.did.methods import resolution_url
from credentials.errors import MalformedInput
from node.api.bodies import only_members, read_json, text_of
from node.api.guards import actor_of
from node.flows.exchange.sharing import SHARES
from node.running import NODE
from node.store import AuditLine, KnownPeer

_POLICY: Final = ("share",)


async def list_peers(request: web.Request) -> web.Response:
    """Every peer, by DID."""
    async with request.app[NODE].store.reading() as tx:
        return web.json_response([_line(peer) for peer in await tx.peers.all()])


async def add_peer(request: web.Request) -> web.Response:
    """201 once the DID is resolved and the peer is in the book."""
    node = request.app[NODE]
    value = await read_json(request, ("did", "policy"), required=("did",))
    policy = value.get("policy", {})
    if not isinstance(policy, dict):
        raise MalformedInput("policy is not an object.", pointer="/policy", fix="Send an object or leave it out.")
    only_members(policy, _POLICY, pointer="/policy")
    if policy.get("share", SHARES[0]) not in SHARES:
        raise MalformedInput("share is no known word.", pointer="/policy/share", fix=f"Use {', '.join(SHARES)}.")
    peer = await node.peers.add(text_of(value, "did"), policy=policy, at=node.clock())
    return web.json_response(_line(peer), status=201)


async def remove_peer(request: web.Request) -> web.Response:
    """204 once the peer is forgotten."""
    node, did = request.app[NODE], request.match_info["did"]
    async with node.store.writing() as tx:
        await tx.peers.remove(did)
        await tx.audit.append(AuditLine(actor=actor_of(request), action="peer.remove", object=did), at=node.clock())
    return web.Response(status=204)


async def list_trust(request: web.Request) -> web.Response:
    """The DIDs whose signed trust lists are believed, and the size of the local list."""
    node = request.app[NODE]
    async with node.store.reading() as tx:
        pins = await tx.trust.all()
    body = {"pins": [{"did": did, "note": note} for did, note in pins], "localEntries": len(node.trust.entries)}
    return web.json_response(body)


async def pin_trust(request: web.Request) -> web.Response:
    """201 once the trust lists that a DID signs are believed."""
    node, at = request.app[NODE], request.app[NODE].clock()
    value = await read_json(request, ("did", "note"), required=("did",))
    did, note = text_of(value, "did"), value.get("note", "")
    if not isinstance(note, str) or len(note) > 1000:
        raise MalformedInput("note is not a short text.", pointer="/note", fix="Send at most 1000 characters.")
    resolution_url(did)  # refuses what is no DID
    async with node.store.writing() as tx:
        if await tx.trust.pin(did, note=note, at=at):
            await tx.audit.append(AuditLine(actor=actor_of(request), action="trust.pin", object=did), at=at)
    return web.json_response({"did": did, "note": note}, status=201)


def _line(peer: KnownPeer) -> dict[str, object]:
    return {"did": peer.did, "endpoint": peer.endpoint, "state": peer.state, "policy": dict(peer.policy)}
