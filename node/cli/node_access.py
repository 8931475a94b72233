"""How a command reaches the node: through its API when one runs on the data folder, else by opening the folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from node.client.running_node import running_api

if TYPE_CHECKING:
    from credentials.provenance.packs.rule_pack import RulePack
    from node.config import Settings
    from node.flows.verifying.judging import Judge
    from node.running import RunningNode


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[RunningNode]:
    """The node of a folder on which none runs; judging happens in this process."""
    from node.app import open_node
    from node.flows.verifying.work import InProcess

    async with open_node(settings, clock=now, work=InProcess()) as node:
        yield node


def ask(data: Path | None, request: tuple[str, str, object], here: Callable[[RunningNode], Awaitable[Any]]) -> Any:
    """The answer of the running node to ``request`` (method, path, body), else what ``here`` does in the folder."""
    from node.config import load_settings

    settings = load_settings(data)
    api = running_api(settings.data)
    if api is not None:
        return api.ask(*request)

    async def inside() -> Any:
        async with opened(settings) as node:
            return await here(node)

    return asyncio.run(inside())


def judge_of_folder(data: Path | None) -> Judge:
    """Who judges by what the named data folder registers; without one by what this program knows itself."""
    from node.config import data_folder, load_settings
    from node.errors import SettingsProblem
    from node.flows.verifying.judging import Judge
    from node.flows.verifying.registered import judge_of

    try:
        folder = data_folder(data)
    except SettingsProblem:
        return Judge()
    settings = load_settings(folder)
    return judge_of(settings.data, contexts=settings.contexts, schemas=settings.schemas)


def pack_of_folder(data: Path | None) -> RulePack:
    """The rule pack of the named data folder; without one the core pack."""
    from node.config import data_folder, load_settings
    from node.errors import SettingsProblem
    from node.flows.verifying.registered import pack_in

    try:
        folder = data_folder(data)
    except SettingsProblem:
        return pack_in(None)
    return pack_in(load_settings(folder).file("rule_pack"))


def now() -> datetime:
    """Now, by this machine."""
    return datetime.now(UTC)
