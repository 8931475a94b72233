"""How a command reaches the node: through its API when one runs on the data folder, else by opening the folder.

A running node leaves a note in its folder, readable by its owner only, with its loopback address and a token that
lives as long as the run does.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from credentials.errors import Problem
from node.disk import FolderLock, RunNote
from node.errors import FolderProblem, NodeError

if TYPE_CHECKING:
    from node.config import Settings
    from node.running import RunningNode


class Refused(NodeError):
    """The running node refused: its problem, as it said it."""

    default_code = "REFUSED"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(first.detail, code=first.code, pointer=first.pointer, fix=first.fix)
        self._problems = problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem in the answer."""
        return self._problems


@dataclass(frozen=True, slots=True)
class RunningApi:
    """The API of the node that runs on a data folder."""

    note: RunNote

    def ask(self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None) -> Any:
        """One request; the JSON of the answer. Raises Refused."""
        address = urlsplit(self.note.plain)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            sent = json.dumps(body).encode("utf-8") if body is not None else None
            stated = {"Authorization": f"Bearer {self.note.token}", "Accept": "application/json"}
            if sent is not None:
                stated["Content-Type"] = "application/json"
            connection.request(method, path, sent, {**stated, **(headers or {})})
            response = connection.getresponse()
            raw = response.read()
        except OSError as error:
            raise FolderProblem(
                f"The running node does not answer: {error}.",
                code="FOLDER_IN_USE",
                fix="Look at its log, or restart it.",
            ) from error
        finally:
            connection.close()
        value = json.loads(raw) if raw else None
        if response.status >= 400:
            raise Refused(_problems(value, response.status))
        return value


def running_api(data: Path) -> RunningApi | None:
    """The API of the node that runs on ``data``; None when none does.

    Raises:
        FolderProblem: FOLDER_IN_USE when one runs that cannot be asked.
    """
    from node.store.store import LOCK

    if not data.is_dir():
        return None
    lock = FolderLock(data / LOCK)
    try:
        lock.acquire().release()
    except FolderProblem:
        note = RunNote.read(data)
        if note is None or not note.plain:
            raise
        return RunningApi(note)
    return None


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[RunningNode]:
    """The node of a folder on which none runs; judging happens in this process."""
    from node.app import open_node
    from node.flows.judging import judge_here

    async with open_node(settings, clock=now, judge=judge_here) as node:
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


def now() -> datetime:
    """Now, by this machine."""
    return datetime.now(UTC)


def _problems(value: Any, status: int) -> tuple[Problem, ...]:
    """The problem details of an answer (RFC 9457), or the bare status when there are none."""
    members = value if isinstance(value, dict) else {}
    listed = members.get("problems") or members.get("errors") or [members]
    return tuple(
        Problem(
            code=str(item.get("code") or members.get("code") or f"STATUS_{status}"),
            detail=str(item.get("detail") or members.get("title") or f"The node answered {status}."),
            pointer=str(item.get("pointer") or ""),
            fix=str(item.get("fix") or ""),
        )
        for item in listed
        if isinstance(item, dict)
    )
