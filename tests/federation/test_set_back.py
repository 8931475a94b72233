"""A node that was set back: its partners show it what it told, and nothing is given out twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.backups import begin_again
from node.demo.companies import FARM, SPINNER
from node.errors import ReadOnly
from node.federation.messages import EventType
from node.federation.own_heads import HeadMeaning
from node.store.fingerprints import CLOSED
from node.store.lives import Why
from tests.federation.heads import head_of
from tests.federation.network import Network, Participant, draft, open_network

_DATABASE = "node.db"
pytestmark = pytest.mark.slow


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    """A farm and a spinner that know each other: each story sets one of them back."""
    async with open_network(tmp_path / "network", FARM, SPINNER) as network:
        network.clock.at = datetime.now(UTC)  # the first lives began by the clock of this machine
        await network.introduce(network.participants[FARM.key], network.participants[SPINNER.key])
        yield network


@pytest.fixture
def farm(network: Network) -> Participant:
    return network.participants[FARM.key]


@pytest.fixture
def spinner(network: Network) -> Participant:
    return network.participants[SPINNER.key]


async def _tell(farm: Participant, times: int = 1) -> list[str]:
    """Issue what the spinner hears of, and send it; the addresses."""
    told = [(await farm.issue(draft("farm-facility"))).credential.url for _ in range(times)]
    await farm.send()
    return told


async def _lives(node: Participant) -> list[str]:
    return [why for (why,) in await node.rows("select why from life order by number")]


async def _set_back(network: Network, kept: Path) -> Participant:
    """The farm again, with the database that was ``kept`` in place of its own, so that its fingerprint tells nothing.

    The bytes are written into the file that is there, and no note says when a node closed it: as after the snapshot of
    a machine was put back.
    """
    data = network.demo.members[FARM.key].data
    await network.stop(FARM)
    (data / _DATABASE).write_bytes((kept / _DATABASE).read_bytes())
    (data / CLOSED).unlink()
    return await network.start(FARM)


async def _kept(network: Network, folder: Path) -> Path:
    """A copy of the farm's folder as it is between two runs."""
    await network.stop(FARM)
    shutil.copytree(network.demo.members[FARM.key].data, folder)
    await network.start(FARM)
    return folder


async def _states(farm: Participant) -> list[tuple[str]]:
    return await farm.rows(
        "select case when delivery.seq <= acked then 'delivered' else 'pending' end from delivery "
        "join stream_out on stream_out.peer = delivery.peer"
    )


async def test_a_node_that_was_set_back_unnoticed_asks_at_its_start_and_gives_out_nothing_twice(
    network: Network, farm: Participant, tmp_path: Path
) -> None:
    await _tell(farm)
    kept = await _kept(network, tmp_path / "kept")
    farm = network.participants[FARM.key]
    await _tell(farm, 2)
    lists = await farm.rows("select token from status_list")

    farm = await _set_back(network, kept)
    assert await _lives(farm) == ["init"]  # it does not know
    answers = await farm.node.witnesses.ask()
    await farm.issue(draft("farm-facility"))

    assert answers == {SPINNER.did: (HeadMeaning.BEYOND,)}
    assert await _lives(farm) == ["init", "evidence"]
    (slot,) = await farm.rows("select token from status_list where token not in (:known)", known=lists[0][0])
    assert slot


async def test_what_a_partner_showed_once_leads_to_no_second_life(
    network: Network, farm: Participant, tmp_path: Path
) -> None:
    await _tell(farm)
    kept = await _kept(network, tmp_path / "kept")
    await _tell(network.participants[FARM.key], 2)
    farm = await _set_back(network, kept)
    await farm.node.witnesses.ask()

    for _ in range(2):
        network.clock.move(minutes=5)
        await _tell(farm)
        await farm.node.witnesses.ask()
    await network.stop(FARM)
    farm = await network.start(FARM)
    await farm.node.witnesses.ask()

    assert await _lives(farm) == ["init", "evidence"]
    assert all(state == "delivered" for (state,) in await _states(farm))


async def test_a_life_that_is_lost_altogether_is_known_to_partners_and_the_next_one_begins(
    network: Network, farm: Participant, tmp_path: Path
) -> None:
    await _tell(farm)
    kept = await _kept(network, tmp_path / "kept")
    farm = network.participants[FARM.key]
    await farm.node.store.begin_life(Why.RESTORE, at=network.clock())
    await _tell(farm)

    farm = await _set_back(network, kept)
    answers = await farm.node.witnesses.ask()

    assert HeadMeaning.BEYOND in answers[SPINNER.did]
    assert await _lives(farm) == ["init", "evidence"]
    await network.stop(FARM)
    farm = await network.start(FARM)
    assert HeadMeaning.BEYOND not in (await farm.node.witnesses.ask())[SPINNER.did]
    assert await _lives(farm) == ["init", "evidence"]


