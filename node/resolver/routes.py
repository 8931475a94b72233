"""Identifiers to links: the resolver's addresses, and what each question is answered with.

    no linkType            307 to the default
    linkType=linkset|all   200 the linkset (also: Accept: application/linkset+json)
    linkType=REL           307 to the match, else one level up, else the default
    unknown identifier     404; one that cannot be read: 400

The rule: read only, never a list of identifiers, and nothing of a request ends up in a link. See docs/requirements.md
IDR-03, IDR-04, IDR-05, IDR-11, IDR-16, D13 and S131.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from credentials.encoding.document import Json
from credentials.errors import MalformedInput
from credentials.untp.linkset import MEDIA_TYPE
from credentials.untp.relations import canonical_relation
from node.errors import NotHeld
from node.flows.typed_identifiers import LONGEST, typed_identifier
from node.resolver.linksets import contexts_of, default_of, linkset_json, matching
from node.resolver.pages import PAGES
from node.running import NODE
from node.store import StoredLink
from node.wire.accept import prefers_page

_WHOLE: Final = frozenset({"linkset", "all"})
_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept, Accept-Language",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Contexts = Sequence[tuple[str, Sequence[StoredLink]]]


async def resolve(request: web.Request) -> web.StreamResponse:
    """An identifier that is an address of this host."""
    identity = request.app[NODE].identity
    path = request.path
    if len(path) > LONGEST or any(char <= " " or char in '\\\\<>"`{}|^' for char in path) or "/../" in f"{path}/":
        raise MalformedInput("The identifier cannot be read.", fix="Check the address on the label.")
    return await _answer(request, identity.public_url + request.rel_url.raw_path)


async def links(request: web.Request) -> web.StreamResponse:
    """What this node knows about any identifier, wherever it lives: always the whole linkset."""
    identifier = request.query.get("id", "")
    if not 1 <= len(identifier) <= LONGEST:
        raise MalformedInput("id is missing or too long.", pointer="/id", fix="Ask /links?id=IDENTIFIER.")
    found = await _known(request, identifier)
    return _linkset(request, found, request.app[NODE].identity.links_url(identifier))


async def describe(request: web.Request) -> web.Response:
    """What this resolver can do (IDR-11)."""
    identity = request.app[NODE].identity
    body: dict[str, Json] = {
        "name": f"Resolver of {identity.name}",
        "resolverRoot": identity.public_url,
        "supportedPrimaryKeys": ["all"],
        "supportedLinkTypes": ["dpp", "dcc", "dfr", "dte", "dia"],
        "linkTypeDefaultCanBeLinkset": False,
    }
    return web.json_response(body, headers=_HEADERS)


ROUTES: Final = (
    web.get("/.well-known/resolver", describe),
    web.get("/links", links),
    web.get("/{path:.+}", resolve),  # the catch-all: must be the last route of the application
)


async def _known(request: web.Request, identifier: str) -> Contexts:
    typed_identifier(identifier, pointer="/id")
    async with request.app[NODE].store.reading() as tx:
        found = await contexts_of(tx, identifier)
    if not found:
        raise NotHeld("Nothing is known about this identifier here.", fix="Check it, or ask who made it.")
    return found


async def _answer(request: web.Request, identifier: str) -> web.StreamResponse:
    wanted = request.query.get("linkType", "")
    if len(wanted) > 256:
        raise MalformedInput("linkType is no link relation.", pointer="/linkType", fix="Ask linkType=linkset.")
    found = await _known(request, identifier)
    accept = request.headers.get("Accept", "")
    if wanted in _WHOLE or (not wanted and MEDIA_TYPE in accept):
        return _linkset(request, found, identifier)
    pages = request.app.get(PAGES)
    if pages is not None and not wanted and prefers_page(accept):
        return await pages.identifier(request, identifier, found)
    relation = canonical_relation(wanted)
    languages = _languages(request)
    fitting = (matching(links, relation=relation, languages=languages) for _, links in found)
    link = next((link for link in fitting if link is not None), None) or default_of(found)
    if link is None:
        return _linkset(request, found, identifier)
    return web.Response(status=307, headers={**_HEADERS, "Location": link.href, "Cache-Control": "no-cache"})


def _linkset(request: web.Request, found: Contexts, anchor: str) -> web.Response:
    body = json.dumps(linkset_json(found, anchor=anchor), ensure_ascii=False).encode("utf-8")
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = {**_HEADERS, "ETag": tag, "Cache-Control": "public, no-cache"}
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=MEDIA_TYPE, headers=headers)


def _languages(request: web.Request) -> tuple[str, ...]:
    """CredentialFilter languages, best first, each followed by its language without region (IDR-05)."""
    stated = request.query.get("language") or request.headers.get("Accept-Language") or ""
    tags = [part.partition(";")[0].strip() for part in stated[:256].split(",")]
    return tuple(dict.fromkeys(form for tag in tags if tag for form in (tag, tag.partition("-")[0])))
