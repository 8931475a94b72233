"""The work port: two ways to do the same, and nobody who asks can tell which one it has but by the clock."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from functools import partial

import pytest

from contexts.library import Engine, Processing, UnsafeTestContexts
from credentials.verify import CREDENTIAL
from node.flows.verifying.work import Here, Resources, Work, Workers
from tests.credentials.verify.world import AT, evidence, status_list


@pytest.fixture(params=["here", "workers"])
async def work(request: pytest.FixtureRequest) -> AsyncIterator[Work]:
    if request.param == "here":
        yield Here()
        return
    workers = Workers(processes=1)
    yield workers
    workers.close()


def lists_checked(raw: bytes, resources: Resources) -> tuple[int, int]:
    """The process, and how many lists it verified in full so far, ``raw`` now being one of them."""
    resources.kept.examine(raw, None, evidence(), CREDENTIAL, at=AT, contexts=resources.contexts)
    return os.getpid(), resources.kept.checked


async def test_what_one_piece_of_work_verified_the_next_in_that_process_has(work: Work) -> None:
    lists = [status_list(), status_list(revoked=(4,)), status_list()]
    told = [await work.run(partial(lists_checked, raw), seconds=60) for raw in lists]
    assert len({process for process, _ in told}) == 1
    assert [checked for _, checked in told] == [1, 2, 2]


def contexts_over(contexts: UnsafeTestContexts, resources: Resources) -> tuple[bool, Processing]:
    over = resources.over(contexts)
    return over == contexts, over.processing


@pytest.mark.parametrize("engine", ["compiled", "pyld"])
async def test_contexts_of_an_askers_own_are_processed_as_the_process_does(engine: Engine) -> None:
    workers = Workers(processes=1, engine=engine)
    job = partial(contexts_over, UnsafeTestContexts({}))
    try:
        assert await workers.read(b"{}", job) == (True, Processing(engine=engine, quick_only=True))
        assert await workers.read(b"a.b.c", job) == (True, Processing(engine=engine))
        assert await workers.run(job, seconds=60) == (True, Processing(engine=engine))
    finally:
        workers.close()
