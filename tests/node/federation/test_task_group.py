"""Tasks stand beside each other: one that fails or hangs changes nothing for the rest, and none is left behind."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from node.federation.task_group import TaskGroup


async def _fail() -> None:
    raise RuntimeError("no such luck")


async def test_one_that_fails_is_logged_and_the_others_go_on() -> None:
    over: list[str] = []
    done = asyncio.Event()

    with capture_logs() as lines:
        async with TaskGroup("test") as tasks:
            tasks.start(_fail(), then=lambda: over.append("failed"))
            tasks.start(asyncio.sleep(0), then=done.set)
            await done.wait()

    assert over == ["failed"]
    assert [(line["event"], str(line["exc_info"])) for line in lines] == [("a task failed", "no such luck")]


async def test_one_that_hangs_ends_with_the_block() -> None:
    over: list[str] = []
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with TaskGroup("test") as tasks:
        tasks.start(hang(), then=lambda: over.append("ended"))
        await begun.wait()
        assert over == []

    await asyncio.sleep(0)  # the task's own last step
    assert over == ["ended"]
