"""Wakes: who is to be told that we are here, and when again.

The rule: every active peer once after our start, or since it was added, until it answers; and whoever something waits
for that failed, so that an outage that nobody restarted for ends within a minute and not with a pause of an hour.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = (2, 10, 60)  # seconds after a wake that was not answered; the last one for all later ones
UNWANTED: Final = timedelta(hours=1)  # after one that was refused: they do not want us, or do not know us yet
_AT_MOST: Final = 8  # on their way at once


@dataclass(slots=True)
class _Peer:
    due: datetime
    fails: int = 0
    answered: bool = False
    asked: bool = False


class Wakes:
    """What this run remembers of its wakes; nothing of it is needed after a restart, which wakes everybody anew."""

    def __init__(self) -> None:
        self._peers: dict[str, _Peer] = {}

    def due(self, active: Collection[str], waiting: Collection[str], *, at: datetime) -> list[str]:
        """The peers to wake now, of those that are ``active``; something ``waiting`` is a reason to wake again."""
        self._peers = {did: self._peers.get(did) or _Peer(at) for did in active}
        room = _AT_MOST - sum(peer.asked for peer in self._peers.values())
        wanted = [
            did
            for did, peer in self._peers.items()
            if not peer.asked and peer.due <= at and (not peer.answered or did in waiting)
        ]
        chosen = sorted(wanted, key=lambda did: self._peers[did].due)[: max(room, 0)]
        for did in chosen:
            self._peers[did].asked = True
        return chosen

    def answered(self, did: str, *, at: datetime) -> None:
        """It is there; when something still waits for it, it is asked again after a minute."""
        self._peers[did] = _Peer(at + timedelta(seconds=PAUSES[-1]), answered=True)

    def failed(self, did: str, *, at: datetime, unwanted: bool) -> None:
        """It did not answer, or does not want us."""
        peer = self._peers.setdefault(did, _Peer(at))
        pause = timedelta(seconds=PAUSES[min(peer.fails, len(PAUSES) - 1)])
        peer.asked, peer.fails, peer.due = False, peer.fails + 1, at + (UNWANTED if unwanted else pause)
