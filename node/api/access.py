"""Who may ask what: one table with a row for every route, and nothing served without one.

The rule: deny by default. A route without a row stops the start; a row says which role is needed and whether
strangers spend their small budget on it. See docs/requirements.md D8, S109 and S111; docs/threat-model.md#coming-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from aiohttp import web

from node.flows.identity.tokens import TokenRole


class CallerRole(StrEnum):
    """What a caller must be; which tokens are that says ``TOKENS``."""

    PUBLIC = "public"
    AUDITOR = "auditor"
    ISSUER = "issuer"
    OPERATOR = "operator"
    PEER = "peer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One row: the role that is needed, and whether a stranger's request costs budget."""

    role: CallerRole
    costly: bool = False


_ADMIN: Final = frozenset({TokenRole.ADMIN})
_OPERATOR: Final = _ADMIN | {TokenRole.OPERATOR}
_ISSUER: Final = _OPERATOR | {TokenRole.ISSUER, TokenRole.CERTIFIER}
#: What a row asks for → the tokens that are enough for it.
TOKENS: Final[Mapping[CallerRole, frozenset[TokenRole]]] = MappingProxyType(
    {
        CallerRole.AUDITOR: _ISSUER | {TokenRole.AUDITOR},
        CallerRole.ISSUER: _ISSUER,
        CallerRole.OPERATOR: _OPERATOR,
        CallerRole.ADMIN: _ADMIN,
    }
)

PUBLIC: Final = AccessRule(CallerRole.PUBLIC)
COSTLY: Final = AccessRule(CallerRole.PUBLIC, costly=True)
AUDITOR: Final = AccessRule(CallerRole.AUDITOR)
ISSUER: Final = AccessRule(CallerRole.ISSUER)
OPERATOR: Final = AccessRule(CallerRole.OPERATOR)
PEER: Final = AccessRule(CallerRole.PEER)
ADMIN: Final = AccessRule(CallerRole.ADMIN)

_VC_API: Final = {
    "POST {root}/credentials/issue": ISSUER,
    "POST {root}/credentials/verify": COSTLY,
    "POST {root}/credentials/status": ISSUER,
    "POST {root}/credentials/derive": COSTLY,
    "POST {root}/presentations": OPERATOR,
    "POST {root}/presentations/verify": COSTLY,
    "POST {root}/challenges": COSTLY,
    "POST {root}/status-lists": OPERATOR,
    "GET {root}/status-lists/{token}": PUBLIC,
    "GET {root}/credentials": AUDITOR,
    "GET {root}/credentials/{token}": PUBLIC,
    "GET {root}/credentials/{token}/status": AUDITOR,
}

#: ``METHOD path-as-routed`` → who may ask. HEAD goes with GET.
ACCESS: Final[Mapping[str, AccessRule]] = MappingProxyType(
    {
        **{key.replace("{root}", ""): row for key, row in _VC_API.items()},
        **{key.replace("{root}", "/instances/{instance}"): row for key, row in _VC_API.items()},
        "POST /credentials/verify-many": OPERATOR,
        "GET /": PUBLIC,
        "GET /instances": PUBLIC,
        "GET /1.0/identifiers/{did}": COSTLY,
        "GET /.well-known/did.json": PUBLIC,
        "GET /.well-known/trace-node": PUBLIC,
        "GET /.well-known/resolver": PUBLIC,
        "GET /status/{token}": PUBLIC,
        "GET /links": PUBLIC,
        "GET /health/live": PUBLIC,
        "GET /health/ready": PUBLIC,
        "GET /openapi.json": PUBLIC,
        "GET /schemas/report-v1.json": PUBLIC,
        "POST /traces": COSTLY,
        "GET /traces/{id}": PUBLIC,
        "GET /verify": PUBLIC,
        "GET /check": PUBLIC,
        "GET /problems": PUBLIC,
        "GET /rules": PUBLIC,
        "GET /vocabulary": PUBLIC,
        "GET /qr": PUBLIC,
        "GET /labels": AUDITOR,
        "POST /verify": COSTLY,
        "GET /trace": PUBLIC,  # costs when a trace begins, not while its page waits for it
        "POST /fed/v1/inbox": PEER,
        "GET /fed/v1/told": PEER,
        "GET /fed/v1/held": PEER,
        "GET /exchange": AUDITOR,
        "GET /deliveries": AUDITOR,
        "GET /audit": AUDITOR,
        "POST /deliveries": ADMIN,
        "GET /peers": ADMIN,
        "POST /peers": ADMIN,
        "DELETE /peers/{did}": ADMIN,
        "POST /keys/rotations": ADMIN,
        "POST /keys/compromises": ADMIN,
        "GET /tokens": ADMIN,
        "POST /tokens": ADMIN,
        "DELETE /tokens/{number}": ADMIN,
        "GET /trust": ADMIN,
        "POST /trust/pins": ADMIN,
        "GET /{path}": PUBLIC,
    }
)


def key_of(method: str, path: str) -> str:
    """The key of a route's row."""
    return f"{'GET' if method == 'HEAD' else method} {path}"


def row_of(request: web.Request) -> AccessRule | None:
    """The row of the route that ``request`` matched; None when it matched none."""
    resource = request.match_info.route.resource
    return ACCESS.get(key_of(request.method, resource.canonical)) if resource else None


def check_complete(app: web.Application) -> None:
    """Refuse to start with a route that has no row. Raises RuntimeError naming it."""
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else "?"
        if key_of(route.method, path) not in ACCESS:
            raise RuntimeError(f"no access row for {key_of(route.method, path)}")
