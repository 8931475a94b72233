"""A wakeup: who works through what others wrote waits for it, and looks now and then without it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

IDLE: Final = 1.0  # seconds between looks when nobody notifies


class Wakeup:
    """Notifies here; and with ``tell`` also where another process of the node does the work, by ``word``."""

    def __init__(self, word: str, tell: Callable[[str], bool] | None = None) -> None:
        self._word, self._tell = word, tell
        self._notified = asyncio.Event()

    def notify(self) -> None:
        """There is something to look at."""
        if self._tell is not None:
            self._tell(self._word)  # what is lost is seen at the next look
        self._notified.set()

    async def wait(self) -> None:
        """Until somebody notifies, or for :data:`IDLE` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._notified.wait()
        self._notified.clear()
