"""What the world reads without an account: the DID document, status lists, and what this node can do.

The rule: built from settings and the store only; a status list is as fresh as its last acknowledged change (I7).
Specifications: did:web method 3.2; Bitstring Status List 1.0; federation.md §3.2.
"""

from __future__ import annotations

import json
from typing import Final

from aiohttp import web

from credentials.proofs.registry import SUITES
from node.api.credentials import FORMS
from node.api.negotiation import choose, tagged
from node.running import NODE

_DID_MAX_AGE: Final = 60


async def did_document(request: web.Request) -> web.Response:
    """The DID document of the default instance."""
    body = await request.app[NODE].publishing.did_document_bytes()
    return tagged(request, body, "application/did+json", max_age=_DID_MAX_AGE)


async def status_list(request: web.Request) -> web.Response:
    """A status list credential, the envelope unless another form is asked for."""
    node = request.app[NODE]
    chosen = choose(request, [*FORMS, "application/ld+json", "application/json"])
    form = FORMS.get(chosen, "vc")
    body = await node.publishing.status_list(request.match_info["token"], form=form, at=node.clock())
    return tagged(request, body, chosen, max_age=0)


async def capabilities(request: web.Request) -> web.Response:
    """What this node speaks, for other nodes: its DID, its addresses, its limits."""
    node = request.app[NODE]
    root = node.identity.public_url
    body = {
        "name": node.identity.name,
        "did": node.identity.did,
        "versions": ["1"],
        "inbox": f"{root}/fed/v1/inbox",
        "issuer": f"{root}/instances/{node.identity.instance}",
        "verifier": root,
        "traces": f"{root}/traces",
        "links": f"{root}/links",
        "openapi": f"{root}/openapi.json",
        "cryptosuites": sorted(SUITES),
        "limits": {"body": node.budgets.body, "batch": 50, "perMinute": node.budgets.peer_per_minute},
    }
    return tagged(request, json.dumps(body).encode("utf-8"), "application/json", max_age=_DID_MAX_AGE)
