"""Before any handler: is this our name, is the body plain, who asks, and may they, and how often.

The rule: links and documents are built from settings and never from a request, so a request for another host is not
ours (421). Tokens come in one header and are compared by digest; a failed one is a uniform 401. Strangers have a small
budget a minute for what costs work. See docs/requirements.md S107, S109 and S111; docs/threat-model.md#coming-in.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from credentials.untp.kinds import CONFORMITY
from node.api.access import TOKENS, AccessRule, row_of
from node.api.callers import caller_of, is_local
from node.api.problems import Handler, RequestProblem
from node.errors import Forbidden, TooMany, Unauthenticated
from node.flows.identity.tokens import TokenRole
from node.running import NODE, RunningNode
from node.store import Grant
from node.wire.budget import RateCounter

GRANT: Final = web.RequestKey("grant", Grant)
_LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_LABELS: Final = 30  # pages of our own labels for each costly request that a stranger has


#: Requests of this minute by caller.
THROTTLE: Final = web.AppKey("throttle", RateCounter)


@web.middleware
async def host_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only requests for this node's name, or for loopback on the listener for people."""
    host = _host_of(request)
    if host != request.app[NODE].identity.host and not (host in _LOOPBACK_NAMES and is_local(request)):
        raise RequestProblem("This node does not answer under that host name.", code="WRONG_HOST", fix="Use its name.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RequestProblem("The body is compressed.", code="CONTENT_TYPE", fix="Send it as it is.")
    return await handler(request)


@web.middleware
async def access_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Look up the row, find out who asks, and refuse what the row does not allow."""
    row = row_of(request)
    if row is not None:
        await _admit(request, row)
    return await handler(request)


async def _admit(request: web.Request, row: AccessRule) -> None:
    node = request.app[NODE]
    grant = await _grant(request, node)
    if grant is not None:
        request[GRANT] = grant
    if row.role in TOKENS:
        if grant is None:
            raise Unauthenticated("This address asks for a token.", fix="Send Authorization: Bearer with the token.")
        if grant.role not in TOKENS[row.role]:
            raise Forbidden(f"A token for {grant.role} may not ask this.", fix=f"Use a token for {row.role}.")
    if row.costly:
        charge(request)


def charge(request: web.Request) -> None:
    """Take one costly request off a stranger's budget of this minute. Raises TooMany when it is spent."""
    node = request.app[NODE]
    minute = int(node.clock().timestamp() // 60)
    if is_operator(request):
        return
    if not request.app[THROTTLE].take(caller_of(request), minute=minute, limit=node.budgets.public_per_minute):
        raise TooMany("The public budget of this minute is spent.", retry_after=60)


def charge_label(request: web.Request) -> None:
    """Take one page of our own labels off a stranger's minute: what people scan is no foreign look-up, so not scarce.

    Raises:
        TooMany: even that is spent.
    """
    node = request.app[NODE]
    minute, limit = int(node.clock().timestamp() // 60), _LABELS * node.budgets.public_per_minute
    if not is_operator(request) and not request.app[THROTTLE].take(
        f"label {caller_of(request)}", minute=minute, limit=limit
    ):
        raise TooMany("Enough labels were looked at in this minute.", retry_after=60)


async def _grant(request: web.Request, node: RunningNode) -> Grant | None:
    """What the bearer token allows; None without one. Raises Unauthenticated when it is not good."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    async with node.store.reading() as tx:
        grant = await tx.tokens.grant_of(token.strip(), at=node.clock()) if scheme.lower() == "bearer" else None
    if grant is None:
        raise Unauthenticated("The token is not good here.", fix="Use the token that init printed, or make a new one.")
    return grant


def actor_of(request: web.Request) -> str:
    """Who asks, for the audit log."""
    grant = request.get(GRANT)
    return grant.actor if grant is not None else "public"


def is_operator(request: web.Request) -> bool:
    """Did the request come with a good token?"""
    return request.get(GRANT) is not None


def check_kind(request: web.Request, kind: str) -> None:
    """Refuse a certifier's token what is no conformity credential; ``kind`` is a short name. Raises Forbidden."""
    grant = request.get(GRANT)
    if grant is not None and grant.role == TokenRole.CERTIFIER and kind != CONFORMITY.short:
        raise Forbidden(
            "A token for certifier issues conformity credentials, and changes the status of no others.",
            fix="Use a token for issuer.",
        )


def _host_of(request: web.Request) -> str:
    host = request.headers.get("Host", "").lower()
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host
