"""Every address of this node for machines, on one page.

The rule: an address is a row here and a row in ``access.ACCESS``; the start stops when one is missing. Rooms beside
this one (pages, resolver) bring their own rows through ``more``, the identifiers' catch-all last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from node.api import (
    audit_log,
    bulk,
    credentials,
    did_resolution,
    exchange,
    health,
    inbox,
    instances,
    keys,
    openapi,
    peers,
    tokens,
    told,
    traces,
    vc_api,
    vc_present,
    vc_verify,
    well_known,
)
from node.api.access import check_complete, key_of
from node.api.caller_sources import PACE
from node.api.callers import PLAIN
from node.api.guards import THROTTLE, access_middleware, host_middleware
from node.api.problems import Handler, problems_middleware
from node.running import NODE
from node.wire.budget import Pace


@dataclass(frozen=True, slots=True)
class Route:
    """One address: method, path as aiohttp routes it, and who answers."""

    method: str
    path: str
    handler: Handler

    @property
    def key(self) -> str:
        """The key of its access row: the path without the patterns of its parts."""
        return key_of(self.method, re.sub(r"\{(\w+):[^}]*\}", r"{\1}", self.path))


ISSUER_ROUTES: Final = (
    Route("POST", "/credentials/issue", vc_api.issue),
    Route("POST", "/credentials/verify", vc_verify.verify),
    Route("POST", "/credentials/status", vc_api.set_status),
    Route("POST", "/credentials/derive", vc_api.derive),
    Route("POST", "/presentations", vc_present.create),
    Route("POST", "/presentations/verify", vc_verify.verify_presentation),
    Route("POST", "/challenges", vc_verify.make_challenge),
    Route("POST", "/status-lists", instances.open_status_list),
    Route("GET", "/status-lists/{token}", instances.show_status_list),
    Route("GET", "/credentials", credentials.list_issued),
    Route("GET", "/credentials/{token}", credentials.show),
    Route("GET", "/credentials/{token}/status", credentials.show_status),
)

ROUTES: Final = (
    *ISSUER_ROUTES,  # the root is the instance `default`
    *(Route(route.method, "/instances/{instance}" + route.path, route.handler) for route in ISSUER_ROUTES),
    Route("POST", "/credentials/verify-many", bulk.verify_many),
    Route("GET", "/instances", instances.list_instances),
    Route("GET", "/1.0/identifiers/{did:.*}", did_resolution.resolve),
    Route("GET", "/.well-known/did.json", well_known.did_document),
    Route("GET", "/.well-known/trace-node", well_known.capabilities),
    Route("GET", well_known.REPORT_V1, well_known.report_schema),
    Route("GET", "/status/{token}", instances.show_status_list),
    Route("POST", "/traces", traces.trace),
    Route("GET", "/traces/{id}", traces.show),
    Route("POST", "/fed/v1/inbox", inbox.receive),
    Route("GET", "/fed/v1/told", told.told),
    Route("GET", "/fed/v1/held", told.held),
    Route("GET", "/exchange", exchange.show),
    Route("GET", "/deliveries", exchange.deliveries),
    Route("GET", "/audit", audit_log.list_audit),
    Route("POST", "/deliveries", exchange.change_deliveries),
    Route("GET", "/peers", peers.list_peers),
    Route("POST", "/peers", peers.add_peer),
    Route("DELETE", "/peers/{did}", peers.remove_peer),
    Route("POST", "/keys/rotations", keys.rotate),
    Route("POST", "/keys/compromises", keys.compromised),
    Route("GET", "/tokens", tokens.list_tokens),
    Route("POST", "/tokens", tokens.make_token),
    Route("DELETE", "/tokens/{number}", tokens.revoke_token),
    Route("GET", "/trust", peers.list_trust),
    Route("POST", "/trust/pins", peers.pin_trust),
    Route("GET", "/health/live", health.live),
    Route("GET", "/health/ready", health.ready),
    Route("GET", "/openapi.json", openapi.show),
)


def add_routes(app: web.Application, *, more: Iterable[web.RouteDef] = ()) -> None:
    """Put every address and every guard into ``app``; an address without an access row stops its start."""
    worker = app[NODE].worker
    app[THROTTLE] = worker.callers
    app[PLAIN] = set()
    app[PACE] = Pace(asked=worker.hosts)
    app[traces.JOBS] = traces.Jobs(shared_files=worker.shared_files)
    app.middlewares.extend((problems_middleware, host_middleware, access_middleware))
    app.add_routes([*_definitions(), *more])
    app.on_startup.append(_complete)
    app.cleanup_ctx.append(traces.jobs_context)


async def _complete(app: web.Application) -> None:
    check_complete(app)


def _definitions() -> Iterator[web.RouteDef]:
    for route in ROUTES:
        yield (
            web.get(route.path, route.handler)
            if route.method == "GET"
            else web.route(route.method, route.path, route.handler)
        )
