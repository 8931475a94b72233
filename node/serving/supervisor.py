"""Several processes that serve one node: started, replaced when they end, and stopped together.

The rule: this process serves nobody. It holds the folder, the ports and the token, starts one worker for each core it
is told of, puts another in the place of one that ends (a few times a minute at most), and tidies the database while
nobody writes. All are up or the node is not ready. See docs/requirements.md D17, S147 and S153.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
import socket
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from contextlib import AsyncExitStack, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Final

import structlog

from node.app import trust_of, unlocking
from node.config import Settings
from node.disk import RUN_NOTE, RunNote
from node.errors import NodeError
from node.flows.verifying.registered import pack_in
from node.keyring import Keyring
from node.running import Clock
from node.serving.listeners import FINISH, address_of, command_token, reserved, tls_of
from node.serving.rate_counter import shared_counts
from node.serving.worker import OpenFile, WorkerSpec, work
from node.shared_files import SharedFiles
from node.store import ProcessRole, Store

#: What a worker's process does.
Body = Callable[[WorkerSpec, Connection], None]
_ENDS: Final = 5  # of each worker within _WITHIN seconds are taken for accidents
_WITHIN: Final = 60.0
_IN_VAIN: Final = 3  # starts of one worker that never came to serve
_PAUSE: Final = 0.1  # seconds before a worker is replaced, doubled for each that ended lately
_TIDY: Final = 1.0  # seconds between two looks at the database's log
_SPAWN: Final = multiprocessing.get_context("spawn")

_log = structlog.get_logger("node")


class WorkersLost(NodeError):
    """WORKERS_LOST: the processes of this node ended again and again."""

    default_code = "WORKERS_LOST"


async def serve_with_workers(
    settings: Settings, *, clock: Clock, ready: Callable[[RunNote], None] | None, stop: asyncio.Event
) -> None:
    """Run the node in ``settings.workers`` processes until ``stop``.

    Raises:
        NodeError: settings, folder, keyring or store do not allow it, or WORKERS_LOST.
    """
    Keyring.open(settings.data, did=settings.did, unlocking=unlocking(settings), production=settings.production)
    tls_of(settings)  # told here, once, what would else stop every worker
    async with AsyncExitStack() as stack:
        store = await Store.open(
            settings.data,
            at=clock(),
            url=settings.database,
            password_file=settings.file("database_password_file"),
            role=ProcessRole(holds=True, background=False, many=True),
        )
        stack.push_async_callback(store.close)
        token = await command_token(store, clock)
        specs = list(_specs(settings, store, stack))
        supervisor = Supervisor(specs, specs[0].serving)
        stack.push_async_callback(supervisor.stop)
        under_way = [asyncio.create_task(supervisor.keep()), asyncio.create_task(_tidied(store))]
        stack.push_async_callback(_ended, under_way)
        if not await _first(supervisor.all_serve.wait(), stop.wait(), *under_way):
            return
        public, plain = specs[0].public, specs[0].plain
        note = RunNote(process=os.getpid(), public=public, plain=f"http://{plain}" if plain else "", token=token)
        note.write(settings.data)
        stack.callback((settings.data / RUN_NOTE).unlink, missing_ok=True)
        _log.info("listening", public=public, plain=note.plain, did=settings.did, workers=settings.workers)
        if ready is not None:
            ready(note)
        await _first(stop.wait(), *under_way)
        _log.info("stopping")


def _specs(settings: Settings, store: Store, stack: AsyncExitStack) -> Iterator[WorkerSpec]:
    """The spec of each worker; what they share is let go of when ``stack`` ends."""
    size, trust, pack, salt = (
        settings.workers,
        trust_of(settings),
        pack_in(settings.file("rule_pack")),
        secrets.token_bytes(16),
    )
    public = stack.enter_context(reserved(settings.listen))
    plain = stack.enter_context(reserved(settings.plain_listen)) if settings.plain_listen else None
    channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for end in channel:
        end.setblocking(False)
        stack.enter_context(end)
    shared_files = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracenode-")))
    serving = _SPAWN.RawArray("B", size)
    callers, hosts, refreshes = (shared_counts(size) for _ in range(3))
    for number in range(1, size + 1):
        yield WorkerSpec(
            settings=settings,
            trust=trust,
            pack=pack,
            number=number,
            size=size,
            public=address_of(public),
            plain=address_of(plain) if plain else "",
            serving=serving,
            callers=callers,
            hosts=hosts,
            refreshes=refreshes,
            salt=salt,
            channel=channel,
            shared_files=SharedFiles(shared_files, str(number)),
            folder=OpenFile(store.lock) if store.lock >= 0 else None,
        )


class Supervisor:
    """The workers of one node; ``all_serve`` is set once each of them does."""

    def __init__(self, specs: Sequence[WorkerSpec], serving: MutableSequence[int], *, body: Body = work) -> None:
        self._specs, self._serving, self._body = specs, serving, body
        self._processes: dict[int, SpawnProcess] = {}
        self._ended: deque[float] = deque()
        self._in_vain: Counter[int] = Counter()
        self._stopping = False
        self.all_serve = asyncio.Event()

    async def keep(self) -> None:
        """Start every worker and replace those that end, until :meth:`stop`. Raises WorkersLost."""
        kept = [asyncio.create_task(self._keep(spec)) for spec in self._specs]
        try:
            await asyncio.gather(*kept)
        finally:
            await _ended(kept)

    async def stop(self) -> None:
        """Tell all to stop, wait for them, and end those that do not."""
        self._stopping = True
        alive = [process for process in self._processes.values() if process.is_alive()]
        for process in alive:
            process.terminate()
        deadline = asyncio.get_running_loop().time() + FINISH + 5
        for process in alive:
            with _readable(process.sentinel) as over:
                left = deadline - asyncio.get_running_loop().time()
                await asyncio.wait({asyncio.ensure_future(over.wait())}, timeout=max(0.0, left))
            if process.is_alive():
                _log.error("a worker does not stop and is killed", process=process.pid)
                process.kill()
            process.join()

    async def _keep(self, spec: WorkerSpec) -> None:
        while not self._stopping:
            served, told = _SPAWN.Pipe(duplex=False)
            process = self._processes[spec.number] = _SPAWN.Process(target=self._body, args=(spec, told))
            process.start()
            told.close()
            with served:
                await self._watch(spec, process, served)
            self._serving[spec.number - 1] = 0
            if not self._stopping:
                _log.error("a worker ended", worker=spec.number, process=process.pid, code=process.exitcode)
                self._in_vain[spec.number] += 1
                await asyncio.sleep(self._pause())

    async def _watch(self, spec: WorkerSpec, process: SpawnProcess, served: Connection) -> None:
        with _readable(process.sentinel) as over, _readable(served.fileno()) as said:
            await _first(over.wait(), said.wait())
            if served.poll() and not over.is_set():
                self._serving[spec.number - 1], self._in_vain[spec.number] = 1, 0
                if sum(self._serving) == len(self._specs):
                    self.all_serve.set()
            await over.wait()
        process.join()

    def _pause(self) -> float:
        """How long to wait before one more is started. Raises WorkersLost when too many ended lately."""
        now = asyncio.get_running_loop().time()
        self._ended.append(now)
        while self._ended[0] < now - _WITHIN:
            self._ended.popleft()
        if len(self._ended) > _ENDS * len(self._specs) or max(self._in_vain.values()) > _IN_VAIN:
            raise WorkersLost(
                "Workers of this node end again and again.",
                fix="The log says why each of them did; mend that and start again.",
            )
        return float(_PAUSE * 2 ** min(len(self._ended) - 1, 5))


@contextmanager
def _readable(descriptor: Any) -> Iterator[asyncio.Event]:
    """An event that is set once something can be read from ``descriptor``, its end included."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def heard() -> None:
        loop.remove_reader(descriptor)
        event.set()

    loop.add_reader(descriptor, heard)
    try:
        yield event
    finally:
        loop.remove_reader(descriptor)


async def _first(*waits: Any) -> bool:
    """Wait for one of ``waits``; was it the first named? What it raised is raised, and what only waits is over."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await _ended([task for task, wait in zip(tasks, waits, strict=True) if task in waiting and task is not wait])
    for task in done:
        task.result()
    return tasks[0] in done


async def _ended(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel ``tasks`` and wait until they are over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _tidied(store: Store) -> None:
    while True:
        await asyncio.sleep(_TIDY)
        try:
            await store.tidy()
        except Exception:
            _log.exception("background fault", task="tidy")
