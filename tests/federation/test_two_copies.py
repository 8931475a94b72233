"""Two copies of one node that both run: the one that does not answer under its name notices, and issues nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from credentials.evidence import Found
from node.app import open_node
from node.backups import begin_again
from node.config import load_settings
from node.demo.companies import FARM
from node.errors import ReadOnly
from node.federation.instances import read_instance
from node.federation.own_address import PATH, Answering
from node.flows.verifying.work import InProcess
from node.keyring import PeerKey
from node.running import RunningNode
from node.store.lives import Why
from node.store.own_evidence import EvidenceKind, ShownEvidence
from node.wire.purposes import DID_DOCUMENT
from tests.federation.network import Network, Participant, draft, open_network

pytestmark = pytest.mark.slow


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    async with open_network(tmp_path / "network", FARM) as network:
        yield network


@pytest.fixture
def farm(network: Network) -> Participant:
    return network.participants[FARM.key]


@pytest.fixture
async def copy(network: Network, tmp_path: Path) -> AsyncIterator[RunningNode]:
    """A copy of the farm, while the farm itself answers under its name."""
    await network.stop(FARM)
    shutil.copytree(network.demo.members[FARM.key].data, tmp_path / "copy")
    await network.start(FARM)
    async with open_node(load_settings(tmp_path / "copy"), clock=network.clock, work=InProcess()) as node:
        yield node


async def _issue(node: RunningNode) -> str:
    return (await node.issuing.issue(draft("farm-facility"), at=node.clock())).credential.url


async def _answer(farm: Participant, query: str) -> Any:
    url = f"{farm.node.identity.public_url}{PATH}{query}"
    answer = await farm.node.fetcher.fetch(url, DID_DOCUMENT, at=farm.node.clock())
    return json.loads(answer.body) if isinstance(answer, Found) else answer


async def test_a_copy_that_does_not_answer_under_its_name_issues_nothing_and_says_so(
    network: Network, copy: RunningNode
) -> None:
    farm = network.participants[FARM.key]

    answering = (await farm.node.own_address.ask(), await copy.own_address.ask())

    assert answering == (Answering.OURSELVES, Answering.ANOTHER)
    await _issue(farm.node)
    with pytest.raises(ReadOnly) as refusal:
        await _issue(copy)
    assert refusal.value.problem.code == "TWO_COPIES"
    async with copy.store.reading() as tx:
        (shown,) = await tx.evidence.all()
    assert (shown.epoch, shown.shown_by) == (await farm.node.store.epoch(), farm.node.identity.public_url)


async def test_what_cannot_be_told_takes_nothing_back(network: Network, copy: RunningNode) -> None:
    await copy.own_address.ask()
    await network.stop(FARM)

    assert await copy.own_address.ask() is Answering.UNKNOWN

    with pytest.raises(ReadOnly):
        await _issue(copy)
    async with copy.store.reading() as tx:
        assert await tx.evidence.answering() == ""


async def test_health_says_why_nothing_is_issued_until_the_name_leads_here_again(
    network: Network, farm: Participant
) -> None:
    shown = ShownEvidence(kind=EvidenceKind.INSTANCE, epoch="of-another", shown_by="its name", noted=network.clock())
    async with farm.node.store.writing() as tx:
        await tx.evidence.note(shown, life=(await tx.lives.present()).id)
    before = await farm.sees(f"{farm.node.identity.public_url}/health/ready", DID_DOCUMENT)

    answering = await farm.node.own_address.ask()

    after = await farm.sees(f"{farm.node.identity.public_url}/health/ready", DID_DOCUMENT)
    assert (before["issuing"], answering, "issuing" in after) == ("TWO_COPIES", Answering.OURSELVES, False)
    assert await _issue(farm.node)
    assert ("evidence.instance.over",) in await farm.rows("select action from audit")


async def test_the_copy_that_takes_over_names_the_one_that_answered(
    network: Network, copy: RunningNode, tmp_path: Path
) -> None:
    farm = network.participants[FARM.key]
    other, own = await farm.node.store.epoch(), await copy.store.epoch()
    await copy.own_address.ask()
    await copy.store.close()
    await network.stop(FARM)

    life = await begin_again(load_settings(tmp_path / "copy"), Why.TAKEOVER, at=network.clock())

    assert (life.previous, [one.epoch for one in life.also]) == (own, [other])


async def test_whoever_asks_with_a_challenge_is_shown_which_database_answers(farm: Participant) -> None:
    challenge = "c" * 22

    shown = read_instance(
        (await _answer(farm, f"?challenge={challenge}"))["instance"],
        keys=PeerKey(farm.node.keyring).public_keys(),
    )

    assert shown is not None
    assert (shown.did, shown.challenge, shown.instance) == (farm.did, challenge, await farm.node.store.epoch())
    assert "instance" not in await _answer(farm, "")
    assert not isinstance(await _answer(farm, "?challenge=short"), dict)


@pytest.mark.parametrize("body", [b"{}", b"not JSON", b'{"instance": "a.b.c"}'])
async def test_an_answer_without_our_signature_is_unknown_and_stops_nothing(
    body: bytes, network: Network, farm: Participant
) -> None:
    farm.serves_instead[PATH] = Found(body=body, media_type="application/json", source="", at=network.clock())

    assert await farm.node.own_address.ask() is Answering.UNKNOWN
    await _issue(farm.node)


async def test_an_old_answer_of_another_challenge_is_unknown(network: Network, farm: Participant) -> None:
    kept = json.dumps(await _answer(farm, f"?challenge={'k' * 22}")).encode()
    farm.serves_instead[PATH] = Found(body=kept, media_type="application/json", source="", at=network.clock())

    assert await farm.node.own_address.ask() is Answering.UNKNOWN
