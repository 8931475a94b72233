"""Shared files: small ones by which the processes of one node know what one of them worked out.

The rule: what lies there is worth nothing after the run, so nothing is synced; a file is there whole or not at all.
Each process has a place of its own, which whoever takes its turn finds empty, and reads those of all.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\.[a-z]{1,16}")


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """The folder ``folder`` (0700), and which place in it is one's own."""

    folder: Path
    place: str

    def clear(self) -> None:
        """Empty one's own place."""
        shutil.rmtree(self.folder / self.place, ignore_errors=True)
        (self.folder / self.place).mkdir(mode=0o700)

    def put(self, name: str, content: bytes) -> None:
        """Lay ``content`` on one's own place under ``name``."""
        path = self.folder / self.place / name
        path.with_suffix(".new").write_bytes(content)
        path.with_suffix(".new").rename(path)

    def take(self, name: str) -> None:
        """Take ``name`` off one's own place, if it is there."""
        (self.folder / self.place / name).unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        """What lies under ``name`` on anybody's place; None when nothing does, or when it is no name."""
        if not _NAME.fullmatch(name):
            return None
        for place in sorted(self.folder.iterdir()):
            try:
                return (place / name).read_bytes()
            except OSError:
                continue
        return None
