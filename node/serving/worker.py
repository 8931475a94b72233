"""One worker: a process of a node that answers on the ports it shares with the others.

The rule: it does what its spec says and decides nothing: the same settings and trust as all others, background work
only where it is told so. It ends when it is told to, and when the process that started it is gone.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Iterator, MutableSequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any, Final

import structlog

from credentials.provenance.packs.rule_pack import RulePack
from credentials.trust import TrustList
from node.app import machine_clock, open_node
from node.config import Settings
from node.errors import NodeError
from node.federation import outbox
from node.federation.task_group import TaskGroup
from node.flows.exchange import receiving
from node.logs import start_logging
from node.running import RunningNode, WorkerContext
from node.serving.listeners import listening, no_core_dumps
from node.serving.rate_counter import SharedRateCounter
from node.shared_files import SharedFiles
from node.store import ProcessRole

_LONGEST_WORD: Final = 4096

_log = structlog.get_logger("worker")


class OpenFile:
    """An open file that a started process is given; what it locks stays locked until the last of them ends."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (reduction.DupFd(self.descriptor),)


def _taken(copy: Any) -> OpenFile:
    return OpenFile(copy.detach())


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """What a worker is given: ``number`` (from 1) of ``size``, where it listens, and what it shares with the others.

    ``serving`` holds a 1 for each worker that serves; ``channel`` has the two ends of the way to the one that does the
    background work.
    """

    settings: Settings
    trust: TrustList
    pack: RulePack
    number: int
    size: int
    public: str
    plain: str
    serving: MutableSequence[int]
    callers: MutableSequence[int]
    hosts: MutableSequence[int]
    refreshes: MutableSequence[int]
    salt: bytes
    channel: tuple[socket.socket, socket.socket]
    shared_files: SharedFiles
    folder: OpenFile | None

    @property
    def background(self) -> bool:
        """Are outbox and inbox worked on there?"""
        return self.number == 1

    def context(self) -> WorkerContext:
        """What the node of this worker is to know of the others."""
        counter = partial(SharedRateCounter, number=self.number - 1, salt=self.salt)
        return WorkerContext(
            number=self.number,
            size=self.size,
            background=self.background,
            serving=lambda: sum(self.serving),
            tell=None if self.background else self._tell,
            callers=counter(self.callers),
            hosts=counter(self.hosts),
            refreshes=counter(self.refreshes),
            shared_files=self.shared_files,
        )

    def _tell(self, word: str) -> bool:
        try:
            return self.channel[1].send(word.encode("utf-8")) > 0
        except OSError:  # nobody listens, or there is more to read than fits
            return False


def work(spec: WorkerSpec, served: Connection) -> None:
    """The body of a worker's process; ``served`` is told once it serves."""
    start_logging()
    structlog.contextvars.bind_contextvars(worker=spec.number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the one that started us decides
    no_core_dumps()
    asyncio.run(_serve(spec, served))


async def _serve(spec: WorkerSpec, served: Connection) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel: Any = parent.sentinel  # a number on this system

    def orphaned() -> None:
        loop.remove_reader(sentinel)
        stop.set()

    loop.add_reader(sentinel, orphaned)
    spec.shared_files.clear()
    role = ProcessRole(holds=False, background=spec.background, many=True)
    async with (
        open_node(
            spec.settings,
            clock=machine_clock,
            worker=spec.context(),
            role=role,
            trust=spec.trust,
            pack=spec.pack,
        ) as node,
        listening(spec.settings, node, public=spec.public, plain=spec.plain, shared=True),
        TaskGroup("words") as heard,
    ):
        with _listened_to(spec, node, heard):
            _log.info("serving", process=os.getpid())
            served.send_bytes(b"serving")
            await stop.wait()


@contextmanager
def _listened_to(spec: WorkerSpec, node: RunningNode, tasks: TaskGroup) -> Iterator[None]:
    """While here, what the other workers send is heeded, if it is this one that does the background work."""
    if not spec.background:
        yield
        return
    receiver, loop = spec.channel[0], asyncio.get_running_loop()
    receiver.setblocking(False)

    def heed() -> None:
        with suppress(BlockingIOError):
            word = receiver.recv(_LONGEST_WORD).decode("utf-8")
            if word == receiving.WAKEUP:
                node.receiving.notify()
            elif word.startswith(outbox.HEARD):
                tasks.start(_heard_from(node, word.removeprefix(outbox.HEARD)), then=node.outbox.notify)
            else:
                node.outbox.notify()

    loop.add_reader(receiver.fileno(), heed)
    try:
        yield
    finally:
        loop.remove_reader(receiver.fileno())


async def _heard_from(node: RunningNode, did: str) -> None:
    with suppress(NodeError):  # the database is away: what waits is tried again in its time
        await node.outbox.heard_from(did)
