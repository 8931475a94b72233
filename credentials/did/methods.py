"""The DID methods of this program as one table: resolved here from the identifier alone, or from a URL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from credentials.did.jwk import jwk_document
from credentials.did.key import document_of_key
from credentials.did.syntax import Did, parse_did
from credentials.did.web import document_url
from credentials.encoding.document import Json
from credentials.errors import Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How one DID method is resolved: ``local`` makes the document, or ``url`` says where it is fetched."""

    name: str
    local: Callable[[Did], dict[str, Json]] | None = None
    url: Callable[[Did], str] | None = None


METHODS: Final[dict[str, Method]] = {
    method.name: method
    for method in (
        Method(name="web", url=document_url),
        Method(name="key", local=document_of_key),
        Method(name="jwk", local=jwk_document),
    )
}


def method_of(did: str) -> tuple[Did, Method | None]:
    """The parsed DID and its method; None when this program does not know the method.

    Raises:
        IdentifierProblem: DID_INVALID.
    """
    parsed = parse_did(did)
    return parsed, METHODS.get(parsed.method)


def local_document(did: str) -> dict[str, Json] | None:
    """The DID document of a method that needs no look-up; None when it must be fetched.

    Raises:
        IdentifierProblem: DID_INVALID. KeyProblem: KEY_INVALID.
        Unsupported: UNSUPPORTED_METHOD, a method that is not known here; UNSUPPORTED_KEY.
    """
    parsed, method = _known(did)
    return method.local(parsed) if method.local else None


def resolution_url(did: str) -> str | None:
    """Where the DID document is fetched; None when it needs no look-up. Raises IdentifierProblem, Unsupported."""
    parsed, method = _known(did)
    return method.url(parsed) if method.url else None


def _known(did: str) -> tuple[Did, Method]:
    parsed, method = method_of(did)
    if method is None:
        detail, fix = f"The DID method {parsed.method!r} is not supported here.", f"Use {' or '.join(sorted(METHODS))}."
        raise Unsupported(detail, code="UNSUPPORTED_METHOD", fix=fix)
    return parsed, method
