"""Very many: every verdict in its place, nothing twice, and a bad one stops nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.verdict import Outcome
from credentials.verify import Reading, judge, read, standing, to_json
from node.flows.verifying.bulk import Bulk, Item, Judged
from node.flows.verifying.bulk_chunk import ChunkAnswer, Task, judge_chunk
from node.flows.verifying.judging import Judge, Judging
from node.flows.verifying.work import InProcess, Resources, Workers
from node.store import Store
from tests.corpus.making import to_bytes
from tests.credentials.verify.world import AT, did_document, evidence, proofed, signed, status_list, with_status
from tests.node.folders import lay_database

BAD = (b"", b"{", b"a.b.c", to_bytes({**proofed(), "name": "another"}), signed()[:-8] + b"AAAAAAAA")


@dataclass
class World:
    """A source that notes what it is asked for."""

    given: Evidence
    asked: list[Need] = field(default_factory=list)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        self.asked += sorted(needs)
        return {need: self.given.get(need) or Absent(reason=AbsentReason.OFFLINE) for need in needs}


def many(count: int) -> list[bytes]:
    """Tokens with a status, proof sets and every kind of bad bytes, all different but the bad."""
    made = []
    for number in range(count):
        match number % 10:
            case 3:
                made.append(BAD[number // 10 % len(BAD)])
            case 5 | 7:
                made.append(to_bytes(proofed(name=f"Number {number}")))
            case _:
                made.append(with_status(number))
    return made


async def run(bulk: Bulk, documents: Sequence[bytes]) -> list[Judged]:
    async def items() -> AsyncIterator[Item]:
        for number, raw in enumerate(documents):
            yield Item(name=str(number), raw=raw)

    return [judged async for judged in bulk.verify(items())]


def bulk_of(world: World, store: Store | None = None, *, at: datetime = AT, chunk: int = 16) -> Bulk:
    return Bulk(source=world, judging=Judging(work=InProcess()), at=at, store=store, chunk=chunk)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(lay_database(tmp_path / "node"), at=AT)
    yield opened
    await opened.close()


async def test_two_hundred_with_bad_ones_among_them_are_judged_in_their_order() -> None:
    documents, given = many(200), evidence(status_list(revoked=(4, 60)))
    told = await run(bulk_of(World(given)), documents)
    assert [item.name for item in told] == [str(number) for number in range(200)]
    assert [to_json(item.verdict) for item in told] == [
        to_json(judge(read(raw, None), given, at=AT)) for raw in documents
    ]
    assert {standing(item.verdict) for item in told} == {Outcome.PASSED, Outcome.FAILED}


async def test_what_many_need_is_looked_up_once() -> None:
    world = World(evidence(status_list()))
    await run(bulk_of(world), many(200))
    assert len(world.asked) == len(set(world.asked)) == 2


async def test_a_second_run_verifies_nothing(store: Store) -> None:
    documents, given = many(200), evidence(status_list())
    first, second = bulk_of(World(given), store), bulk_of(World(given), store)
    before, after = await run(first, documents), await run(second, documents)
    assert first.progress.read == len(set(documents))
    assert (second.progress.done, second.progress.read, second.progress.signatures) == (200, 0, 0)
    assert all(item.known for item in after)
    assert [item.verdict for item in after] == [item.verdict for item in before]


async def test_the_same_bytes_twice_in_one_run_are_verified_once() -> None:
    bulk = bulk_of(World(evidence(status_list())))
    told = await run(bulk, [with_status(1), signed()] * 100)
    assert (bulk.progress.done, bulk.progress.read, bulk.progress.signatures) == (200, 2, 2)
    assert {item.verdict.outcome for item in told} == {Outcome.PASSED}


async def test_a_revoked_key_costs_a_look_up_and_another_key_one_signature(store: Store) -> None:
    documents = [to_bytes(proofed(name=f"Number {number}")) for number in range(50)]
    await run(bulk_of(World(evidence()), store), documents)

    revoked = bulk_of(World(evidence(document=did_document(revoked=AT - timedelta(days=1)))), store)
    told = await run(revoked, documents)
    assert {item.verdict.check("key").outcome for item in told} == {Outcome.FAILED}
    assert (revoked.progress.read, revoked.progress.signatures) == (0, 0)

    other = SigningKey(KeyKind.ED25519, b"\x09" * 32)
    replaced = bulk_of(World(evidence(document=did_document(key=other))), store)
    told = await run(replaced, documents)
    assert {item.verdict.check("proof").outcome for item in told} == {Outcome.FAILED}
    assert (replaced.progress.read, replaced.progress.signatures) == (0, 50)


async def test_a_changed_status_costs_a_look_up(store: Store) -> None:
    documents = [with_status(number) for number in range(40)]
    await run(bulk_of(World(evidence(status_list())), store), documents)
    later = bulk_of(World(evidence(status_list(revoked=(7,)))), store)
    told = await run(later, documents)
    assert [item.name for item in told if standing(item.verdict) is Outcome.FAILED] == ["7"]
    assert (later.progress.read, later.progress.signatures) == (0, 0)


async def test_what_could_not_be_told_for_want_of_an_issuer_is_told_when_it_answers(store: Store) -> None:
    documents = [signed(), with_status(3)]
    silent, speaking = World(Evidence({})), World(evidence(status_list()))
    told = await run(bulk_of(silent, store), documents)
    assert {item.verdict.outcome for item in told} == {Outcome.UNDETERMINED}
    assert {standing(item.verdict) for item in await run(bulk_of(speaking, store), documents)} == {Outcome.PASSED}


async def test_nothing_is_nothing() -> None:
    assert await run(bulk_of(World(evidence())), []) == []


def choke_on_poison(
    tasks: Sequence[Task],
    given: Evidence,
    lists: Mapping[str, Reading],
    at: datetime,
    judged_by: Judge,
    resources: Resources,
) -> list[ChunkAnswer]:
    """A chunk of which one document wants more memory than there is."""
    if any(b"poison" in task.raw for task in tasks):
        raise MemoryError
    return judge_chunk(tasks, given, lists, at, judged_by, resources)


@pytest.mark.slow
async def test_a_poisoned_one_stops_no_other() -> None:
    documents = [*many(20), b'{"type": "poison"}', *many(40)[20:]]
    workers = Workers(processes=2)
    try:
        bulk = Bulk(
            source=World(evidence(status_list())),
            judging=Judging(work=workers),
            at=AT,
            chunk=16,
            decide=choke_on_poison,
        )
        told = await run(bulk, documents)
    finally:
        workers.close()
    assert [to_json(item.verdict) for item in told if item.name != "20"] == [
        to_json(judge(read(raw, None), evidence(status_list()), at=AT)) for raw in documents if b"poison" not in raw
    ]
    assert {check.problem.code for check in told[20].verdict.checks if check.problem} == {"CANON_LIMIT"}


@pytest.mark.slow
async def test_worker_processes_say_what_this_process_says() -> None:
    documents, given = many(100), evidence(status_list(revoked=(4,)))
    workers = Workers(processes=2)
    try:
        told = await run(Bulk(source=World(given), judging=Judging(work=workers), at=AT), documents)
    finally:
        workers.close()
    assert [item.verdict for item in told] == [item.verdict for item in await run(bulk_of(World(given)), documents)]
