"""Where the demo's nodes come from: one process that has read the program, and a copy of it for each node.

Every node is an operating-system process of its own with its own files; starting from a process that has imported
everything already makes that take milliseconds. Nodes write to their own log file, never to the demo's output, and
end by themselves after ``lifetime`` seconds, whoever forgets them.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

from node.disk import RUN_NOTE, RunNote

_PRELOADED: Final = ["node.app", "node.api.routes", "node.demo.launcher", "node.demo.preload"]
_LOOK: Final = 0.02  # seconds between looks for a starting node
_STARTING: Final = 30.0
_STOPPING: Final = 15.0


@dataclass(slots=True)
class Launcher:
    """Starts, kills and stops node processes, by the name of the data folder."""

    lifetime: int = 3600
    _context: ForkServerContext = field(default_factory=lambda: multiprocessing.get_context("forkserver"))
    _processes: dict[Path, ForkServerProcess] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._context.set_forkserver_preload(_PRELOADED)
        _begin_quietly()

    async def start(self, data: Path) -> RunNote:
        """Start the node of ``data`` and wait until it listens; the note it leaves.

        Raises:
            RuntimeError: it ended or did not listen in time; its log says why.
        """
        (data / RUN_NOTE).unlink(missing_ok=True)
        process = self._context.Process(target=run_node, args=(data, self.lifetime), name=data.name)
        process.start()
        self._processes[data] = process
        async with asyncio.timeout(_STARTING):
            while True:
                note = RunNote.read(data)
                if note is not None and note.process == process.pid:
                    return note
                if process.exitcode is not None:
                    raise RuntimeError(f"the node of {data.name} ended while starting: {_last_words(data)}")
                await asyncio.sleep(_LOOK)

    def kill(self, data: Path) -> None:
        """End the node at once, as a power cut would (SIGKILL)."""
        process = self._processes[data]
        process.kill()
        process.join(_STOPPING)

    async def stop(self, data: Path) -> None:
        """Ask the node to stop (SIGTERM) and wait for it."""
        process = self._processes.pop(data, None)
        if process is None or process.pid is None or process.exitcode is not None:
            return
        os.kill(process.pid, signal.SIGTERM)
        await asyncio.to_thread(process.join, _STOPPING)
        if process.exitcode is None:
            process.kill()
            await asyncio.to_thread(process.join, _STOPPING)

    async def stop_all(self) -> None:
        """Stop every node that was started here."""
        await asyncio.gather(*(self.stop(data) for data in list(self._processes)))

    def is_running(self, data: Path) -> bool:
        """Does the node of ``data`` run?"""
        process = self._processes.get(data)
        return process is not None and process.exitcode is None


def _begin_quietly() -> None:
    """Start the process that nodes are copied from, away from our output.

    It lives as long as the last node: one that is kept would else hold the pipe that somebody reads the demo from.
    It reads the program while the caller goes on with other things.
    """
    kept = [(descriptor, os.dup(descriptor)) for descriptor in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for descriptor, _ in kept:
            os.dup2(nowhere, descriptor)
        forkserver.ensure_running()
    finally:
        for descriptor, copy in kept:
            os.dup2(copy, descriptor)
            os.close(copy)
        os.close(nowhere)


def run_node(data: Path, lifetime: int) -> None:
    """The body of a node's process: output to its log, then serve until told to stop or ``lifetime`` is over."""
    from node.config import load_settings
    from node.serving import serve

    os.setsid()
    log = os.open(data / "node.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    signal.alarm(lifetime)  # SIGALRM ends a forgotten node
    asyncio.run(serve(load_settings(data)))


def _last_words(data: Path) -> str:
    log = data / "node.log"
    return log.read_text("utf-8", "replace")[-600:] if log.exists() else "it said nothing"
