"""A real node over a fresh data folder, asked over loopback under its own host name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import text

from node.app import application, open_node
from node.config import load_settings
from node.demo.companies import SPINNER
from node.flows.verifying.work import InProcess
from node.initialization import initialize
from node.running import RunningNode
from tests.node.issuer import AT

HOST = SPINNER.host
URL = f"https://{HOST}"


@dataclass(frozen=True)
class Asked:
    """An answer, read."""

    status: int
    headers: Any
    body: bytes
    json: Any

    @property
    def code(self) -> str:
        return str(self.json["code"])


@dataclass(frozen=True)
class Served:
    """A served node: ``ask`` speaks to it, ``token`` is the operator's."""

    node: RunningNode
    session: aiohttp.ClientSession
    token: str
    app: web.Application

    async def ask(self, method: str, path: str, *, token: str | None = None, **options: Any) -> Asked:
        """One request under the node's own name, redirects not followed."""
        headers = {"Host": HOST, **options.pop("headers", {})}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self.session.request(method, path, headers=headers, allow_redirects=False, **options) as answer:
            body = await answer.read()
            is_json = answer.content_type.endswith(("+json", "/json"))
            value = await answer.json(content_type=None) if is_json and body else None
            return Asked(answer.status, answer.headers, body, value)

    async def issue(self, draft: dict[str, Any], **options: Any) -> Asked:
        """Issue a draft as the operator."""
        return await self.ask(
            "POST", "/credentials/issue", token=self.token, json={"credential": draft, "options": options}
        )

    async def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        async with self.node.store.reading() as tx:
            tables = await tx.session.exec(text("select name from sqlite_master where type = 'table'"))  # type: ignore[call-overload]
            names = [row[0] for row in tables]
            union = " union all ".join(f"select '{name}', count(*) from {name}" for name in names)
            return dict((await tx.session.exec(text(union))).all())  # type: ignore[call-overload]


@asynccontextmanager
async def served(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """The spinner's node over ``folder``, its clock standing still."""
    stated = {"name": SPINNER.name, "public_url": URL, "production": "false", **settings}
    initialized = await initialize(folder / "data", stated)
    async with open_node(load_settings(folder / "data", environment={}), clock=lambda: AT, work=InProcess()) as node:
        async with node.store.writing() as tx:
            token = await tx.tokens.add_token(label="test", role="operator", at=AT, expires=AT.replace(year=2027))
        app = application(node)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
            try:
                yield Served(node, session, token, app)
            finally:
                await runner.cleanup()
    assert initialized.did == SPINNER.did
