"""One worker: a process of a node that answers on the ports it shares with the others.

The rule: it does what its order says and decides nothing: the same settings and trust as all others, errands only
where it is told so. It ends when it is told to, and when the process that started it is gone.
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

from credentials.trust import TrustList
from node.app import machine_clock, open_node
from node.config import Settings
from node.errors import NodeError
from node.federation import outbox
from node.federation.errands import Errands
from node.flows.exchange import receiving
from node.logs import start_logging
from node.running import Crew, RunningNode
from node.serving.listening import listening, no_core_dumps
from node.serving.tally import SharedTally
from node.shelf import Shelf
from node.store import Share

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
class Order:
    """What a worker is given: ``number`` (from 1) of ``size``, where it listens, and what it shares with the others.

    ``serving`` holds a 1 for each worker that serves; ``words`` are the two ends of the way to the one with errands.
    """

    settings: Settings
    trust: TrustList
    number: int
    size: int
    public: str
    plain: str
    serving: MutableSequence[int]
    callers: MutableSequence[int]
    hosts: MutableSequence[int]
    refreshes: MutableSequence[int]
    salt: bytes
    words: tuple[socket.socket, socket.socket]
    shelf: Shelf
    folder: OpenFile | None

    @property
    def errands(self) -> bool:
        """Are outbox and inbox worked on there?"""
        return self.number == 1

    def crew(self) -> Crew:
        """What the node of this worker is to know of the others."""
        tally = partial(SharedTally, number=self.number - 1, salt=self.salt)
        return Crew(
            number=self.number,
            size=self.size,
            errands=self.errands,
            serving=lambda: sum(self.serving),
            tell=None if self.errands else self._tell,
            callers=tally(self.callers),
            hosts=tally(self.hosts),
            refreshes=tally(self.refreshes),
            shelf=self.shelf,
        )

    def _tell(self, word: str) -> bool:
        try:
            return self.words[1].send(word.encode("utf-8")) > 0
        except OSError:  # nobody listens, or he has more to read than fits
            return False


def work(order: Order, served: Connection) -> None:
    """The body of a worker's process; ``served`` is told once it serves."""
    start_logging()
    structlog.contextvars.bind_contextvars(worker=order.number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the one that started us decides
    no_core_dumps()
    asyncio.run(_serve(order, served))


async def _serve(order: Order, served: Connection) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel: Any = parent.sentinel  # a number on this system

    def orphaned() -> None:
        loop.remove_reader(sentinel)
        stop.set()

    loop.add_reader(sentinel, orphaned)
    order.shelf.clear()
    share = Share(holds=False, errands=order.errands, many=True)
    async with (
        open_node(order.settings, clock=machine_clock, crew=order.crew(), share=share, trust=order.trust) as node,
        listening(order.settings, node, public=order.public, plain=order.plain, shared=True),
        Errands("words") as heard,
    ):
        with _listened_to(order, node, heard):
            _log.info("serving", process=os.getpid())
            served.send_bytes(b"serving")
            await stop.wait()


@contextmanager
def _listened_to(order: Order, node: RunningNode, errands: Errands) -> Iterator[None]:
    """While here, the words of the other workers are heeded, if it is this one that has the errands."""
    if not order.errands:
        yield
        return
    ear, loop = order.words[0], asyncio.get_running_loop()
    ear.setblocking(False)

    def heed() -> None:
        with suppress(BlockingIOError):
            word = ear.recv(_LONGEST_WORD).decode("utf-8")
            if word == receiving.RING:
                node.receiving.ring()
            elif word.startswith(outbox.HEARD):
                errands.start(_heard_from(node, word.removeprefix(outbox.HEARD)), then=node.outbox.ring)
            else:
                node.outbox.ring()

    loop.add_reader(ear.fileno(), heed)
    try:
        yield
    finally:
        loop.remove_reader(ear.fileno())


async def _heard_from(node: RunningNode, did: str) -> None:
    with suppress(NodeError):  # the database is away: what waits is tried again in its time
        await node.outbox.heard_from(did)
