"""Where this node may go: the raw URL is judged first, then every address its name stands for.

The rule: deny unless public. Nothing here opens a socket by itself; the fetcher asks before it connects, and asks again
at the socket, so that neither a redirect nor a second DNS answer gets past. See docs/threat-model.md#going-out.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_NAME: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_URL: Final = 2048

ResolvedAddress = tuple[int, int, int, str, tuple[object, ...]]
"""Family, kind, protocol, canonical name and address, as ``socket.getaddrinfo`` gives them."""

# Ranges that ipaddress calls global and that still lead inside, through a tunnel, or nowhere.
_NEVER: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24",
        "fec0::/10", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32",
        "3fff::/20", "5f00::/16", "100::/64",
    )
)  # fmt: skip


class Blocked(Exception):
    """Our own guard would not go there; ``code`` is FETCH_BLOCKED or REDIRECT_REFUSED."""

    def __init__(self, detail: str, *, code: str = "FETCH_BLOCKED") -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class CheckedUrl:
    """A URL that passed the check, with the host and port it names."""

    url: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, int]:
        """Host and port; the scheme is always https."""
        return self.host, self.port


@dataclass(frozen=True, slots=True)
class AllowList:
    """The development hosts: ``hosts`` maps a name to the (address, port) it is served at."""

    hosts: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def holds(self, address: str, port: int) -> bool:
        """Is exactly this address and port allowed, whatever the network it lies in?"""
        return (address, port) in self.hosts.values()


def check_url(url: str) -> CheckedUrl:
    """The target of ``url``, judged on the raw string.

    Raises:
        Blocked: anything but https to a lower-case dotted name at port 443, without userinfo, query tricks or fragment.
    """
    if len(url) > _LONGEST_URL or not url.isascii() or any(char <= " " or char in "\\\x7f" for char in url):
        raise Blocked("The URL is too long or holds characters that no URL may hold.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Blocked("The URL cannot be read.") from error
    if parts.scheme != "https" or not url.startswith("https://"):
        raise Blocked("Only https URLs are fetched.")
    if "@" in parts.netloc or parts.fragment or "#" in url:
        raise Blocked("A URL with user information or a fragment is not fetched.")
    host, _, port_text = parts.netloc.partition(":")
    if not _NAME.fullmatch(host):
        raise Blocked("The host is not a lower-case dotted name; addresses and single labels are not fetched.")
    if (port_text or ":" in parts.netloc) and port_text != "443":
        raise Blocked("Only port 443 is fetched.")
    return CheckedUrl(url, host, port or 443)


def is_public(address: str) -> bool:
    """Is this literal IP address one that the whole internet may reach?"""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if any(parsed in network for network in _NEVER if network.version == parsed.version):
        return False
    return parsed.is_global and not (
        parsed.is_multicast
        or parsed.is_reserved
        or parsed.is_unspecified
        or parsed.is_loopback
        or parsed.is_link_local
        or parsed.is_private
    )


class GuardedResolver(AbstractResolver):
    """Names to addresses: development hosts from the allow-list, others by DNS, and one bad answer spoils the name."""

    def __init__(self, allow: AllowList, dns: AbstractResolver | None = None) -> None:
        self._allow = allow
        self._dns = dns or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of ``host``. Raises Blocked when any of them is not public."""
        if host in self._allow.hosts:
            address, real_port = self._allow.hosts[host]
            return [ResolveResult(hostname=host, host=address, port=real_port, family=family, proto=0, flags=0)]
        answers = await self._dns.resolve(host, port, family)
        for answer in answers:
            if not is_public(answer["host"]):
                raise Blocked(f"{host} resolves to an address that is not public.")
        return answers

    async def close(self) -> None:
        """Let go of the DNS resolver."""
        await self._dns.close()


def guarded_socket(allow: AllowList, info: ResolvedAddress) -> socket.socket:
    """A socket for one resolved address, if it may be connected to. Raises Blocked otherwise."""
    family, kind, protocol, _, where = info
    address, port = str(where[0]), int(str(where[1]))
    if not allow.holds(address, port) and not is_public(address):
        raise Blocked("The address is not public.")
    return socket.socket(family, kind, protocol)
