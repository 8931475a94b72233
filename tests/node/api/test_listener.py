"""Connections that say nothing, or one byte at a time: cut, while others are served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import web

from node.api.listener import PatientRunner
from node.logs import start_logging

WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def slowly(_: web.Request) -> web.Response:
    await asyncio.sleep(0.5)
    return web.Response(text="done")


@asynccontextmanager
async def listening(**options: float) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_get("/", slowly)
    runner = PatientRunner(app, access_log=None, **options)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def says(port: int, sent: bytes) -> bytes:
    """Everything that comes back until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: a\r\nX-"])
async def test_a_head_that_never_ends_is_cut(sent: bytes) -> None:
    async with listening(header_seconds=0.1) as port, asyncio.timeout(5):
        assert await says(port, sent) == b""


async def test_a_second_head_that_never_ends_is_cut_too() -> None:
    async with listening(header_seconds=0.1) as port, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(WHOLE)
        assert b"done" in await reader.readuntil(b"done")
        writer.write(b"GET / HT")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_a_handler_may_take_longer_than_a_head() -> None:
    async with listening(header_seconds=0.1) as port, asyncio.timeout(5):
        assert b"200 OK" in await says(port, WHOLE.replace(b"Host: a", b"Host: a\r\nConnection: close"))


async def test_one_address_has_a_limited_number_of_connections() -> None:
    async with listening(header_seconds=5, per_address=3) as port, asyncio.timeout(5):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert await says(port, WHOLE) == b""
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0)
        assert b"200 OK" in await says(port, WHOLE.replace(b"Host: a", b"Host: a\r\nConnection: close"))


BROKEN_HEADS = {
    "both lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a signed length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
    "an underscore": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1_0\r\n\r\n",
    "an unknown coding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "a NUL": b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
    "a large header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200 + b"\r\n",
}


@pytest.mark.parametrize("head", BROKEN_HEADS.values(), ids=BROKEN_HEADS.keys())
async def test_a_head_that_two_servers_could_read_apart_is_400(head: bytes) -> None:
    async with listening(header_seconds=0.5) as port, asyncio.timeout(5):
        assert (await says(port, head)).split(b" ")[1] == b"400"


@pytest.fixture
def logs() -> Iterator[None]:
    """Our logging for a while; it is the process's own."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    start_logging()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer canary\x00canary\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization Bearer canary\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: canary\r\n\r\n",
        b"GET / HTTP/9.canary\r\n\r\n",
        b"canary\r\n\r\n",
    ],
)
async def test_what_is_no_http_costs_one_short_line_and_is_not_said_again(
    sent: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    async with listening() as port, asyncio.timeout(5):
        answer = await says(port, sent)

    lines = capsys.readouterr().err.splitlines()
    assert b" 400 " in answer[:16]
    assert b"application/problem+json" in answer
    assert b"canary" not in answer
    assert [len(line) < 300 for line in lines] == [True]
    assert "canary" not in lines[0]


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\ncanary",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Encoding: deflate\r\nContent-Length: 6\r\n\r\ncanary",
    ],
)
async def test_a_body_that_is_not_what_its_headers_say_costs_one_short_line(
    sent: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    async with listening() as port, asyncio.timeout(5):
        await says(port, sent)

    lines = capsys.readouterr().err.splitlines()
    assert [len(line) < 300 for line in lines] == [True]
    assert "canary" not in lines[0]
