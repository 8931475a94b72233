"""Nodes that work by themselves: what is issued at one shows at the other, and nobody did anything for it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from credentials.encoding.multibase import digest_multibase
from credentials.evidence import Found
from node.demo.companies import FARM, FIELDCHECK, SPINNER
from tests.federation.network import Network, Participant, draft, open_network, until

COTTON = FARM.url("lots/cotton-2026-a")


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    """A certifier and a farm, at work."""
    async with open_network(tmp_path, FIELDCHECK, FARM, works=True) as network:
        yield network


async def _lists(farm: Participant, identifier: str, url: str) -> bool:
    rows = await farm.rows("select href from identifier_link where identifier = :id", id=identifier)
    return (url,) in rows


async def test_a_credential_reaches_a_subscribed_peer_and_its_resolver_by_itself(network: Network) -> None:
    certifier, farm = network.participants[FIELDCHECK.key], network.participants[FARM.key]
    await network.introduce(certifier, farm, share="mentioning")

    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential

    await until(lambda: _lists(farm, COTTON, issued.url))
    assert await farm.arrived(issued.url) == ["kept"]


async def test_whoever_comes_back_is_served_at_once_whatever_pause_its_absence_led_to(network: Network) -> None:
    certifier, farm = network.participants[FIELDCHECK.key], network.participants[FARM.key]
    await network.introduce(certifier, farm, share="mentioning")
    await network.stop(FARM)
    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    await until(lambda: _was_tried(certifier, issued.url))

    farm = await network.start(FARM)  # the clock stands still: no pause ever ends by itself

    await until(lambda: _has(farm, issued.url))


async def _was_tried(participant: Participant, url: str) -> bool:
    query = (
        "select problem from stream_out join delivery on delivery.peer = stream_out.peer "
        "join outbox_event on event = outbox_event.id where subject = :url"
    )
    return any(problem for (problem,) in await participant.rows(query, url=url))


async def _has(participant: Participant, url: str) -> bool:
    return await participant.arrived(url) == ["kept"]


async def test_a_partition_that_heals_without_a_restart_is_over_within_a_minute(network: Network) -> None:
    certifier, farm = network.participants[FIELDCHECK.key], network.participants[FARM.key]
    await network.introduce(certifier, farm, share="mentioning")
    farm.serves_instead["/fed/v1/inbox"] = Found(
        body=b"{}", media_type="application/json", source="", at=network.clock()
    )
    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    for fails in range(1, 6):
        await until(lambda fails=fails: _failed(certifier, farm, fails))  # type: ignore[misc]
        network.clock.move(hours=1)
    await until(lambda: _failed(certifier, farm, 6))

    farm.serves_instead.clear()
    network.clock.move(seconds=61)  # the pause lasts at least half an hour

    await until(lambda: _has(farm, issued.url), seconds=10)


async def _failed(participant: Participant, peer: Participant, times: int) -> bool:
    rows = await participant.rows("select fails from stream_out where peer = :peer", peer=peer.did)
    return rows == [(times,)]


async def test_a_request_of_any_kind_makes_what_waits_for_its_sender_due(network: Network) -> None:
    certifier, farm = network.participants[FIELDCHECK.key], network.participants[FARM.key]
    await network.introduce(certifier, farm, share="mentioning")
    farm.serves_instead["/fed/v1/inbox"] = Found(
        body=b"{}", media_type="application/json", source="", at=network.clock()
    )
    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    await until(lambda: _failed(certifier, farm, 1))
    farm.serves_instead.clear()

    status, _ = await farm.post(farm.signed(certifier, b"[]"))  # refused, but theirs

    assert status == 400
    await until(lambda: _has(farm, issued.url), seconds=10)


async def test_whoever_adds_us_late_is_served_at_once_too(network: Network) -> None:
    certifier, farm = network.participants[FIELDCHECK.key], network.participants[FARM.key]
    await certifier.node.peers.add(farm.did, policy={"share": "mentioning"}, at=network.clock())
    issued = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    await until(lambda: _was_tried(certifier, issued.url))  # refused: unknown here, parked for a day

    await farm.node.peers.add(certifier.did, policy={}, at=network.clock())

    await until(lambda: _has(farm, issued.url))


async def test_a_peer_that_never_answers_holds_up_no_other(tmp_path: Path) -> None:
    async with open_network(tmp_path, FIELDCHECK, FARM, SPINNER, works=True) as network:
        certifier, farm, spinner = (network.participants[company.key] for company in (FIELDCHECK, FARM, SPINNER))
        await network.introduce(certifier, farm, share="mentioning")
        await network.introduce(certifier, spinner, share="mentioning")
        forever = asyncio.Event()
        farm.stalls = forever

        first = (await certifier.issue(draft("farm-cotton-attestation"), audience=[spinner.did])).credential
        await until(lambda: _has(spinner, first.url))
        second = (await certifier.issue(draft("farm-cotton-attestation"), audience=[spinner.did])).credential
        await until(lambda: _has(spinner, second.url))

        assert not await _was_tried(certifier, first.url)  # the farm still keeps the first delivery waiting
        forever.set()
        await until(lambda: _has(farm, second.url))


async def test_a_host_that_never_answers_holds_up_no_other_peer_s_news(tmp_path: Path) -> None:
    async with open_network(tmp_path, FIELDCHECK, FARM, SPINNER, works=True) as network:
        certifier, farm, spinner = (network.participants[company.key] for company in (FIELDCHECK, FARM, SPINNER))
        await network.introduce(spinner, certifier, share="none")
        await network.introduce(spinner, spinner, share="none")
        forever = farm.stalls = asyncio.Event()
        slow = [FARM.url(f"credentials/{number}") for number in range(5)]
        own = await spinner.issue(draft("spinner-facility"))
        data = {"credential": own.credential.url, "credentialDigest": digest_multibase(own.forms["vc+jwt"])}

        await certifier.tell(spinner, *(certifier.event(spinner, url) for url in slow))
        await until(lambda: _is_asked(farm, "/credentials/0"))
        await spinner.tell(spinner, spinner.event(spinner, own.credential.url, data=data))

        await until(lambda: _has(spinner, own.credential.url))
        looked_at = "select count(*) from inbox_event where state <> 'kept' and next_look > received"
        assert await spinner.rows(looked_at) == [(0,)]  # the first of the slow ones is still being asked for
        forever.set()


async def _is_asked(participant: Participant, path: str) -> bool:
    return f"GET {path}" in participant.heard


async def test_however_much_a_peer_tells_of_silent_hosts_another_one_s_news_is_looked_at(tmp_path: Path) -> None:
    async with open_network(tmp_path, FIELDCHECK, FARM, SPINNER, works=True) as network:
        certifier, farm, spinner = (network.participants[company.key] for company in (FIELDCHECK, FARM, SPINNER))
        await network.introduce(spinner, certifier, share="none")
        await network.introduce(spinner, spinner, share="none")
        forever = farm.stalls = asyncio.Event()
        own = await spinner.issue(draft("spinner-facility"))
        data = {"credential": own.credential.url, "credentialDigest": digest_multibase(own.forms["vc+jwt"])}
        for _ in range(5):
            slow = [FARM.url(f"credentials/{secrets.token_hex(4)}") for _ in range(50)]
            await certifier.tell(spinner, *(certifier.event(spinner, url) for url in slow))
        await until(lambda: _asks(farm))

        await spinner.tell(spinner, spinner.event(spinner, own.credential.url, data=data))

        await until(lambda: _has(spinner, own.credential.url), seconds=5)
        forever.set()


async def _asks(participant: Participant) -> bool:
    return any(line.startswith("GET /credentials/") for line in participant.heard)


async def test_what_one_peer_told_is_looked_at_side_by_side(tmp_path: Path) -> None:
    async with open_network(tmp_path, FIELDCHECK, FARM, SPINNER, works=True) as network:
        certifier, farm, spinner = (network.participants[company.key] for company in (FIELDCHECK, FARM, SPINNER))
        await network.introduce(spinner, certifier, share="none")
        forever = farm.stalls = asyncio.Event()
        slow = [FARM.url(f"credentials/{number}") for number in range(6)]

        await certifier.tell(spinner, *(certifier.event(spinner, url) for url in slow))

        await until(lambda: _asked_often(farm, 4), seconds=5)
        await asyncio.sleep(0.2)
        assert await _asked_often(farm, 4), "more than four at once"
        forever.set()


async def _asked_often(participant: Participant, times: int) -> bool:
    return sum(line.startswith("GET /credentials/") for line in participant.heard) == times
