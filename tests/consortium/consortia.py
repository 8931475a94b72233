"""Consortia for tests: some of the demo's companies, each a process of its own with its own files, name and TLS.

The processes come from one launcher that has read the program already, so that starting one takes milliseconds; they
are ended by their process id, and by themselves if a test forgets them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from node.demo.companies import Company
from node.demo.network import DemoNetwork
from node.demo.offline import trust_list
from node.demo.season import season
from node.demo.season_run import SeasonRun
from node.demo.season_steps import Step
from node.store.store import looking


@asynccontextmanager
async def consortium(folder: Path, *companies: Company) -> AsyncIterator[DemoNetwork]:
    """The running nodes of ``companies``."""
    network = await DemoNetwork.create(folder, companies, at=datetime.now(UTC), trust=trust_list())
    try:
        await network.start()
        yield network
    finally:
        await network.close()


def start_season(network: DemoNetwork, *, say: Callable[[str], None] = lambda _: None) -> SeasonRun:
    """A run of the season over ``network``: its requests are repeated until a node answers."""
    return SeasonRun(network, say)


def step(key: str) -> Step:
    """One step of the season."""
    return {item.key: item for item in season(datetime.now(UTC), ())}[key]


async def rows(network: DemoNetwork, company: Company, query: str) -> list[tuple[Any, ...]]:
    """What a plain SQL question to the files of ``company`` gives, whoever works on them."""
    async with looking(network.members[company.key].data) as tx:
        connection = await tx.session.connection()
        return [tuple(row) for row in await connection.execute(text(query))]


async def back(network: DemoNetwork, company: Company) -> None:
    """Kill the node of ``company`` as a power cut would, and start it again."""
    network.kill(company)
    await asyncio.sleep(0)
    await network.start(company)
