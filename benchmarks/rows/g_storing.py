"""Taking in traceability events: verified in worker processes and stored with their verdicts, as the node does it.

The other side is the verification alone, in one process, with nothing stored. Every event is another one, signed
here; both sides judge it in full. Wall time on both sides, in turn.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

from benchmarks.credential import AT, KEY, METHOD, draft
from benchmarks.row import Measured, NotHere, Row
from benchmarks.serving import family_cpu, machine_cpu, others_had
from credentials.evidence import Evidence
from credentials.issue import secure_with_proofs
from credentials.verdict import Outcome
from credentials.verify import judge, read, standing
from node.flows.verifying.bulk import Bulk, Item
from node.flows.verifying.judging import Judging
from node.flows.verifying.work import Workers
from node.store import Store
from node.wire.folder import Folder

_EVENTS, _ROUNDS, _PROCESSES = 2000, 3, 2


@cache
def _events() -> tuple[bytes, ...]:
    def one(number: int) -> bytes:
        made = {**draft("DTE"), "id": f"https://node.test/events/{number}", "name": f"Event {number}"}
        return secure_with_proofs(made, signer=KEY, verification_method=METHOD, created=AT, suites=("eddsa-rdfc-2022",))

    return tuple(one(number) for number in range(_EVENTS))


def _alone() -> float:
    """Seconds of the verifications alone."""
    start = time.perf_counter()
    for raw in _events():
        if standing(judge(read(raw, None), Evidence(), at=AT)) is not Outcome.PASSED:
            raise AssertionError(raw[:200])
    return time.perf_counter() - start


async def _taken_in(workers: Workers) -> float:
    """Seconds until all are verified and on the disk of a new database."""
    with tempfile.TemporaryDirectory(prefix="tracenode-benchmark-") as place:  # 0700, as a data folder must be
        folder = Path(place)
        store = await Store.open(folder, at=AT)
        try:
            bulk = Bulk(source=Folder(folder), judging=Judging(work=workers), at=AT, store=store)
            start = time.perf_counter()
            verdicts = [judged.verdict async for judged in bulk.verify(_items())]
            taken = time.perf_counter() - start
        finally:
            await store.close()
    if len(verdicts) != _EVENTS or any(standing(verdict) is not Outcome.PASSED for verdict in verdicts):
        raise AssertionError("not all of them passed")
    return taken


async def _items() -> AsyncIterator[Item]:
    for number, raw in enumerate(_events()):
        yield Item(name=str(number), raw=raw)


async def _rounds() -> list[tuple[float, float]]:
    workers = Workers(processes=_PROCESSES)
    try:
        _alone()
        await _taken_in(workers)  # both sides warm
        start, own, busy = time.perf_counter(), family_cpu(os.getpid()), machine_cpu()
        rounds = [(await _taken_in(workers), _alone()) for _ in range(_ROUNDS)]
        others = machine_cpu() - busy - (family_cpu(os.getpid()) - own)
        if (reason := others_had(others / (time.perf_counter() - start))) is not None:
            raise reason
        return rounds
    finally:
        workers.close()


def _measure() -> Measured:
    if (os.cpu_count() or 1) < _PROCESSES:
        raise NotHere("this machine has one processor")
    before = resource.getrusage(resource.RUSAGE_SELF)
    rounds = asyncio.run(_rounds())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before.ru_utime
    stored, alone = (statistics.median(side) for side in zip(*rounds, strict=True))
    told = f"{_EVENTS / stored:.0f} / {_EVENTS / alone:.0f} a second; {own:.1f} s CPU of the first process in all"
    return Measured(statistics.median(second / first for first, second in rounds), told)


ROWS = (Row(what="verify and store DTEs, 2 cores", against="verify alone, 1 core", target=1.0, measure=_measure),)
