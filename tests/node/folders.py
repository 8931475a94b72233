"""Folders to begin with: a new database is made once and copied, because what it is made of is tested elsewhere."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from node.initialization import initialize
from node.store import Store
from node.store.fingerprints import fingerprint_of, forget_closed
from node.store.store import DATABASE

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def lay_database(folder: Path) -> Path:
    """Make ``folder`` (0700) with an empty database of the present schema, unless it is there."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
    if not (folder / DATABASE).exists():
        shutil.copy2(_database() / DATABASE, folder / DATABASE)
        _at_home(folder)
    return folder


def lay_node(folder: Path) -> Path:
    """Make ``folder`` with all that ``init`` makes for the spinner."""
    return _at_home(shutil.copytree(_node() / "spinner", folder))


def _at_home(folder: Path) -> Path:
    """Take the copied database for one that was made here: its life goes on."""
    file = folder / DATABASE
    forget_closed(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE life SET fingerprint = ?", (fingerprint_of(file),))
    return folder


@cache
def _database() -> Path:
    folder = _kept_until_the_end()
    _apart(_make_database(folder))
    return folder


@cache
def _node() -> Path:
    folder = _kept_until_the_end()
    _apart(initialize(folder / "spinner", {"name": "Spinner", "public_url": "https://spinner.test"}))
    return folder


async def _make_database(folder: Path) -> None:
    await (await Store.open(folder, at=AT)).close()


def _apart(work: Coroutine[Any, Any, object]) -> None:
    """Run ``work`` in a loop of its own, whether or not one runs here."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _kept_until_the_end() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tracenode-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
