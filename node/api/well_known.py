"""What the world reads without an account: the DID document, and what this node can do.

The rule: built from settings and the store only. Specifications: did:web method 3.2; docs/federation.md#what-we-speak.
"""

from __future__ import annotations

import json
from typing import Final

from aiohttp import web

from credentials.errors import MalformedInput
from credentials.proofs.suites import SUITES
from credentials.provenance import REPORT_SCHEMA
from node.api.bodies import query_of
from node.api.guards import charge
from node.api.negotiation import tagged
from node.federation.instances import CHALLENGE, NodeInstance, signed_instance
from node.keyring import PeerKey
from node.running import NODE

_DID_MAX_AGE: Final = 60
_SCHEMA_MAX_AGE: Final = 3600
#: Where the shape of a report is published; another shape gets another number.
REPORT_V1: Final = "/schemas/report-v1.json"


async def did_document(request: web.Request) -> web.Response:
    """The DID document of the default instance."""
    body = await request.app[NODE].publishing.did_document_bytes()
    return tagged(request, body, "application/did+json", max_age=_DID_MAX_AGE)


async def capabilities(request: web.Request) -> web.Response:
    """What this node speaks, for other nodes: its DID, its addresses, its limits.

    With ``challenge`` also which database answers, signed.
    """
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
        "reports": f"{root}{REPORT_V1}",
        "links": f"{root}/links",
        "openapi": f"{root}/openapi.json",
        "cryptosuites": sorted(SUITES),
        "limits": {"body": node.budgets.body, "batch": 50, "perMinute": node.budgets.peer_per_minute},
    }
    challenge = query_of(request).get("challenge")
    if challenge is None:
        return tagged(request, json.dumps(body).encode("utf-8"), "application/json", max_age=_DID_MAX_AGE)
    return web.json_response(
        {**body, "instance": await _instance(request, challenge)}, headers={"Cache-Control": "no-store"}
    )


async def _instance(request: web.Request, challenge: str) -> str:
    """The life of the database that answers, signed over the challenge. Raises MalformedInput and TooMany."""
    if not CHALLENGE.fullmatch(challenge):
        raise MalformedInput(
            "The challenge is not 16 to 128 letters, digits, - and _.", pointer="/challenge", fix="Make a random one."
        )
    charge(request)  # a signature for whoever asks
    node = request.app[NODE]
    shown = NodeInstance(did=node.identity.did, instance=await node.store.epoch(), challenge=challenge)
    at = node.clock()
    return signed_instance(shown, PeerKey(node.keyring).at(at), at=at)


async def report_schema(request: web.Request) -> web.Response:
    """The JSON Schema of the reports of this node."""
    body = json.dumps(REPORT_SCHEMA, sort_keys=True).encode("utf-8")
    return tagged(request, body, "application/schema+json", max_age=_SCHEMA_MAX_AGE)
