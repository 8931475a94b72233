"""Verifying very many credentials: in chunks over worker processes, in order, and nothing twice.

The rule: a chunk is one query for what is known, one job for a worker, and one statement for what is to be kept. What
many need (an issuer's document, a status list) is looked up once a run. A credential that spoils its chunk's job is
judged alone, and is then the only one that is not told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias

from credentials.encoding.document import Sha256, sha256_hex
from credentials.errors import LimitReached
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.verdict import Verdict
from credentials.verify import CREDENTIAL, Lists, Reading, foreseen, judge
from node.flows.verifying.bulk_chunk import ChunkAnswer, Task, judge_chunk
from node.flows.verifying.judging import Judge, Judging, spent
from node.flows.verifying.work import Resources
from node.store import Store
from node.wire.source import Source

#: What judges a chunk at a moment, where the resources are.
Decide: TypeAlias = Callable[[Sequence[Task], Evidence, Lists, datetime, Judge, Resources], list[ChunkAnswer]]

CHUNK: Final = 32  # documents a job: enough to hide what a job costs, few enough to share the work out
UNDER_WAY: Final = 8  # chunks: every worker has one and finds the next, also while others look up or keep
_REMEMBERED: Final = 4096  # readings of this run, light, where no store keeps them
_ISSUERS: Final = 64  # documents of issuers that every job takes along: most chunks need no second round
_ROUNDS: Final = 8
_SECONDS: Final = 2.0  # for one credential
_CHUNK_SECONDS: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One credential to verify; ``name`` is how the asker tells it from others."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One verdict (without its document), in the order of the items; ``known`` says that it was judged before."""

    name: str
    verdict: Verdict
    known: bool


@dataclass(slots=True)
class BulkProgress:
    """How far a run is: credentials done, of these never seen before, and signatures that were checked."""

    done: int = 0
    read: int = 0
    signatures: int = 0


@dataclass(slots=True)
class _Chunk:
    items: list[Item]
    digests: list[Sha256]
    work: asyncio.Task[dict[Sha256, tuple[Verdict, bool]]] = field(init=False)


