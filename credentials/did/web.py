"""did:web to the URL of its document, decided on the text before any URL library sees it.

The rule: lower-case host names only, no addresses, no escapes but ``%3A`` and a port, no path segment that a server
could read as another one (docs/requirements.md S77 to S79 and S83).
Specification: did:web method, "Read (Resolve)".
"""

from __future__ import annotations

import re
from typing import Final

from credentials.did.syntax import Did, parse_did
from credentials.errors import IdentifierProblem, Unsupported

_HOST: Final = re.compile(r"(?P<name>[a-z0-9.-]{1,253})(?:%3[Aa](?P<port>[1-9][0-9]{0,4}))?")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._-]{1,200}")
_CURE: Final = "Use a lower-case host name, %3A for a port and plain path words, like did:web:example.org:unit-1."


def document_url(did: str | Did) -> str:
    """The https URL of a did:web document.

    Raises:
        IdentifierProblem: DID_INVALID; FETCH_BLOCKED for an address.
        Unsupported: UNSUPPORTED_METHOD for a local name, good where it is known and not asked from here.
    """
    parsed = parse_did(did) if isinstance(did, str) else did
    if parsed.method != "web":
        raise IdentifierProblem(f"{parsed} is not a did:web.", fix="Use did:web.")
    first, *path = parsed.specific.split(":")
    host = _HOST.fullmatch(first)
    if host is None or not all(_LABEL.fullmatch(label) for label in host["name"].split(".")):
        raise IdentifierProblem(f"{first[:80]!r} is not a host name for did:web.", fix=_CURE)
    if host["name"].rsplit(".", 1)[-1].isdigit():
        raise IdentifierProblem(f"{host['name'][:80]!r} is an address, not a name.", code="FETCH_BLOCKED", fix=_CURE)
    if "." not in host["name"]:
        raise Unsupported(
            f"{host['name'][:80]!r} is a local name, which is not looked up.", code="UNSUPPORTED_METHOD", fix=_CURE
        )
    if host["port"] and int(host["port"]) > 65535:
        raise IdentifierProblem(f"{host['port']} is not a port.", fix=_CURE)
    for segment in path:
        if not _SEGMENT.fullmatch(segment) or set(segment) == {"."}:
            raise IdentifierProblem(f"{segment[:40]!r} is not a path word for did:web.", fix=_CURE)
    authority = host["name"] + (f":{host['port']}" if host["port"] else "")
    return f"https://{authority}/" + "/".join([*(path or [".well-known"]), "did.json"])
