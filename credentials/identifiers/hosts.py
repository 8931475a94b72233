"""On whose host an identifier lives, and whether that is the domain of a DID.

The rule: hosts are compared in lower case; who owns a domain owns what is below it. What has no host (a URN, a did:key,
what is no address at all) is on nobody's domain.
Specifications: RFC 3986 section 3.2.2; did:web and did:webvh methods, method-specific identifiers.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote, urlsplit


@lru_cache(maxsize=16_384)
def host_of(identifier: str) -> str:
    """The host of an address, lower case, without port; "" for anything else."""
    try:
        return (urlsplit(identifier).hostname or "").lower() if "://" in identifier else ""
    except ValueError:
        return ""


def domain_of(did: str) -> str:
    """The host a ``did:web`` or ``did:webvh`` lives on, lower case, without port; "" for other methods."""
    parts = did.split(":")
    place = {"web": 2, "webvh": 3}.get(parts[1]) if len(parts) > 2 and parts[0] == "did" else None
    return unquote(parts[place]).partition(":")[0].lower() if place is not None and len(parts) > place else ""


def host_did(did: str) -> str:
    """The ``did:web`` of the host that serves the document of a ``did:web`` with a path; "" for any other DID."""
    parts = did.split(":")
    return ":".join(parts[:3]) if parts[:2] == ["did", "web"] and len(parts) > 3 else ""


@lru_cache(maxsize=65_536)
def is_below(did: str, address: str) -> bool:
    """Does the canonical ``address`` lie below the place of ``did``?

    Whoever owns a host owns the hosts below it, at its port; a DID with a path (a tenant of a host) owns what is below
    that path of that very host, and nothing else of it.
    """
    place = _place_of(did)
    try:
        asked = urlsplit(address)
        host, port = (asked.hostname or "").lower(), asked.port
    except ValueError:
        return False
    if place is None or asked.scheme not in ("https", "http") or port != place[1]:
        return False
    owner, _, path = place
    if not path:
        return host == owner or host.endswith(f".{owner}")
    inside = asked.path == path or asked.path.startswith(f"{path}/")
    return host == owner and inside and ".." not in asked.path.split("/")


@lru_cache(maxsize=4_096)
def _place_of(did: str) -> tuple[str, int | None, str] | None:
    """Host, port (None: that of https) and path of a ``did:web`` or ``did:webvh``; None for any other."""
    parts = did.split(":")
    first = {"web": 2, "webvh": 3}.get(parts[1]) if len(parts) > 2 and parts[0] == "did" else None
    if first is None or len(parts) <= first:
        return None
    host, _, port = unquote(parts[first]).lower().partition(":")
    if not host or (port and not port.isdigit()):
        return None
    return host, int(port) if port and port != "443" else None, "".join(f"/{part}" for part in parts[first + 1 :])
