"""The demo's throw-away authority certifies host names that TLS accepts, and no others."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.demo.certificates import Authority


async def _greeting(folder: Path, *, name: str) -> bytes:
    authority = Authority.create(folder, at=datetime.now(UTC))
    pair = authority.certify("farm.test", at=datetime.now(UTC))
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(pair.certificate, pair.key)

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=server_side)
    async with server:
        client_side = ssl.create_default_context(cafile=str(authority.certificate))
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_side, server_hostname=name)
        greeting = await reader.read()
        writer.close()
        await writer.wait_closed()
        return greeting


async def test_a_client_that_trusts_the_authority_reaches_the_host_by_its_name(tmp_path: Path) -> None:
    assert await _greeting(tmp_path, name="farm.test") == b"hello"


async def test_the_certificate_is_good_for_no_other_name(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await _greeting(tmp_path, name="mill.test")


def test_private_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    pair = Authority.create(tmp_path, at=datetime.now(UTC)).certify("farm.test", at=datetime.now(UTC))

    assert pair.key.stat().st_mode & 0o777 == 0o600
