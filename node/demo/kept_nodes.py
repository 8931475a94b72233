"""Kept nodes of an earlier demo: where they are, and how they end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from node.disk import LOCK, FolderLock, RunNote
from node.errors import FolderProblem


def stop_kept(folder: Path) -> int:
    """Ask every node that runs below ``folder`` to stop; how many were told.

    Only a process that holds the lock of a data folder is a node of it: an old note never ends a stranger.
    """
    told = 0
    for data in sorted(path.parent for path in folder.glob(f"*/{LOCK}")):
        note = RunNote.read(data)
        if note is not None and _holds_lock(data):
            os.kill(note.process, signal.SIGTERM)
            told += 1
    return told


def _holds_lock(data: Path) -> bool:
    try:
        FolderLock(data / LOCK).acquire().release()
    except FolderProblem:
        return True
    return False
