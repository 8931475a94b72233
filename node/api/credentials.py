"""Published credentials at their own address, and the operator's list of them.

The rule: exact bytes as issued, the envelope unless another form is asked for (link digests cover it); a private
credential is not here for anyone without a token. UNTP 0.7.0, Identity Resolver; docs/requirements.md D8;
docs/conformance/w3c.md A7.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Final

from aiohttp import web

from credentials.encoding.moments import format_moment
from credentials.errors import MalformedInput
from node.api.guards import is_operator
from node.api.negotiation import choose, tagged
from node.api.pages import PAGES
from node.errors import NotHeld
from node.flows.issuing.instances import DEFAULT
from node.running import NODE
from node.store import IssuedCredential
from node.wire.accept import HTML

#: Media type → the form that is served under it, the default first.
FORMS: Final = {"application/vc+jwt": "vc+jwt", "application/vc": "vc"}
_JSON_NAMES: Final = ("application/ld+json", "application/json")
_PAGE: Final = 50
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
    """The newest credentials, a page at a time; ``next`` is the cursor of the following page."""
    check_instance(request)
    limit = _limit(request.query.get("limit", str(_PAGE)))
    before = _moment_of(request.query["cursor"]) if "cursor" in request.query else None
    async with request.app[NODE].store.reading() as tx:
        found = await tx.issued.latest(limit=limit + 1, before=before)
    more = len(found) > limit
    page = found[:limit]
    body: dict[str, object] = {"credentials": [_line(credential) for credential in page]}
    if more:
        body["next"] = base64.urlsafe_b64encode(page[-1].created.isoformat().encode()).decode()
    return web.json_response(body)


def check_instance(request: web.Request) -> None:
    """Refuse an issuer instance that this node does not have. Raises NotHeld."""
    if request.match_info.get("instance", DEFAULT) not in request.app[NODE].instances:
        raise NotHeld("This node has no such issuer instance.", fix="GET /instances lists those it has.")


def _line(credential: IssuedCredential) -> dict[str, object]:
    return {
        "id": credential.url,
        "kind": credential.kind,
        "name": credential.name,
        "subject": credential.subject,
        "digest": credential.digest,
        "validFrom": format_moment(credential.valid_from),
        "validUntil": format_moment(credential.valid_until) if credential.valid_until else None,
        "private": credential.private,
        "created": format_moment(credential.created),
    }


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 200:
        return int(text)
    raise MalformedInput("limit is not a number from 1 to 200.", pointer="/limit", fix="Send limit=50.")


def _moment_of(cursor: str) -> datetime:
    try:
        moment = datetime.fromisoformat(base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii"))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    if moment.tzinfo is None:
        raise _bad_cursor()
    return moment


def _bad_cursor() -> MalformedInput:
    return MalformedInput("The cursor is none of ours.", pointer="/cursor", fix="Send `next` of the page before.")
