"""Does one address name something below another: the same origin, and a path below its path?

The rule: what cannot be compared is not contained: an address with a query, dot segments or escaped separators in its
path, and anything that is no http address, contains and is contained by nothing but itself.
Specification: RFC 3986 sections 3.3 and 6.2; docs/requirements.md T13.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from credentials.identifiers.canonical_ids import given_or_canonical

_UNCLEAR: Final = re.compile(r"/\.{1,2}(/|$)|%2e|%2f|%5c|\\|//", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}


def contains(outer: str, inner: str) -> bool:
    """Is ``inner`` the same as ``outer``, or below it by path on the same origin (a fragment of it included)?"""
    if given_or_canonical(outer) == given_or_canonical(inner):
        return True
    above, below = _address(outer), _address(inner)
    if above is None or below is None or above.fragment or _origin(above) != _origin(below):
        return False
    path = above.path.rstrip("/")
    return below.path.startswith(f"{path}/") or (below.path.rstrip("/") == path and bool(below.fragment))


def _address(text: str) -> SplitResult | None:
    try:
        address = urlsplit(text)
        usable = address.scheme in _PORTS and address.hostname and not address.query and address.port != 0
    except ValueError:
        return None
    return address if usable and not _UNCLEAR.search(address.path) else None


def _origin(address: SplitResult) -> tuple[str, str, int]:
    return (address.scheme, (address.hostname or "").lower(), address.port or _PORTS[address.scheme])
