"""Nodes that work by themselves: what is issued at one shows at the other, and nobody did anything for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.demo.cast import CERTIFIER, FARM
from tests.federation.town import Town, Townsman, draft, town, until

COTTON = FARM.url("lots/cotton-2026-a")


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Town]:
    """A certifier and a farm, at work."""
    async with town(tmp_path, CERTIFIER, FARM, works=True) as place:
        yield place


async def _lists(farm: Townsman, identifier: str, url: str) -> bool:
    rows = await farm.rows("select href from identifier_link where identifier = :id", id=identifier)
    return (url,) in rows


async def test_a_credential_reaches_a_subscribed_peer_and_its_resolver_by_itself(pair: Town) -> None:
    certifier, farm = pair.men[CERTIFIER.key], pair.men[FARM.key]
    await pair.introduce(certifier, farm, share="mentioning")

    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential

    await until(lambda: _lists(farm, COTTON, issued.url))
    assert await farm.arrived(issued.url) == ["kept"]


async def test_whoever_comes_back_is_served_at_once_whatever_pause_its_absence_led_to(pair: Town) -> None:
    certifier, farm = pair.men[CERTIFIER.key], pair.men[FARM.key]
    await pair.introduce(certifier, farm, share="mentioning")
    await pair.stop(FARM)
    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    await until(lambda: _was_tried(certifier, issued.url))

    farm = await pair.start(FARM)  # the clock stands still: no pause ever ends by itself

    await until(lambda: _has(farm, issued.url))


async def _was_tried(man: Townsman, url: str) -> bool:
    query = "select problem from delivery join outbox_event on event = outbox_event.id where subject = :url"
    return any(problem for (problem,) in await man.rows(query, url=url))


async def _has(man: Townsman, url: str) -> bool:
    return await man.arrived(url) == ["kept"]


async def test_whoever_adds_us_late_is_served_at_once_too(pair: Town) -> None:
    certifier, farm = pair.men[CERTIFIER.key], pair.men[FARM.key]
    await certifier.node.peers.add(farm.did, policy={"share": "mentioning"}, at=pair.clock())
    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    await until(lambda: _was_tried(certifier, issued.url))  # refused: unknown here, parked for a day

    await farm.node.peers.add(certifier.did, policy={}, at=pair.clock())

    await until(lambda: _has(farm, issued.url))
