"""Published credentials at their own address, and the operator's list of them.

The rule: exact bytes as issued, the envelope unless another form is asked for (link digests cover it); a private
credential is not here for anyone without a token. UNTP 0.7.0, Identity Resolver; docs/requirements.md D8;
docs/conformance/w3c.md A7.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from node.api.bodies import query_of
from node.api.guards import is_operator
from node.api.negotiation import choose, tagged
from node.api.pages import PAGES
from node.errors import NotHeld
from node.flows.issuing.instances import DEFAULT
from node.flows.issuing.issued_list import listed, told
from node.running import NODE
from node.wire.accept import HTML

#: Media type → the form that is served under it, the default first.
FORMS: Final = {"application/vc+jwt": "vc+jwt", "application/vc": "vc"}
_JSON_NAMES: Final = ("application/ld+json", "application/json")
_MAX_AGE: Final = 300


async def show(request: web.Request) -> web.StreamResponse:
    """One credential in the form the caller likes best."""
    check_instance(request)
    token = request.match_info["token"]
    async with request.app[NODE].store.reading() as tx:
        credential = await tx.issued.by_token(token)
        if credential is None or (credential.private and not is_operator(request)):
            raise NotHeld("No credential is published here.", fix="Check the address.")
        bodies = {name: await tx.issued.body(token, form) for name, form in FORMS.items()}
    held = {name: raw for name, raw in bodies.items() if raw is not None}
    if FORMS.keys() >= held.keys() and "application/vc" in held:
        held |= dict.fromkeys(_JSON_NAMES, held["application/vc"])
    pages = request.app.get(PAGES)
    wanted = request.query.get("form", "")  # how a page links to a form without an Accept header
    chosen = wanted if wanted in held else choose(request, [*held, *([HTML] if pages is not None else [])])
    if chosen == HTML and pages is not None:
        return await pages.credential(request, credential)
    response = tagged(request, held[chosen], chosen, max_age=0 if credential.private else _MAX_AGE)
    if credential.private:
        response.headers["Cache-Control"] = "private, no-store"
        del response.headers["Access-Control-Allow-Origin"]
    return response


async def list_issued(request: web.Request) -> web.Response:
    """The newest credentials, a page at a time, filtered as asked; ``next`` is the cursor of the following page."""
    check_instance(request)
    node, instance = request.app[NODE], request.match_info.get("instance", DEFAULT)
    return web.json_response(await listed(node.store, instance, query_of(request), at=node.clock()))


async def show_status(request: web.Request) -> web.Response:
    """One credential of ours with its state and every change of it."""
    check_instance(request)
    node, token = request.app[NODE], request.match_info["token"]
    async with node.store.reading() as tx:
        credential = await tx.issued.by_token(token)
    return web.json_response(await told(node.store, credential.url if credential else "", at=node.clock()))


def check_instance(request: web.Request) -> None:
    """Refuse an issuer instance that this node does not have. Raises NotHeld."""
    if request.match_info.get("instance", DEFAULT) not in request.app[NODE].instances:
        raise NotHeld("This node has no such issuer instance.", fix="GET /instances lists those it has.")
