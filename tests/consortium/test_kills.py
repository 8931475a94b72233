"""Nodes that are killed in the middle of everything: nothing acknowledged is lost, and nothing happens twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from node.demo.companies import FARM, SPINNER, Company
from node.demo.network import DemoNetwork
from node.demo.season_run import SeasonRun
from node.store.store import looking
from tests.consortium.consortia import back, consortium, rows, start_season, step

_AT_MOST = 400
_KILLS = 12
_SEED = 141


async def _issue(season_run: SeasonRun, number: int) -> str:
    """Issue the farm's facility record under a key of its own; the id that was acknowledged."""
    draft = step("farm-facility").draft({}) | {"name": f"Facility record {number}"}
    headers = {"Idempotency-Key": f'"record-{number}"'}
    answer = await season_run._retry(FARM, "POST", "/credentials/issue", {"credential": draft}, headers)
    return str(answer["id"])


async def _kill_in_turn(network: DemoNetwork) -> None:
    """Sender and receiver in turn, the moments drawn from one seed."""
    moments = random.Random(_SEED)
    for number in range(_KILLS):
        await asyncio.sleep(moments.uniform(0.2, 0.8))
        await back(network, (FARM, SPINNER)[number % 2])


async def _acquainted(network: DemoNetwork) -> SeasonRun:
    season_run = start_season(network)
    for company, other in ((FARM, SPINNER), (SPINNER, FARM)):
        await season_run._retry(company, "POST", "/peers", {"did": other.did, "policy": {"share": "all"}})
    return season_run


async def _effects(network: DemoNetwork, company: Company) -> Counter[str]:
    """How often each credential was taken in, by its id."""
    found = await rows(network, company, "select object from audit where action = 'credential.receive'")
    return Counter(url for (url,) in found)


@pytest.mark.slow
async def test_every_credential_has_its_effect_once_though_both_sides_are_killed_in_turn(tmp_path: Path) -> None:
    async with consortium(tmp_path, FARM, SPINNER) as network:
        season_run = await _acquainted(network)
        killing = asyncio.create_task(_kill_in_turn(network))
        acknowledged: list[str] = []
        while not killing.done() and len(acknowledged) < _AT_MOST:
            acknowledged.append(await _issue(season_run, len(acknowledged)))
        await killing

        await season_run.until_all_have_heard([FARM, SPINNER])

        assert await _effects(network, SPINNER) == Counter(dict.fromkeys(acknowledged, 1))
        assert len(acknowledged) > _KILLS
        kept = await rows(network, SPINNER, "select count(*), count(distinct event_id) from inbox_event")
        assert kept == [(len(acknowledged), len(acknowledged))]
        streams = await rows(network, FARM, "select last_seq, acked from stream_out")
        assert streams == [(len(acknowledged), len(acknowledged))]
        receipts = await rows(network, FARM, "select seq, last_seq from receipt order by seq")
        promised = [place for first, last in receipts for place in range(first, last + 1)]
        assert promised == list(range(1, len(acknowledged) + 1))
        issued = await rows(network, FARM, "select count(*) from credential")
        assert issued == [(len(acknowledged),)]
        await _belongs_together(network, FARM)


async def _belongs_together(network: DemoNetwork, company: Company) -> None:
    """Every credential has its bodies, status entry, audit line and event; the file is sound."""
    async with looking(network.members[company.key].data) as tx:
        assert await tx.consistency.file_faults() == ()
        assert await tx.consistency.orphans() == ()


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
    async with consortium(tmp_path, FARM, SPINNER) as network:
        season_run = await _acquainted(network)
        network.kill(company)
        network.arm(company, point)
        await network.start(company)
        issuing = asyncio.create_task(_issue(season_run, 1))
        async with asyncio.timeout(20):
            while network.runs(company):  # noqa: ASYNC110 - another process ends
                await asyncio.sleep(0.02)
        await network.start(company)

        url = await issuing
        await season_run.until_all_have_heard([FARM, SPINNER])

        assert await rows(network, FARM, "select url from credential") == [(url,)]
        assert await _effects(network, SPINNER) == Counter({url: 1})
        assert not network.disarm(company, point)
        await _belongs_together(network, FARM)