async def test_lives_that_were_lost_before_the_present_one_began_lead_to_no_further_one(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    lost = [head_of(farm, spinner, farm.event(spinner, epoch=f"lost-{number}", seq=3)) for number in range(5)]
    network.clock.move(minutes=1)
    await farm.node.store.begin_life(Why.RESTORE, at=network.clock())

    shown = [await farm.node.outbox._own_heads.weigh(spinner.did, raw, at=network.clock()) for raw in lost]

    assert shown == [HeadMeaning.KNOWN] * 5
    assert await _lives(farm) == ["init", "restore"]
    await farm.issue(draft("farm-facility"))


async def test_a_lost_life_that_goes_on_is_another_copy(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    def shown(place: int) -> str:
        return head_of(farm, spinner, farm.event(spinner, epoch="of-the-copy", seq=place))

    weigh = farm.node.outbox._own_heads.weigh
    old = shown(5)
    first = await weigh(spinner.did, old, at=network.clock())
    network.clock.move(minutes=1)
    earlier = await weigh(spinner.did, shown(4), at=network.clock())
    further = await weigh(spinner.did, shown(6), at=network.clock())

    assert (first, earlier, further) == (HeadMeaning.BEYOND, HeadMeaning.KNOWN, HeadMeaning.CONTRADICTION)
    with pytest.raises(ReadOnly):
        await farm.issue(draft("farm-facility"))


async def test_a_partner_that_does_not_answer_holds_up_no_start(network: Network, farm: Participant) -> None:
    await network.stop(SPINNER)

    assert await farm.node.witnesses.ask() == {SPINNER.did: ()}
    await farm.issue(draft("farm-facility"))

    assert await _lives(farm) == ["init"]


async def test_three_lives_a_day_begin_for_evidence_then_nothing_is_issued_until_the_operator_decides(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    weigh, shown = farm.node.outbox._own_heads.weigh, []
    for number in range(4):
        raw = head_of(farm, spinner, farm.event(spinner, epoch=f"unknown-{number}", seq=3))
        shown.append(await weigh(spinner.did, raw, at=network.clock()))

    assert shown == [HeadMeaning.BEYOND, HeadMeaning.BEYOND, HeadMeaning.BEYOND, HeadMeaning.PARKED]
    assert await _lives(farm) == ["init", "evidence", "evidence", "evidence"]
    with pytest.raises(ReadOnly) as refusal:
        await farm.issue(draft("farm-facility"))
    assert refusal.value.problem.code == "LIFE_IN_DOUBT"


async def test_a_copy_whose_own_signature_contradicts_it_issues_nothing_more(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    await _tell(farm)
    kept = await _kept(network, tmp_path / "kept")
    await _tell(network.participants[FARM.key])

    farm = await _set_back(network, kept)
    await _tell(farm)  # it did not ask: the same place with another event

    with pytest.raises(ReadOnly) as refusal:
        await farm.issue(draft("farm-facility"))
    assert (refusal.value.problem.code, "takeover" in refusal.value.problem.fix) == ("TWO_COPIES", True)
    assert await _lives(farm) == ["init"]


async def test_the_copy_that_takes_over_issues_again_in_a_life_that_names_both(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    await _tell(farm)
    kept = await _kept(network, tmp_path / "kept")
    await _tell(network.participants[FARM.key])
    farm = await _set_back(network, kept)
    epoch = await farm.node.store.epoch()
    (waiting,) = await _tell(farm)
    await network.stop(FARM)

    life = await begin_again(farm.settings, Why.TAKEOVER, at=network.clock())
    farm = await network.start(FARM)
    network.clock.move(hours=1)
    (fresh,) = await _tell(farm)

    assert (life.previous, [(other.epoch, other.seq) for other in life.also]) == (epoch, [(epoch, 2)])
    (raw,) = (await spinner.rows("select raw from inbox_event where type = :type", type=EventType.EPOCH))[0]
    assert json.loads(raw)["data"] == {
        "previous": {"epoch": epoch, "seq": 2},
        "why": "takeover",
        "also": [{"epoch": epoch, "seq": 2}],
    }
    assert [await spinner.arrived(url) for url in (waiting, fresh)] == [["stored"], ["stored"]]
