"""Where a request comes from: the address it is counted under, and whether it is of this machine's people.

The rule: an address that a header states counts only when a proxy that the settings trust sent it, read from the right
up to the first hop that is none of those. Such a header twice, of both kinds or unreadable is refused, because a guess
would count one visitor's requests as another's. Local is what came over the plain listener and was forwarded by
nobody; no address makes a caller local. RFC 7239 sections 4 and 6.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Final

from aiohttp import web

from node.api.problems import RequestProblem
from node.running import NODE

#: The (address, port) pairs of this process's plain listener.
PLAIN: Final = web.AppKey("plain", set[tuple[str, int]])
_FOR: Final = ("Forwarded", "X-Forwarded-For")
_FORWARDING: Final = (*_FOR, "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
_ADDRESS: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::\d{1,5})?|([0-9A-Fa-f:]+)")
_FOR_PAIR: Final = re.compile(r'\s*for\s*=\s*("?)([^";,\s]*)\1\s*', re.IGNORECASE)


def is_local(request: web.Request) -> bool:
    """Did it come over the plain listener, and straight?"""
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    plain = isinstance(name, tuple) and tuple(name[:2]) in request.app[PLAIN]
    return plain and not any(header in request.headers for header in _FORWARDING)


def caller_of(request: web.Request) -> str:
    """The address that a request is counted under.

    Raises:
        RequestProblem: a trusted proxy sent forwarding headers that cannot be told.
    """
    hop = request.remote or "unknown"
    if not _is_trusted(request, hop):
        return hop
    for stated in reversed(_stated(request)):
        hop = stated
        if not _is_trusted(request, hop):
            break
    return hop


def _stated(request: web.Request) -> list[str]:
    lines = [(name, line) for name in _FOR for line in request.headers.getall(name, ())]
    if not lines:
        return []
    if len(lines) > 1:
        raise _untold("More than one header says for whom this was forwarded.")
    ((name, line),) = lines
    return [_address(item if name != "Forwarded" else _for_of(item)) for item in line.split(",")]


def _for_of(element: str) -> str:
    found = [pair for pair in map(_FOR_PAIR.fullmatch, element.split(";")) if pair]
    if len(found) != 1:
        raise _untold("An element of Forwarded does not state one address.")
    return found[0].group(2)


def _address(text: str) -> str:
    found = _ADDRESS.fullmatch(text.strip())
    try:
        return str(ip_address(next(filter(None, found.groups())))) if found else _not_read()
    except ValueError:
        return _not_read()


def _not_read() -> str:
    raise _untold("A forwarding header states what is no address.")


def _untold(detail: str) -> RequestProblem:
    return RequestProblem(detail, fix="Have the proxy set X-Forwarded-For or Forwarded, one of them and once.")


def _is_trusted(request: web.Request, address: str) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    networks = (ip_network(stated) for stated in request.app[NODE].trusted_proxies)
    return any(here in network for network in networks)