class Bulk:
    """One run of verifying many at one moment; with a ``store`` what was judged is kept and found again.

    Where an operator registered contexts or schemas nothing is kept.
    """

    def __init__(
        self,
        *,
        source: Source,
        judging: Judging,
        at: datetime,
        store: Store | None = None,
        chunk: int = CHUNK,
        decide: Decide = judge_chunk,
    ) -> None:
        self._source, self._judging, self._at = source, judging, at
        # what is kept is read by the standard contexts alone, and means something else over those of an operator
        self._store = store if judging.judge == Judge() else None
        self._size, self._decide = chunk, decide
        self._found: dict[Need, Found | Absent] = {}
        self._looking = asyncio.Lock()
        self._lists: dict[str, tuple[Reading, ...]] = {}
        self._readings: dict[Sha256, Reading] = {}
        self.progress = BulkProgress()

    async def verify(self, items: AsyncIterable[Item]) -> AsyncGenerator[Judged, None]:
        """The verdict on each of ``items``, in their order, as soon as it is there."""
        under_way: deque[_Chunk] = deque()
        try:
            async for chunk in self._chunks(items):
                earlier = [other.work for other in under_way if not set(other.digests).isdisjoint(chunk.digests)]
                chunk.work = asyncio.create_task(self._after(earlier, chunk))
                under_way.append(chunk)
                if len(under_way) >= UNDER_WAY:
                    async for judged in self._told(under_way.popleft()):
                        yield judged
            while under_way:
                async for judged in self._told(under_way.popleft()):
                    yield judged
        finally:
            for chunk in under_way:
                chunk.work.cancel()

    async def _chunks(self, items: AsyncIterable[Item]) -> AsyncIterator[_Chunk]:
        held: list[Item] = []
        async for item in items:
            held.append(item)
            if len(held) == self._size:
                yield _Chunk(held, [sha256_hex(one.raw) for one in held])
                held = []
        if held:
            yield _Chunk(held, [sha256_hex(one.raw) for one in held])

    async def _told(self, chunk: _Chunk) -> AsyncIterator[Judged]:
        verdicts = await chunk.work
        for item, digest in zip(chunk.items, chunk.digests, strict=True):
            self.progress.done += 1
            verdict, known = verdicts[digest]
            yield Judged(name=item.name, verdict=verdict, known=known)

    async def _after(
        self, earlier: Iterable[asyncio.Task[object]], chunk: _Chunk
    ) -> dict[Sha256, tuple[Verdict, bool]]:
        """The verdicts of a chunk, once those are done that judge some of its documents."""
        await asyncio.gather(*earlier, return_exceptions=True)
        known = await self._known(set(chunk.digests))
        tasks = {
            digest: Task(raw=item.raw, reading=known.get(digest))
            for item, digest in zip(chunk.items, chunk.digests, strict=True)
        }
        self.progress.read += len(tasks) - len(known)
        await self._look_up({need for reading in known.values() for need in foreseen(reading)})
        answers = await self._in_rounds(tasks)
        await self._keep([answer for digest, answer in answers.items() if answer.reading != known.get(digest)])
        return {
            digest: (_verdict(answers.get(digest), task, self._at), digest in known) for digest, task in tasks.items()
        }

    async def _in_rounds(self, tasks: Mapping[Sha256, Task]) -> dict[Sha256, ChunkAnswer]:
        """The answers, after looking up what they need; a credential that wants too much work has none."""
        open_, done, needs = dict(tasks), dict[Sha256, ChunkAnswer](), frozenset[Need]()
        for _ in range(_ROUNDS):
            answers = await self._job(open_, self._evidence(open_.values(), needs))
            self.progress.signatures += sum(answer.signatures for answer in answers.values())
            done |= answers
            waiting = {digest: answer for digest, answer in answers.items() if answer.needs}
            if not waiting:
                break
            needs = frozenset(need for answer in waiting.values() for need in answer.needs)
            await self._look_up(needs)
            open_ = {digest: Task(raw=tasks[digest].raw, reading=answer.reading) for digest, answer in waiting.items()}
        return done

    async def _job(self, tasks: Mapping[Sha256, Task], evidence: Evidence) -> dict[Sha256, ChunkAnswer]:
        seconds = _SECONDS if len(tasks) == 1 else _CHUNK_SECONDS
        lists = {need.id: tuple(map(_to_send, self._lists[need.id])) for need in evidence if need.id in self._lists}
        work = partial(self._decide, list(tasks.values()), evidence, lists, self._at, self._judging.judge)
        try:
            return dict(zip(tasks, await self._judging.work.run(work, seconds=seconds), strict=True))
        except LimitReached:
            if len(tasks) == 1:
                return {}
        alone = await asyncio.gather(*(self._job({digest: task}, evidence) for digest, task in tasks.items()))
        return {digest: answer for answers in alone for digest, answer in answers.items()}

    def _evidence(self, tasks: Iterable[Task], needs: frozenset[Need]) -> Evidence:
        """What a job takes along: what its documents are known to need, and the latest issuers."""
        issuers = [need for need in self._found if need.kind is NeedKind.DID_DOCUMENT][-_ISSUERS:]
        own = [need for task in tasks if task.reading for need in foreseen(task.reading)]
        return Evidence(self._found).only((*issuers, *own, *needs))

    async def _look_up(self, needs: Iterable[Need]) -> None:
        async with self._looking:
            missing = frozenset(need for need in needs if need not in self._found)
            if missing:
                self._found |= await self._source.answer(missing, at=self._at)
                self._lists |= await self._judging.lists(sorted(missing), Evidence(self._found))

    async def _known(self, digests: set[Sha256]) -> dict[Sha256, Reading]:
        here = {digest: self._readings[digest] for digest in digests if digest in self._readings}
        if self._store is None or len(here) == len(digests):
            return here
        async with self._store.reading() as tx:
            return {**await tx.seen.of(digests - here.keys()), **here}

    async def _keep(self, answers: list[ChunkAnswer]) -> None:
        judged = [(answer.reading, answer.verdict) for answer in answers if answer.verdict is not None]
        texts = {answer.reading.digest: answer.text for answer in answers}
        self._readings |= {reading.digest: reading for reading, _ in judged}
        while len(self._readings) > _REMEMBERED:
            del self._readings[next(iter(self._readings))]
        if self._store is not None and judged:
            await self._store.write_grouped(lambda tx: tx.seen.keep(judged, texts=texts))


def _verdict(answer: ChunkAnswer | None, task: Task, at: datetime) -> Verdict:
    told = answer.verdict if answer is not None else None
    return judge(spent(task.raw, None, CREDENTIAL), Evidence(), at=at) if told is None else told


def _to_send(status_list: Reading) -> Reading:
    """A checked status list as little of it as entries are read from."""
    return replace(status_list, raw=b"", secured=None)
