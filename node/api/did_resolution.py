"""DID Resolution over HTTP: ``GET /1.0/identifiers/{did}``, a DID document or a result with its metadata.

The rule: the DID is read from the request line as it was sent, so that an escape that belongs to it is not undone;
errors are objects with the specification's URI as ``type``, in the form that was asked for.
Specification: DID Resolution sections 4, 5, 10.1 and 11; docs/conformance/w3c.md A6.5 and C1.7.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from credentials.encoding.document import Json, JsonObject
from node.api.caller_sources import source_for
from node.api.negotiation import choose
from node.api.problems import RequestProblem
from node.flows.resolving import ResolutionError, Resolving, Unresolved
from node.running import NODE
from node.wire.source import Source

RESOLUTION: Final = "application/did-resolution"
DEREFERENCING: Final = "application/did-url-dereferencing"
_DOCUMENT: Final = "application/did"
_BARE: Final = (_DOCUMENT, "application/did+ld+json", "application/did+json", "application/ld+json", "application/json")
_PREFIX: Final = "/1.0/identifiers/"
_TYPE: Final = "https://www.w3.org/ns/did#"
_STATUS: Final[Mapping[ResolutionError, int]] = {
    ResolutionError.INVALID_DID: 400,
    ResolutionError.INVALID_DID_URL: 400,
    ResolutionError.INVALID_OPTIONS: 400,
    ResolutionError.NOT_FOUND: 404,
    ResolutionError.REPRESENTATION_NOT_SUPPORTED: 406,
    ResolutionError.INVALID_DID_DOCUMENT: 500,
    ResolutionError.INTERNAL_ERROR: 500,
    ResolutionError.METHOD_NOT_SUPPORTED: 501,
    ResolutionError.FEATURE_NOT_SUPPORTED: 501,
}
_HEADERS: Final = {"Access-Control-Allow-Origin": "*", "Vary": "Accept", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class ResolutionRequest:
    """What is asked: a DID or DID URL, DID parameters beside it, and the form of the answer."""

    url: str
    parameters: Mapping[str, str]
    form: str

    @property
    def is_url(self) -> bool:
        """Is it more than a DID?"""
        return bool(self.parameters) or any(mark in self.url for mark in "/?#") or self.form == DEREFERENCING


async def resolve(request: web.Request) -> web.Response:
    """200 with the document or result, 303 to a service, or the specification's error."""
    form = RESOLUTION
    try:
        form = _form(request)
        question = ResolutionRequest(_asked(request), _parameters(request), form)
        return await _answer(request, question)
    except Unresolved as refusal:
        return _error(refusal, form)


async def _answer(request: web.Request, question: ResolutionRequest) -> web.Response:
    node = request.app[NODE]
    resolving = Resolving(_source(request))
    at = node.clock()
    if not question.is_url:
        document = await resolving.resolve(question.url, at=at)
        return _json(document if question.form in _BARE else _resolution(document), question.form)
    resource = await resolving.dereference(question.url, at=at, options=question.parameters)
    if resource.location and question.form != DEREFERENCING:
        return web.Response(status=303, headers={**_HEADERS, "Location": resource.location})
    if question.form in _BARE and resource.value is not None:
        return _json(resource.value, question.form)
    content: Json = resource.location or resource.value
    metadata = {"contentType": "text/uri-list" if resource.location else _DOCUMENT}
    result = {"dereferencingMetadata": metadata, "contentStream": content, "contentMetadata": {}}
    return _json(result, DEREFERENCING)


def _source(request: web.Request) -> Source:
    """What is asked for documents: the world, unless the instances of this node ask nobody."""
    sealed = next((instance.source for instance in request.app[NODE].instances.values() if instance.source), None)
    return sealed or source_for(request)


def _resolution(document: JsonObject) -> JsonObject:
    return {
        "didDocument": document,
        "didResolutionMetadata": {"contentType": _DOCUMENT},
        "didDocumentMetadata": {},
    }


def _form(request: web.Request) -> str:
    """The form of the answer: a result with metadata unless a document is asked for. Raises Unresolved."""
    stated = request.query.get("accept", "")
    if not (stated.isascii() and stated.isprintable()):
        raise Unresolved(ResolutionError.INVALID_OPTIONS, "accept is no media type.")
    offered = (RESOLUTION, *_BARE, DEREFERENCING)
    if stated:
        if stated not in offered:
            raise Unresolved(ResolutionError.REPRESENTATION_NOT_SUPPORTED, f"There is no {stated[:60]!r} of it here.")
        return stated
    try:
        return choose(request, offered)
    except RequestProblem as refusal:
        raise Unresolved(ResolutionError.REPRESENTATION_NOT_SUPPORTED, refusal.problem.detail) from refusal


def _asked(request: web.Request) -> str:
    """The DID or DID URL as it was sent: escaped as a whole, or as it is but for the marks that HTTP keeps back."""
    raw = request.raw_path.partition("?")[0].removeprefix(_PREFIX)
    if not raw.startswith("did:"):
        return unquote(raw)
    return raw.replace("%23", "#").replace("%3F", "?").replace("%3f", "?")


def _parameters(request: web.Request) -> Mapping[str, str]:
    return {name: value for name, value in request.query.items() if name != "accept"}


def _error(refusal: Unresolved, form: str) -> web.Response:
    error = {"type": _TYPE + refusal.error, "title": str(refusal.error), "detail": refusal.detail}
    if form == DEREFERENCING:
        body = {"dereferencingMetadata": {"error": error}, "contentStream": None, "contentMetadata": {}}
        return _json(body, DEREFERENCING, status=_STATUS[refusal.error])
    body = {"didDocument": None, "didResolutionMetadata": {"error": error}, "didDocumentMetadata": {}}
    return _json(body, RESOLUTION, status=_STATUS[refusal.error])


def _json(value: Json, media_type: str, *, status: int = 200) -> web.Response:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8")
    return web.Response(status=status, body=body, content_type=media_type, headers=_HEADERS)
