"""On whose host an identifier lives, and whether that is the domain of a DID.

The rule: a host is compared in lower case and without its port; who owns a domain owns what is below it. What has no
host (a URN, a did:key, what is no address at all) is on nobody's domain.
Specifications: RFC 3986 section 3.2.2; did:web and did:webvh methods, method-specific identifiers.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


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


def is_on_domain_of(did: str, identifier: str) -> bool:
    """Is the address ``identifier`` on the host of ``did``, or on one below it?"""
    domain, host = domain_of(did), host_of(identifier)
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))
