"""A real browser that a test drives: Chromium over its DevTools protocol, on a page that is a file."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

CHROMIUM: Final = shutil.which("chromium") or ""
_QUIET: Final = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
#: How a file comes in: by the input, or dropped on the page.
BY_INPUT: Final = (
    "Object.assign(document.getElementById('file'), {files: data.files}).dispatchEvent(new Event('change'))"
)
BY_DROP: Final = "document.dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}))"


@dataclass
class DrivenPage:
    """One open page: what it logged, what it asked of a network, and what a test has it do."""

    socket: aiohttp.ClientWebSocketResponse
    asked: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    _number: int = 0

    async def call(self, method: str, **values: object) -> Mapping[str, Any]:
        """The answer to one command of the protocol; events that arrive before it are kept."""
        self._number += 1
        await self.socket.send_json({"id": self._number, "method": method, "params": values})
        while True:
            told = await self.socket.receive_json(timeout=60)
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])
            self._keep(told)

    async def until(self, event: str) -> None:
        """Waits for an event of the protocol."""
        while (told := await self.socket.receive_json(timeout=60)).get("method") != event:
            self._keep(told)

    def _keep(self, event: Mapping[str, Any]) -> None:
        if event.get("method") == "Network.requestWillBeSent":
            self.asked.append(event["params"]["request"]["url"])
        if event.get("method") == "Log.entryAdded":
            self.logged.append(event["params"]["entry"]["text"])

    async def value(self, expression: str) -> Any:
        """What ``expression`` is in the page, once it is settled."""
        told = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def check(self, body: bytes, *, name: str = "bundle.zip", how: str = BY_INPUT) -> Mapping[str, Any]:
        """What the page says of a file: its state, the word that it shows, its text, and the milliseconds it took."""
        told: Mapping[str, Any] = await self.value(
            f"""(async () => {{
              const text = atob({base64.b64encode(body).decode()!r});
              const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
              const data = new DataTransfer();
              data.items.add(new File([bytes], {name!r}));
              const page = document.documentElement;
              const start = performance.now();
              {how};
              const busy = () => ["ready", "working"].includes(page.dataset.state);
              while (busy()) await new Promise((done) => setTimeout(done, 5));
              const took = performance.now() - start;
              return {{state: page.dataset.state, word: page.dataset.word, text: document.body.innerText, took}};
            }})()"""
        )
        return told


@asynccontextmanager
async def driven(page: str, folder: Path) -> AsyncIterator[DrivenPage]:
    """The page at an address, open in a Chromium of its own; skips where there is none."""
    if not CHROMIUM and os.environ.get("CI") == "true":
        pytest.fail("chromium is missing")
    if not CHROMIUM:
        pytest.skip("chromium is not installed here")
    wishes = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", *_QUIET)
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *wishes, f"--user-data-dir={folder}", "about:blank", stderr=asyncio.subprocess.PIPE
    )
    try:
        async with aiohttp.ClientSession() as session:
            port = await _port(process)
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                target = next(one for one in await answer.json() if one["type"] == "page")
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                opened = DrivenPage(socket)
                await _open(opened, page)
                yield opened
    finally:
        process.terminate()
        await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while line := (await process.stderr.readline()).decode():
            if "DevTools listening on" in line:
                return int(line.rsplit(":", 1)[1].split("/", 1)[0])
    pytest.fail("chromium ended before it listened")


async def _open(page: DrivenPage, address: str) -> None:
    for room in ("Network", "Log", "Page", "Runtime"):
        await page.call(f"{room}.enable")
    await page.call("Page.navigate", url=address)
    await page.until("Page.loadEventFired")
    assert await page.value("document.documentElement.dataset.state") == "ready"
