"""Resolving DIDs and dereferencing DID URLs, for whoever asks this node to.

The rule: a method that needs no look-up is answered here, any other through the one source; whatever goes wrong has one
of the specification's names. A document is only given out when it is one. DID Resolution sections 4, 5 and 11;
docs/conformance/w3c.md A6.1 and A6.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from credentials.did.methods import METHODS, local_document, resolution_url
from credentials.did.syntax import DidUrl, parse_did, parse_did_url
from credentials.encoding.document import JsonObject, parse_document
from credentials.errors import CredentialsError, Unsupported
from credentials.evidence import Absent, AbsentReason, Need, NeedKind
from credentials.keys.controller import DOCUMENT_LIMITS, RELATIONSHIPS, controller_document
from node.wire.source import Source


class ResolutionError(StrEnum):
    """The specification's names for what can go wrong (section 11)."""

    INVALID_DID = "INVALID_DID"
    INVALID_DID_URL = "INVALID_DID_URL"
    INVALID_OPTIONS = "INVALID_OPTIONS"
    NOT_FOUND = "NOT_FOUND"
    REPRESENTATION_NOT_SUPPORTED = "REPRESENTATION_NOT_SUPPORTED"
    INVALID_DID_DOCUMENT = "INVALID_DID_DOCUMENT"
    METHOD_NOT_SUPPORTED = "METHOD_NOT_SUPPORTED"
    FEATURE_NOT_SUPPORTED = "FEATURE_NOT_SUPPORTED"
    INTERNAL_ERROR = "INTERNAL_ERROR"


class Unresolved(Exception):
    """A DID or DID URL that leads nowhere: the specification's name for it, and one sentence."""

    def __init__(self, error: ResolutionError, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Resource:
    """What a DID URL stands for: a ``value`` out of the document, or the address ``location`` of a service."""

    value: JsonObject | None = None
    location: str = ""


_OURS: Final = frozenset({AbsentReason.BUDGET, AbsentReason.RATE_LIMITED})  # why we did not ask, or not enough
_LATER: Final = frozenset({"versionId", "versionTime", "versionNumber", "hl"})
_SERVICE: Final = frozenset({"service", "relativeRef"})


@dataclass(frozen=True, slots=True)
class Resolving:
    """Resolves through ``source``."""

    source: Source

    async def resolve(self, did: str, *, at: datetime) -> JsonObject:
        """The DID document of ``did`` as it is written. Raises Unresolved."""
        try:
            parsed = parse_did(did)
        except CredentialsError as error:
            raise Unresolved(ResolutionError.INVALID_DID, error.problem.detail) from error
        if parsed.method not in METHODS:
            raise Unresolved(
                ResolutionError.METHOD_NOT_SUPPORTED, f"The method {parsed.method!r} is not resolved here."
            )
        return _checked(did, _local(did) or await self._fetched(did, at))

    async def dereference(self, url: str, *, at: datetime, options: Mapping[str, str]) -> Resource:
        """What the DID URL stands for; ``options`` are DID parameters given beside it. Raises Unresolved."""
        try:
            parsed = parse_did_url(url)
        except CredentialsError as error:
            raise Unresolved(ResolutionError.INVALID_DID_URL, error.problem.detail) from error
        parameters = {**dict(parse_qsl(parsed.query)), **options}
        if parsed.path or _LATER.intersection(parameters):
            raise Unresolved(
                ResolutionError.FEATURE_NOT_SUPPORTED, "Paths and versions of documents are not dereferenced here."
            )
        if not _SERVICE.issuperset(parameters):
            raise Unresolved(ResolutionError.INVALID_OPTIONS, "A parameter of the DID URL is not understood.")
        document = await self.resolve(str(parsed.did), at=at)
        if "service" in parameters:
            return Resource(location=_endpoint(document, parsed, parameters))
        return Resource(value=_part(document, parsed) if parsed.fragment else document)

    async def _fetched(self, did: str, at: datetime) -> JsonObject:
        need = Need(NeedKind.DID_DOCUMENT, did)
        answer = (await self.source.answer(frozenset({need}), at=at))[need]
        if isinstance(answer, Absent):
            found = ResolutionError.INTERNAL_ERROR if answer.reason in _OURS else ResolutionError.NOT_FOUND
            raise Unresolved(found, f"The document could not be had ({answer.reason}). {answer.detail}".rstrip())
        try:
            return parse_document(answer.body, limits=DOCUMENT_LIMITS).value
        except CredentialsError as error:
            raise Unresolved(ResolutionError.INVALID_DID_DOCUMENT, error.problem.detail) from error


def _local(did: str) -> JsonObject | None:
    try:
        resolution_url(did)  # what names no address is told apart from an address that does not answer
        return local_document(did)
    except Unsupported as error:
        other_key = error.problem.code == "UNSUPPORTED_KEY"  # else a local name, which is known elsewhere
        named = ResolutionError.METHOD_NOT_SUPPORTED if other_key else ResolutionError.NOT_FOUND
        raise Unresolved(named, error.problem.detail) from error
    except CredentialsError as error:
        raise Unresolved(ResolutionError.INVALID_DID, error.problem.detail) from error


def _checked(did: str, document: JsonObject) -> JsonObject:
    try:
        controller_document(document, id=did)
    except CredentialsError as error:
        raise Unresolved(ResolutionError.INVALID_DID_DOCUMENT, error.problem.detail) from error
    return document


def _part(document: JsonObject, url: DidUrl) -> JsonObject:
    """The verification method or service that the fragment names (section 5.2)."""
    name = f"{url.did}#{url.fragment}"
    for member in ("verificationMethod", *RELATIONSHIPS, "service"):
        for item in document.get(member, ()):
            if isinstance(item, Mapping) and item.get("id") in (name, f"#{url.fragment}"):
                return item
    raise Unresolved(ResolutionError.NOT_FOUND, f"The document of {url.did} has no {url.fragment[:80]!r}.")


def _endpoint(document: JsonObject, url: DidUrl, parameters: Mapping[str, str]) -> str:
    """The address of the service, with ``relativeRef`` resolved against it (section 5.1). Raises Unresolved."""
    name = parameters["service"]
    for service in document.get("service", ()):
        if service.get("id") in (f"{url.did}#{name}", f"#{name}"):
            endpoint = service.get("serviceEndpoint")
            if isinstance(endpoint, str) and endpoint.startswith("https://"):
                return _joined(endpoint, parameters.get("relativeRef", "")) + (
                    f"#{url.fragment}" if url.fragment else ""
                )
    raise Unresolved(ResolutionError.NOT_FOUND, f"The document of {url.did} has no service {name[:80]!r} on the web.")


def _joined(endpoint: str, reference: str) -> str:
    """``reference`` below the host of ``endpoint``: whoever writes a DID URL sends nobody anywhere else."""
    plain = reference.isascii() and reference.isprintable() and not re.search(r"[\\\\ #]", reference)
    joined = urljoin(endpoint, reference) if plain else ""
    if urlsplit(joined)[:2] != urlsplit(endpoint)[:2]:
        raise Unresolved(ResolutionError.INVALID_DID_URL, "relativeRef leads away from the service.")
    return joined
