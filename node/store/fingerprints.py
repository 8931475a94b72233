"""Where the files of a database are: what a copy that was put in their place, or beside them, does not have.

The rule: a false alarm costs little, a copy that is taken for the original repeats what was given out. So three things
are compared at each start: the file's inode and birth time, which a copy has not; when a small file beside it was
written, which a folder that is copied over itself changes; and after an orderly end, that nobody wrote the file since.
See docs/decisions/0033-lives.md; statx(2).
"""

from __future__ import annotations

import ctypes
import os
import secrets
import struct
from pathlib import Path
from typing import Any, Final

from node.disk import read_private, write_private

MARK: Final = "life.note"
CLOSED: Final = "closed.note"
_AT_FDCWD: Final = -100
_BIRTH: Final = 0x800  # STATX_BTIME
_BIRTH_AT: Final = 80  # where struct statx has stx_btime: seconds and nanoseconds


def fingerprint_of(file: Path) -> str:
    """The fingerprint of the database ``file`` and the mark beside it, which is made when it is missing."""
    mark = file.with_name(MARK)
    if not mark.exists():
        renew(file)
    place, written = file.stat(), mark.stat()
    named = read_private(mark).decode("ascii", "replace").strip()
    return f"sqlite {place.st_ino} {_birth(file)} {named} {written.st_ino} {written.st_ctime_ns}"


def renew(file: Path) -> None:
    """Give the database ``file`` another fingerprint, whatever else stays the same."""
    write_private(file.with_name(MARK), secrets.token_hex(8).encode("ascii"))


def note_closed(file: Path) -> None:
    """Nobody writes ``file`` from here on, unless he is a node that starts here."""
    write_private(file.with_name(CLOSED), _last_written(file).encode("ascii"))


def written_since_closed(file: Path) -> bool:
    """Was ``file`` written by somebody else since a node ended in order? Without a note nothing is known of it."""
    note = file.with_name(CLOSED)
    return note.exists() and file.exists() and note.read_bytes() != _last_written(file).encode("ascii")


def forget_closed(file: Path) -> None:
    """A node writes ``file`` again."""
    file.with_name(CLOSED).unlink(missing_ok=True)


def _last_written(file: Path) -> str:
    status = file.stat()
    return f"{status.st_size} {status.st_ctime_ns}"


def _birth(file: Path) -> str:
    """When the file was made, where the system knows it; "" where it does not."""
    born: Any = getattr(file.stat(), "st_birthtime", None)
    if born is not None:
        return str(born)
    statx = getattr(ctypes.CDLL(None), "statx", None)
    found = ctypes.create_string_buffer(256)
    if statx is None or statx(_AT_FDCWD, os.fsencode(file), 0, _BIRTH, found):
        return ""
    (known,), (seconds, nanoseconds) = struct.unpack_from("I", found), struct.unpack_from("qI", found, _BIRTH_AT)
    return f"{seconds}.{nanoseconds:09}" if known & _BIRTH else ""
