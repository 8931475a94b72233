"""Private files on this disk: checked modes, whole or not at all, and one process at a time.

The rule: a file that holds something secret is 0600 in a folder that is 0700, both owned by whoever runs the node;
anything wider is refused, never repaired silently. A file is written beside its place, synced, then renamed, so that
a crash leaves the old content or the new one (docs/requirements.md S147 and S150; docs/threat-model.md#at-rest).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from node.errors import FolderProblem

LOCK: Final = "node.lock"
RUN_NOTE: Final = "run.json"
_LOCK_TRIES: Final = 5
_LOCK_PAUSE: Final = 0.02  # seconds


def make_private_folder(path: Path) -> None:
    """Create ``path`` with mode 0700, or check the one that is there.

    Raises:
        FolderProblem: FILE_MODE or FOLDER_MISSING.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderProblem(
            f"{path.name} cannot be created: {error.strerror}.", fix="Choose another folder."
        ) from error
    check_private(path)


def check_private(path: Path) -> None:
    """Refuse ``path`` when others may read it or somebody else owns it. Raises FolderProblem (FILE_MODE)."""
    try:
        status = path.stat()
    except OSError as error:
        raise FolderProblem(f"{path.name} cannot be read: {error.strerror}.", fix="Run init first.") from error
    if stat.S_IMODE(status.st_mode) & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise FolderProblem(
            f"{path.name} has mode {stat.S_IMODE(status.st_mode):o}: others on this machine can reach it.",
            code="FILE_MODE",
            fix=f"Run chmod {wanted} on it, and replace what it holds if others may have read it.",
        )
    if status.st_uid != os.geteuid():
        raise FolderProblem(
            f"{path.name} belongs to another user.", code="FILE_MODE", fix="Run the node as the owner of its folder."
        )


def read_private(path: Path) -> bytes:
    """The content of a private file. Raises FolderProblem when it is missing or its mode is too wide."""
    check_private(path)
    return path.read_bytes()


def write_private(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a private file whole or not at all: temporary file, fsync, rename, fsync of the folder.

    Raises:
        FolderProblem: FOLDER_EXISTS when it is there and ``replace`` is false.
    """
    if not replace and path.exists():
        raise FolderProblem(f"{path.name} is already there.", code="FOLDER_EXISTS", fix="Choose another folder.")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FolderProblem(
            f"{path.name} cannot be written: {error.strerror}.", fix="Make room or fix the mode."
        ) from error
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Have the names in the folder ``path`` on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class FolderLock:
    """The guard that one process at a time works on a data folder; the kernel frees it when the process dies."""

    path: Path
    _descriptor: int = -1

    def acquire(self) -> Self:
        """Take the lock. Raises FolderProblem (FOLDER_IN_USE) when another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _locked(descriptor):
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise FolderProblem(
                f"Process {holder or 'unknown'} already works on this data folder.",
                code="FOLDER_IN_USE",
                fix="Stop that process, or give each node a folder of its own.",
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        self._descriptor = descriptor
        return self

    @property
    def descriptor(self) -> int:
        """The open file that holds the lock, -1 when it is not held; whoever has it open too keeps the lock alive."""
        return self._descriptor

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the lock of the file ``path`` and hold it; the kernel frees it when the process dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Lock it, trying for a moment: a command that only asks whether a node runs holds the lock for microseconds."""
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(_LOCK_PAUSE)
        else:
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RunNote:
    """What a running node leaves in its folder for the command: where it listens, and a token for this run only."""

    process: int
    public: str
    plain: str
    token: str

    def write(self, folder: Path) -> None:
        """Leave the note, readable by the owner only."""
        content = {"process": self.process, "public": self.public, "plain": self.plain, "token": self.token}
        write_private(folder / RUN_NOTE, json.dumps(content).encode("utf-8"))

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The note, or None when there is none."""
        try:
            return cls(**json.loads(read_private(folder / RUN_NOTE)))
        except (FolderProblem, ValueError, TypeError):
            return None
