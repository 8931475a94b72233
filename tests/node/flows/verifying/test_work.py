"""The work port: two ways to do the same, and nobody who asks can tell which one it has but by the clock."""

from __future__ import annotations

from functools import partial

import pytest

from contexts.library import Engine, Processing, UnsafeTestContexts
from node.flows.verifying.work import Resources, Workers


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
