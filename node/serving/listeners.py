"""The listeners of one process: public and plain, on ports of its own or on those that several processes share.

The rule: it leaves in order: stop accepting, finish within ten seconds. See docs/requirements.md S104 and S147;
docs/threat-model.md#at-rest.
"""

from __future__ import annotations

import resource
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from aiohttp import web

from node.api.callers import PLAIN
from node.api.listener import PatientRunner
from node.app import application
from node.config import Settings, listen_address
from node.disk import check_private
from node.errors import SettingsProblem
from node.running import Clock, RunningNode
from node.store import Store

COMMAND_LABEL: Final = "command"
FINISH: Final = 10.0  # seconds that requests under way may still take
_TOKEN_LIFE: Final = timedelta(days=90)


@asynccontextmanager
async def listening(
    settings: Settings, node: RunningNode, *, public: str, plain: str, shared: bool = False
) -> AsyncIterator[tuple[str, str]]:
    """Answer on the addresses ``public`` and ``plain`` ("" for none); where that is once it does.

    Raises:
        SettingsProblem: nothing can listen there.
    """
    app = application(node, works=node.worker.background)
    runner = PatientRunner(app, access_log=None, shutdown_timeout=FINISH)
    await runner.setup()
    try:
        first = await _listen(runner, public, tls_of(settings), shared=shared)
        second = await _listen(runner, plain, None, shared=shared) if plain else ""
        if second:
            app[PLAIN].add(listen_address(second))
        yield first, second
    finally:
        await runner.cleanup()


def no_core_dumps() -> None:
    """A core dump would hold the clear keys."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


async def command_token(store: Store, clock: Clock) -> str:
    """A token for the command, good for this run only."""
    at = clock()
    async with store.writing() as tx:
        await tx.tokens.revoke_tokens(COMMAND_LABEL)
        return await tx.tokens.add_token(label=COMMAND_LABEL, role="admin", at=at, expires=at + _TOKEN_LIFE)


def reserved(address: str) -> socket.socket:
    """A socket that keeps ``address`` for the processes of this node; it listens to nobody itself.

    It is bound as if nobody was to share it, so that the port of another node is refused, and opened to sharing
    afterwards. Raises SettingsProblem.
    """
    host, port = listen_address(address)
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        made.close()
        raise _taken(address, error) from error
    return made


def address_of(made: socket.socket) -> str:
    """``address:port`` of a bound socket."""
    host, port = made.getsockname()[:2]
    return f"{host}:{port}"


def tls_of(settings: Settings) -> ssl.SSLContext | None:
    """The TLS of the public listener; None where a proxy ends it. Raises SettingsProblem, FolderProblem."""
    certificate, key = settings.file("tls_certificate"), settings.file("tls_key")
    if certificate is None or key is None:
        return None
    check_private(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsProblem(
            f"The TLS certificate cannot be used: {error}.", pointer="/tls_certificate", fix="Check both PEM files."
        ) from error
    return context


async def _listen(runner: web.AppRunner, address: str, tls: ssl.SSLContext | None, *, shared: bool) -> str:
    host, port = listen_address(address)
    before = len(runner.addresses)
    site = web.TCPSite(runner, host, port, ssl_context=tls, reuse_address=True, reuse_port=shared or None)
    try:
        await site.start()
    except OSError as error:
        raise _taken(address, error) from error
    bound = runner.addresses[before]
    return f"{bound[0]}:{bound[1]}"


def _taken(address: str, error: OSError) -> SettingsProblem:
    return SettingsProblem(
        f"Nothing can listen on {address}: {error.strerror}.",
        pointer="/listen",
        fix="Free the port or choose another.",
    )
