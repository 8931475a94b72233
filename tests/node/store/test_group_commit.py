"""Much that is asked for at once is one commit, and nobody is answered before it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import event

from node.errors import Conflict
from node.faults import marker
from node.store import OutboxEvent, Store, looking
from node.store.group_commit import MOST
from node.store.transaction import Transaction
from tests.node.store.conftest import AT, Place
from tests.shared import ROOT


def recording(name: str) -> Callable[[Transaction], Awaitable[str]]:
    async def work(tx: Transaction) -> str:
        await tx.outbox.record(OutboxEvent(id=name, source="s", type="t", subject="s", time=AT, data={}))
        return name

    return work


async def kept(place: Place) -> set[str]:
    async with looking(place.folder, url=place.url) as tx:
        return {event.id for event in await tx.outbox.unshared(limit=1000)}


async def test_many_at_once_are_a_few_commits_and_each_gets_his_own_answer(store: Store, place: Place) -> None:
    commits: list[object] = []
    event.listen(store._database.writer.sync_engine, "commit", commits.append)
    names = [f"e{number}" for number in range(3 * MOST)]
    assert await asyncio.gather(*(store.write_grouped(recording(name)) for name in names)) == names
    assert await kept(place) == set(names)
    assert 3 <= len(commits) <= 5


async def test_who_comes_alone_is_not_kept_waiting_for_others(store: Store, place: Place) -> None:
    for number in range(3):
        await store.write_grouped(recording(f"e{number}"))
        assert len(await kept(place)) == number + 1  # on the disk when he is answered


async def test_what_one_did_wrong_is_his_problem_alone(store: Store, place: Place) -> None:
    async def broken(tx: Transaction) -> None:
        await recording("half")(tx)
        raise KeyError

    works = [recording("a"), broken, recording("b"), recording("a"), recording("c")]
    answers = await asyncio.gather(*(store.write_grouped(work) for work in works), return_exceptions=True)
    assert [answers[0], answers[2], answers[4]] == ["a", "b", "c"]
    assert (type(answers[1]), type(answers[3])) == (KeyError, Conflict)
    assert await kept(place) == {"a", "b", "c"}


async def test_who_goes_away_takes_nobody_with_him(store: Store, place: Place) -> None:
    tasks = [asyncio.ensure_future(store.write_grouped(recording(f"e{number}"))) for number in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [answers[0], answers[2]] == ["e0", "e2"]
    assert {"e0", "e2"} <= await kept(place)
    assert await store.write_grouped(recording("later")) == "later"


_TAKING_IN = """
import asyncio, sys
from pathlib import Path
from node.faults import NO_FAULTS, Faults
from node.store import Store
from tests.node.store.conftest import AT
from tests.node.store.test_group_commit import recording

folder, url, point, early = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "early"

async def take_in(store, name):
    asked = asyncio.ensure_future(store.write_grouped(recording(name)))
    if not early:
        await asked
    print(name, flush=True)
    await asked

async def main():
    for name, faults in (("before", NO_FAULTS), ("dying", Faults(folder=folder, kill_at=point))):
        store = await Store.open(folder, at=AT, url=url, faults=faults)
        await asyncio.gather(*(take_in(store, f"{name}-{number}") for number in range(20)))
        await store.close()

asyncio.run(main())
"""


def told_before_dying(place: Place, point: str, when: str) -> set[str]:
    """What a process that dies at ``point`` had acknowledged."""
    words = [sys.executable, "-c", _TAKING_IN, str(place.folder), place.url, point, when]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert marker(place.folder, point).exists()
    return set(done.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("point", ["gathered.before-commit", "gathered.after-commit"])
async def test_what_was_acknowledged_is_there_after_a_crash(place: Place, point: str) -> None:
    told = await asyncio.to_thread(told_before_dying, place, point, "late")
    there = await kept(place)
    assert told == {f"before-{number}" for number in range(20)}
    assert told <= there
    assert there - told == ({f"dying-{number}" for number in range(20)} if point.endswith("after-commit") else set())


@pytest.mark.slow
async def test_the_control_an_answer_before_the_commit_is_found_out(place: Place) -> None:
    told = await asyncio.to_thread(told_before_dying, place, "gathered.before-commit", "early")
    assert not told <= await kept(place)
