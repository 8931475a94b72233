"""``tracenode verify --many``: the files of a folder, or the lines of stdin, over every core.

The rule: stdout holds one line of JSON for every credential, in order, whichever way they came; progress and the
figures go to stderr. Where a data folder is named and no node runs on it, what was judged is kept there and found
again. Exit codes: 0 all good, 1 one is not valid, 3 one could not be told (docs/requirements.md D9).
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from credentials.verdict import Outcome
from credentials.verify import standing
from node.cli.node_access import judge_of_folder
from node.flows.verifying.bulk import Bulk, BulkProgress, Item
from node.flows.verifying.bulk_lines import item_of, line_of
from node.flows.verifying.judging import Judging
from node.flows.verifying.work import Workers
from node.store import Store
from node.wire.source import Source

if TYPE_CHECKING:
    from node.wire.fetch import Fetcher

_LARGEST: Final = (1 << 20) + 1  # one byte too many is enough to refuse it
_EVERY: Final = 0.5  # seconds between two lines of progress


async def verify_many(
    what: str, *, data: Path | None, folder: Path | None, fetcher: Callable[[Path | None], Fetcher], at: datetime
) -> Outcome:
    """Verify the files below the folder ``what``, or the lines of stdin (-); the worst of what was found."""
    items = _lines() if what == "-" else _files(_folder(what))
    async with AsyncExitStack() as stack:
        store = await _store(stack, data, at)
        workers = Workers(processes=os.cpu_count())
        stack.callback(workers.close)
        source = await _source(stack, data, folder, fetcher)
        judging = Judging(work=workers, judge=judge_of_folder(data))
        bulk = Bulk(source=source, judging=judging, at=at, store=store)
        found, told = Counter[Outcome](), time.monotonic()
        async with aclosing(bulk.verify(items)) as verdicts:
            async for judged in verdicts:
                found[standing(judged.verdict)] += 1
                sys.stdout.write(line_of(judged).decode("utf-8"))
                if time.monotonic() - told >= _EVERY:
                    told = time.monotonic()
                    _tell(bulk.progress, found)
        _tell(bulk.progress, found)
    return next((outcome for outcome in (Outcome.FAILED, Outcome.UNDETERMINED) if found[outcome]), Outcome.PASSED)


def _tell(progress: BulkProgress, found: Counter[Outcome]) -> None:
    counts = ", ".join(f"{found[outcome]} {outcome}" for outcome in Outcome)
    click.echo(
        f"{progress.done} judged ({progress.read} read, {progress.signatures} signatures checked): {counts}", err=True
    )


async def _source(
    stack: AsyncExitStack, data: Path | None, folder: Path | None, fetcher: Callable[[Path | None], Fetcher]
) -> Source:
    if folder is not None:
        from node.wire.folder import Folder

        return Folder(folder)
    from node.wire.gather import Gather

    return Gather(fetcher=await stack.enter_async_context(fetcher(data)))


async def _store(stack: AsyncExitStack, data: Path | None, at: datetime) -> Store | None:
    """The database of the named data folder; None where none is named, or a node is at work on it."""
    from node.client.running_node import running_api
    from node.config import data_folder, load_settings
    from node.errors import SettingsProblem

    try:
        place = data_folder(data)
    except SettingsProblem:
        return None
    settings = load_settings(place)
    if running_api(place) is not None:
        click.echo("A node runs on this folder, so nothing is kept; POST /credentials/verify-many keeps it.", err=True)
        return None
    password = settings.file("database_password_file")
    store = await Store.open(settings.data, at=at, url=settings.database, password_file=password)
    stack.push_async_callback(store.close)
    return store


def _folder(what: str) -> Path:
    folder = Path(what)
    if not folder.is_dir():
        raise click.UsageError(f"{what} is not a folder.")
    return folder


async def _files(folder: Path) -> AsyncIterator[Item]:
    """Every file below ``folder`` by name; hidden ones are passed over."""
    for name, path in _listed(folder):
        with path.open("rb") as file:
            yield Item(name=name, raw=file.read(_LARGEST))


def _listed(folder: Path) -> list[tuple[str, Path]]:
    found = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return [(name, path) for name, path in found if not any(part.startswith(".") for part in name.split("/"))]


async def _lines() -> AsyncIterator[Item]:
    """Every line of stdin that is not empty, named by its number from 1; what is too long is refused in pieces."""
    number = 0
    while line := await asyncio.to_thread(sys.stdin.buffer.readline, _LARGEST + 1):
        number += 1
        if line.strip():
            yield item_of(str(number), line.strip())
