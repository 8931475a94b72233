"""Serving until told to stop: in this process, or with workers where the settings ask for several."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import structlog

from node.app import machine_clock, open_node
from node.config import Settings
from node.disk import RUN_NOTE, RunNote
from node.running import Clock
from node.serving.listeners import command_token, listening, no_core_dumps
from node.store import is_sound

_log = structlog.get_logger("node")


async def serve(
    settings: Settings, *, clock: Clock = machine_clock, ready: Callable[[RunNote], None] | None = None
) -> None:
    """Run the node until SIGTERM or SIGINT; ``ready`` is told the addresses once it listens.

    Raises:
        NodeError: as :func:`node.app.open_node`; an address is taken; workers ended again and again.
    """
    no_core_dumps()
    if not is_sound():
        _log.warning("this SQLite has the WAL reset fault; 3.51.3 or later is sound")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if settings.workers > 1:
        from node.serving.supervisor import serve_with_workers

        await serve_with_workers(settings, clock=clock, ready=ready, stop=stop)
        return
    async with (
        open_node(settings, clock=clock) as node,
        listening(settings, node, public=settings.listen, plain=settings.plain_listen) as (public, plain),
    ):
        token = await command_token(node.store, clock)
        note = RunNote(process=os.getpid(), public=public, plain=f"http://{plain}" if plain else "", token=token)
        note.write(settings.data)
        try:
            _log.info("listening", public=note.public, plain=note.plain, did=node.identity.did)
            if ready is not None:
                ready(note)
            await stop.wait()
            _log.info("stopping")
        finally:
            (settings.data / RUN_NOTE).unlink(missing_ok=True)
