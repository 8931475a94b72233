"""The description of this node's addresses for programs: OpenAPI 3.1, made from the routes that are really there.

The rule: paths, methods and security come from the router and the access table, so they cannot lag behind; what a
route takes and gives is one row of ``SHAPES``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from node.api.access import ACCESS, TOKENS, AccessRule, key_of
from node.api.did_resolution import DEREFERENCING, RESOLUTION
from node.running import NODE

_VERSION: Final = "1.0.0"  # of this interface, not of the software behind it
_OBJECT: Final = {"type": "object"}
_TEXT: Final = {"type": "string"}


def _members(required: tuple[str, ...], **members: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "additionalProperties": False, "properties": members}


_ISSUE: Final = _members(
    ("credential",),
    credential=_OBJECT,
    options=_members((), private={"type": "boolean"}, to={"type": "array", "items": _TEXT}, dryRun={"type": "boolean"}),
)
_SECURED: Final = {"oneOf": [_OBJECT, _TEXT]}
_VERIFY: Final = _members(
    ("verifiableCredential",),
    verifiableCredential=_SECURED,
    options=_members(
        (),
        returnCredential={"type": "boolean"},
        returnResults={"type": "boolean"},
        returnProblemDetails={"type": "boolean"},
        checks={"type": "array", "items": _TEXT},
    ),
)
_STATUS: Final = _members(
    ("credentialId", "credentialStatus", "status"),
    credentialId=_TEXT,
    credentialStatus=_OBJECT,
    status={"type": ["boolean", "integer"], "minimum": 0, "maximum": 255},
    indexAllocator=_TEXT,
    reason=_TEXT,
)
_DERIVE: Final = _members(
    ("verifiableCredential",),
    verifiableCredential=_OBJECT,
    options=_members((), selectivePointers={"type": "array", "items": _TEXT}),
)
_STATUS_LIST: Final = _members(("statusPurpose",), statusPurpose=_TEXT, options=_members(()))
_PRESENTATION: Final = _members(
    (),
    verifiablePresentation=_SECURED,
    presentation=_OBJECT,
    options=_members((), challenge=_TEXT, domain=_TEXT, returnPresentation={"type": "boolean"}),
)
_PRESENT: Final = _members(("presentation",), presentation=_OBJECT, options=_members((), challenge=_TEXT, domain=_TEXT))
_TRACE: Final = _members(
    ("identifier",),
    identifier=_TEXT,
    claims={"type": "array", "items": _TEXT},
    policy=_OBJECT,
    at={"type": "string", "format": "date-time"},
    known={"type": "string", "format": "date-time"},
    budget={"type": "integer"},
    withPrivate={"type": "boolean"},
)

#: Path below an instance → (summary, body schema or None, status of success, its media type).
SHAPES: Final[Mapping[str, tuple[str, Mapping[str, Any] | None, int, str]]] = {
    "POST /credentials/issue": ("Issue a credential from a draft", _ISSUE, 201, "application/json"),
    "POST /credentials/verify": ("Verify a credential", _VERIFY, 200, "application/json"),
    "POST /credentials/verify-many": ("Verify many, a line each (NDJSON)", None, 200, "application/x-ndjson"),
    "POST /credentials/status": ("Change the status of a credential", _STATUS, 200, "application/json"),
    "POST /presentations": ("Make a presentation as its holder", _PRESENT, 201, "application/json"),
    "POST /presentations/verify": ("Verify a presentation", _PRESENTATION, 200, "application/json"),
    "POST /credentials/derive": ("Show a part of a credential", _DERIVE, 201, "application/json"),
    "POST /challenges": ("Make a challenge for one presentation", None, 200, "application/json"),
    "POST /status-lists": ("Open a status list", _STATUS_LIST, 201, "application/json"),
    "GET /status-lists/{token}": ("A status list credential", None, 200, "application/vc+jwt"),
    "GET /instances": ("The issuer instances", None, 200, "application/json"),
    "GET /1.0/identifiers/{did}": ("Resolve a DID or dereference a DID URL", None, 200, "application/did-resolution"),
    "GET /credentials": ("List what was issued", None, 200, "application/json"),
    "GET /credentials/{token}/status": ("Its state and every change of it", None, 200, "application/json"),
    "GET /credentials/{token}": ("A published credential", None, 200, "application/vc+jwt"),
    "GET /.well-known/did.json": ("The DID document", None, 200, "application/did+json"),
    "GET /.well-known/trace-node": ("What this node can do", None, 200, "application/json"),
    "GET /.well-known/resolver": ("What this resolver can do", None, 200, "application/json"),
    "GET /status/{token}": ("A status list credential", None, 200, "application/vc+jwt"),
    "GET /links": ("What is known about an identifier", None, 200, "application/linkset+json"),
    "GET /{path}": ("Resolve an identifier of this host", None, 200, "application/linkset+json"),
    "POST /traces": ("Judge the chain behind an identifier", _TRACE, 200, "application/json"),
    "GET /traces/{id}": ("A trace under way or done", None, 200, "application/json"),
    "POST /fed/v1/inbox": ("Deliver a signed batch of events", None, 202, "application/json"),
    "GET /fed/v1/told": ("What a peer told us, and the heads that it signed", None, 200, "application/json"),
    "GET /fed/v1/held": ("What is kept here of a peer's own documents", None, 200, "application/json"),
    "GET /exchange": ("What waits to go out, and what came in", None, 200, "application/json"),
    "GET /audit": ("The audit log, the newest line first", None, 200, "application/json"),
    "GET /deliveries": ("What goes out to peers, with state, reason and next try", None, 200, "application/json"),
    "POST /deliveries": (
        "Try, skip, pause or resume the deliveries to a peer",
        _members(("peer", "action"), peer=_TEXT, action=_TEXT),
        200,
        "application/json",
    ),
    "GET /peers": ("The peer book", None, 200, "application/json"),
    "POST /peers": ("Add a peer", _members(("did",), did=_TEXT, policy=_OBJECT), 201, "application/json"),
    "DELETE /peers/{did}": ("Remove a peer", None, 204, "application/json"),
    "POST /keys/rotations": (
        "Publish a new key beside the old one",
        _members(("purpose",), purpose=_TEXT, wait={"type": "integer"}),
        201,
        "application/json",
    ),
    "POST /keys/compromises": (
        "Publish a key as revoked",
        _members(("key", "since"), key=_TEXT, since=_TEXT),
        200,
        "application/json",
    ),
    "GET /tokens": ("The bearer tokens that were made, without the tokens themselves", None, 200, "application/json"),
    "POST /tokens": (
        "Make a bearer token",
        _members(("role", "label"), role=_TEXT, label=_TEXT, days={"type": "integer"}),
        201,
        "application/json",
    ),
    "DELETE /tokens/{number}": ("Revoke a bearer token", None, 200, "application/json"),
    "GET /trust": ("Whose trust lists are believed", None, 200, "application/json"),
    "POST /trust/pins": (
        "Believe a DID's trust lists",
        _members(("did",), did=_TEXT, note=_TEXT),
        201,
        "application/json",
    ),
    "GET /health/live": ("Is the process alive", None, 200, "application/json"),
    "GET /health/ready": ("Can it do its work", None, 200, "application/json"),
    "GET /schemas/report-v1.json": ("The JSON Schema of a report", None, 200, "application/schema+json"),
    "GET /openapi.json": ("This description", None, 200, "application/json"),
}


#: Addresses that answer a bad question in the form of a specification of their own (docs/conformance/w3c.md A6.5).
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"GET /1.0/identifiers/{did}": (RESOLUTION, DEREFERENCING)}


async def show(request: web.Request) -> web.Response:
    """The description of everything this node serves to programs."""
    node = request.app[NODE]
    return web.json_response(describe(request.app, name=node.identity.name, url=node.identity.public_url))


def describe(app: web.Application, *, name: str, url: str) -> dict[str, Any]:
    """The OpenAPI document of ``app``."""
    paths: dict[str, dict[str, Any]] = {}
    for route in app.router.routes():
        if route.resource is None or route.method == "HEAD":
            continue
        path = route.resource.canonical
        key = key_of(route.method, path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(key, path, ACCESS[key])
    return {
        "openapi": "3.1.0",
        "info": {"title": f"tracenode of {name}", "version": _VERSION},
        "servers": [{"url": url}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
    }


def _operation(key: str, path: str, row: AccessRule) -> dict[str, Any]:
    summary, body, status, media_type = SHAPES.get(
        key.replace("/instances/{instance}", ""), (key, None, 200, "text/html")
    )
    operation: dict[str, Any] = {
        "summary": summary,
        "tags": [str(row.role)],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": _TEXT} for name in re.findall(r"\{(\w+)\}", path)
        ],
        "responses": {
            str(status): {"description": "Done", "content": {media_type: {}}},
            "default": {
                "description": "A named problem",
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
                    **{form: {} for form in _ALSO.get(key, ())},
                },
            },
        },
    }
    if row.role in TOKENS:
        operation["security"] = [{"token": []}]
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "pointer", "fix"],
    "properties": dict.fromkeys(("type", "title", "detail", "code", "pointer", "fix"), _TEXT)
    | {"status": {"type": "integer"}},
}
