"""Named kill points: places where a node can be told to die, so that what must survive a crash is tried for real.

The rule: for trying out only. A node without the development setting ``dev_kill_at`` passes every point untouched;
one with it ends itself there with SIGKILL, as a power cut would, once per data folder: a marker file says that it
happened. See docs/requirements.md S139 to S141.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

#: Every point with what has and has not happened when it is reached.
KILL_POINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "issue.before-commit": "a credential is signed and written, but not committed",
        "issue.after-commit": "a credential is committed, but whoever asked for it has no answer",
        "share.after-claim": "deliveries are claimed, but not sent",
        "deliver.after-answer": "the peer has the events, but they are not settled here",
        "inbox.after-store": "events of a peer are on disk, but the receipt is not sent",
        "gathered.before-commit": "what several asked for is written, but not committed",
        "gathered.after-commit": "what several asked for is committed, but none of them has an answer",
        "receive.before-keep": "a delivered credential is judged, but not kept",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The point at which the node of ``folder`` is to die; "" for none."""

    folder: Path = Path()
    kill_at: str = ""

    def reach(self, point: str) -> None:
        """Pass ``point``, or die there when it is the one and this folder has not died of it before."""
        if point != self.kill_at or marker(self.folder, point).exists():
            return
        marker(self.folder, point).touch(mode=0o600)
        os.kill(os.getpid(), signal.SIGKILL)


def marker(folder: Path, point: str) -> Path:
    """The file that says that the node of ``folder`` died at ``point``; its presence disarms the point."""
    return folder / f"died-at-{point}"


NO_FAULTS: Final = Faults()
