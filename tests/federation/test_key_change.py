"""A node that changes the key it speaks to peers with goes on speaking: nobody restarts it, nobody tells its peers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials.evidence import Absent
from node.demo.companies import FARM, SPINNER
from tests.federation.network import Network, Participant, draft, open_network


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    """A farm and a spinner of their own for each story: a key that was changed stays changed."""
    async with open_network(tmp_path, FARM, SPINNER) as network:
        await network.introduce(network.participants[FARM.key], network.participants[SPINNER.key])
        yield network


async def _by_command(participant: Participant, path: str, body: dict[str, Any]) -> int:
    """What ``tracenode keys`` sends to the running node of ``participant``; the status of its answer."""
    at = participant.node.clock()
    async with participant.node.store.writing() as tx:
        token = await tx.tokens.add_token(label="admin", role="admin", at=at, expires=at + timedelta(days=1))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    url = f"https://{participant.company.host}{path}"
    answer = await participant.node.fetcher.post(url, json.dumps(body).encode(), headers=headers)
    assert not isinstance(answer, Absent), answer
    return answer.status


async def _delivered(network: Network, sender: Participant, receiver: Participant) -> bool:
    """Does what ``sender`` issues now arrive at ``receiver``, with a receipt that ``sender`` takes?"""
    issued = (await sender.issue(draft("farm-facility"))).credential
    await network.come_to_rest()
    return (receiver.did, "delivered") in await sender.deliveries(issued.url)


async def _knows(holder: Participant, of: Participant) -> list[str]:
    """The names of the authentication keys in the DID document that ``holder`` keeps of ``of``."""
    document = json.loads((await holder.node.peers.known(of.did)).document)
    return [str(name).rpartition("#")[2] for name in document["authentication"] if isinstance(name, str)]


async def test_a_rotated_key_signs_from_its_moment_on_and_peers_find_it_by_themselves(network: Network) -> None:
    farm, spinner = network.participants[FARM.key], network.participants[SPINNER.key]
    assert await _by_command(farm, "/keys/rotations", {"purpose": "auth", "wait": 300}) == 201

    assert await _delivered(network, farm, spinner)
    assert "auth-2" not in " ".join(await _knows(spinner, farm))  # negative control: the old key signed

    network.clock.move(minutes=6)
    assert await _delivered(network, farm, spinner)
    assert "auth-2" in " ".join(await _knows(spinner, farm))


async def test_a_receipt_is_signed_with_the_key_that_took_a_compromised_one_s_place(network: Network) -> None:
    farm, spinner = network.participants[FARM.key], network.participants[SPINNER.key]
    stated = {"key": "auth-1", "since": "2026-06-01T11:00:00Z"}
    assert await _by_command(spinner, "/keys/compromises", stated) == 200

    status, receipt = await farm.tell(spinner, farm.event(spinner))

    assert status == 202
    assert receipt["proof"]["verificationMethod"].endswith("#auth-2")
    assert await _delivered(network, farm, spinner)
