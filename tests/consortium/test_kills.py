"""Nodes that are killed in the middle of everything: nothing acknowledged is lost, and nothing happens twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from node.demo.cast import FARM, SPINNER, Company
from node.demo.playing import Play
from node.demo.world import World
from node.federation.messages import BATCH_EVENTS
from node.store.store import looking
from tests.consortium.consortia import back, consortium, play, rows, step

_AT_MOST = 400
_KILLS = 12
_SEED = 141


async def _issue(playing: Play, number: int) -> str:
    """Issue the farm's facility record under a key of its own; the id that was acknowledged."""
    draft = step("farm-facility").draft({}) | {"name": f"Facility record {number}"}
    headers = {"Idempotency-Key": f'"record-{number}"'}
    answer = await playing._retry(FARM, "POST", "/credentials/issue", {"credential": draft}, headers)
    return str(answer["id"])


async def _kill_in_turn(world: World) -> None:
    """Sender and receiver in turn, the moments drawn from one seed."""
    moments = random.Random(_SEED)
    for number in range(_KILLS):
        await asyncio.sleep(moments.uniform(0.2, 0.8))
        await back(world, (FARM, SPINNER)[number % 2])


async def _acquainted(world: World) -> Play:
    playing = play(world)
    for company, other in ((FARM, SPINNER), (SPINNER, FARM)):
        await playing._retry(company, "POST", "/peers", {"did": other.did, "policy": {"share": "all"}})
    return playing


async def _effects(world: World, company: Company) -> Counter[str]:
    """How often each credential was taken in, by its id."""
    found = await rows(world, company, "select object from audit where action = 'credential.receive'")
    return Counter(url for (url,) in found)


@pytest.mark.slow
async def test_every_credential_has_its_effect_once_though_both_sides_are_killed_in_turn(tmp_path: Path) -> None:
    async with consortium(tmp_path, FARM, SPINNER) as world:
        playing = await _acquainted(world)
        killing = asyncio.create_task(_kill_in_turn(world))
        acknowledged: list[str] = []
        while not killing.done() and len(acknowledged) < _AT_MOST:
            acknowledged.append(await _issue(playing, len(acknowledged)))
        await killing

        await playing.until_all_have_heard([FARM, SPINNER])

        assert await _effects(world, SPINNER) == Counter(dict.fromkeys(acknowledged, 1))
        assert len(acknowledged) > _KILLS
        kept = await rows(world, SPINNER, "select count(*), count(distinct event_id) from inbox_event")
        assert kept == [(len(acknowledged), len(acknowledged))]
        ((states, attempts),) = await rows(
            world, FARM, "select count(distinct state), sum(attempts) from delivery where state = 'delivered'"
        )
        assert states == 1
        assert attempts <= len(acknowledged) + _KILLS * BATCH_EVENTS
        issued = await rows(world, FARM, "select count(*) from credential")
        assert issued == [(len(acknowledged),)]
        await _belongs_together(world, FARM)


async def _belongs_together(world: World, company: Company) -> None:
    """Every credential has its bodies, status entry, audit line and event; the file is sound."""
    async with looking(world.members[company.key].data) as tx:
        assert await tx.checking.file_faults() == ()
        assert await tx.checking.orphans() == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("company", "point"),
    [
        (FARM, "issue.before-commit"),
        (FARM, "issue.after-commit"),
        (FARM, "share.after-claim"),
        (FARM, "deliver.after-answer"),
        (SPINNER, "inbox.after-store"),
        (SPINNER, "receive.before-keep"),
    ],
)
async def test_a_node_that_dies_at_a_named_point_goes_on_where_it_was(
    company: Company, point: str, tmp_path: Path
) -> None:
    async with consortium(tmp_path, FARM, SPINNER) as world:
        playing = await _acquainted(world)
        world.kill(company)
        world.arm(company, point)
        await world.start(company)
        issuing = asyncio.create_task(_issue(playing, 1))
        async with asyncio.timeout(20):
            while world.runs(company):  # noqa: ASYNC110 - another process ends
                await asyncio.sleep(0.02)
        await world.start(company)

        url = await issuing
        await playing.until_all_have_heard([FARM, SPINNER])

        assert await rows(world, FARM, "select url from credential") == [(url,)]
        assert await _effects(world, SPINNER) == Counter({url: 1})
        assert not world.disarm(company, point)
        await _belongs_together(world, FARM)
