"""The sockets of one fetcher: each made for an address that may be asked, and all of them closed when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import weakref
from typing import Final

from node.wire.addresses import AllowList, ResolvedAddress, guarded_socket

_LOOKS: Final = 500
_BETWEEN_LOOKS: Final = 0.002  # seconds: one second in all


class Sockets:
    """A socket factory that knows which of its sockets are still open."""

    def __init__(self, allow: AllowList) -> None:
        self._allow = allow
        self._made: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def __call__(self, info: ResolvedAddress) -> socket.socket:
        """A socket for one resolved address. Raises Blocked where it may not be connected to."""
        made = guarded_socket(self._allow, info)
        self._made.add(made)
        return made

    async def close(self) -> None:
        """End every connection that still waits for its host.

        A TLS connection that is let go of stays open until the other side has said goodbye too, and the HTTP client
        does not wait for that: a host that never does would hold the socket beyond the end of the event loop.
        """
        for made in self._open():
            with contextlib.suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)
        for _ in range(_LOOKS):
            if not self._open():
                return
            await asyncio.sleep(_BETWEEN_LOOKS)

    def _open(self) -> list[socket.socket]:
        return [made for made in self._made if made.fileno() != -1]
