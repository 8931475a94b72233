"""What peers may post: a signed batch of events in, a signed receipt out.

The rule: who sent it is settled before anything else is read from it, nothing is fetched for a stranger, and a nonce
counts once, also after a restart. See docs/federation.md#requests-between-nodes; docs/federation.md#receipts;
docs/requirements.md S116 and S117.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from node.api.bodies import read_body
from node.api.guards import THROTTLE
from node.api.problems import RequestProblem
from node.errors import TooMany, Unauthenticated
from node.federation.heads import FIELD, read_head, signer_of
from node.federation.message_signatures import LIFETIME, OLDEST, Caller, SignedRequest, claimed_key_id, verify_request
from node.federation.messages import BATCH_BYTES, BATCH_MEDIA_TYPE
from node.flows.exchange.storing import SignedHead
from node.running import NODE

_BATCH: Final = BATCH_MEDIA_TYPE.partition(";")[0]


async def receive(request: web.Request) -> web.Response:
    """202 with a signed receipt once every event of the batch is on disk."""
    node = request.app[NODE]
    if request.content_type != _BATCH:
        raise RequestProblem("This is no batch of events.", code="CONTENT_TYPE", fix=f"Send {BATCH_MEDIA_TYPE}.")
    body = await read_body(request, limit=BATCH_BYTES)
    caller = await _charged(request, body)
    head = await _head_of(request, caller)
    receipt = await node.receiving.take_in(caller, body, head=head, at=node.clock())
    return web.Response(status=202, body=receipt, content_type="application/json")


async def asked_by_peer(request: web.Request) -> Caller:
    """The known peer that signed this question; one more of its minute. Raises what :func:`authenticated` does."""
    return await _charged(request, b"")


async def _charged(request: web.Request, body: bytes) -> Caller:
    node, caller = request.app[NODE], await authenticated(request, body)
    minute = int(node.clock().timestamp() // 60)
    if not request.app[THROTTLE].take(caller.did, minute=minute, limit=node.budgets.peer_per_minute):
        raise TooMany("The budget of this peer for this minute is spent.", retry_after=60)
    return caller


async def _head_of(request: web.Request, caller: Caller) -> SignedHead | None:
    """The head of the caller's stream to us that came with the request; None when none did. Raises Unauthenticated."""
    node, raw = request.app[NODE], request.headers.get(FIELD, "")
    if not raw:
        return None
    keys = await node.peers.keys_of(caller.did, wanted=signer_of(raw), at=node.clock())
    head = read_head(raw, keys=keys)
    if (head.sender, head.to) != (caller.did, node.identity.did):
        raise Unauthenticated(
            "The head does not hold: it is of another stream.", code="HEAD_INVALID", fix="Send the head of this one."
        )
    return SignedHead(head=head, raw=raw)


async def authenticated(request: web.Request, body: bytes) -> Caller:
    """The known peer that signed this very request; what waits for it is due now, because it is there.

    Raises:
        Unauthenticated: the signature does not hold, or was used before.
        UnknownPeer: nobody by that DID is in the peer book.
    """
    node, at = request.app[NODE], request.app[NODE].clock()
    headers = {name.lower(): value for name, value in request.headers.items()}
    key_id = claimed_key_id(headers)
    keys = await node.peers.keys_of(key_id.partition("#")[0], wanted=key_id, at=at)
    # The authority is the name in the settings: a proxy in front may have another idea of host and port.
    url = node.identity.public_url + request.raw_path
    signed = SignedRequest(request.method, url, headers, body)
    caller = verify_request(
        signed, keys=keys, own_names=frozenset({node.identity.host}), own_did=node.identity.did, at=at
    )
    expires = at + OLDEST + LIFETIME
    if not await node.store.write(
        lambda tx: tx.tokens.spend_nonce(caller.key_id, caller.nonce, expires=expires, at=at)
    ):
        raise Unauthenticated("This signature was used before.", fix="Sign every request anew.")
    await node.outbox.heard_from(caller.did)
    return caller
