"""What is remembered of hosts: who is asking each, and how long it asked to be left alone.

The rule: what a host says to a delivery says nothing about reading what it serves to everybody, nor the other way
round. Hosts that are idle and free to be asked are forgotten when they are many.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

LONGEST_WAIT: Final = 5.0  # seconds a Retry-After is waited out; a longer one is a gap with its own retry
_LONGEST_HEED: Final = 3600.0
_MANY: Final = 1024


@dataclass(slots=True)
class Host:
    """One host: its places, how many wait for one or have it, and by method until when it is left alone (loop time)."""

    places: asyncio.Semaphore
    asking: int = 0
    not_before: dict[str, float] = field(default_factory=dict)

    @asynccontextmanager
    async def in_use(self) -> AsyncIterator[None]:
        """One of the places, waited for."""
        self.asking += 1
        try:
            async with self.places:
                yield
        finally:
            self.asking -= 1

    def heed(self, method: str, status: int, retry_after: str) -> None:
        """Leave it alone with this ``method`` for as long as a 429 asks for."""
        if status == 429:
            seconds = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else LONGEST_WAIT
            self.not_before[method] = asyncio.get_running_loop().time() + min(seconds, _LONGEST_HEED)

    def wait_of(self, method: str) -> float:
        """Seconds until it may be asked with this ``method``."""
        return max(0.0, self.not_before.get(method, 0.0) - asyncio.get_running_loop().time())


class Hosts:
    """All of them, each with so many places."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._hosts: dict[str, Host] = {}

    def of(self, name: str) -> Host:
        """What is remembered of the host ``name``."""
        if len(self._hosts) > _MANY:
            self._hosts = {
                key: host for key, host in self._hosts.items() if host.asking or any(map(host.wait_of, host.not_before))
            }
        return self._hosts.setdefault(name, Host(asyncio.Semaphore(self._per_host)))
