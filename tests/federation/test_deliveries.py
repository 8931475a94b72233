"""What an operator sees of deliveries, and what he can do about them."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.errors import MalformedInput
from node.demo.companies import FARM, SPINNER
from node.errors import NotHeld
from node.flows.exchange.outgoing import changed, listed
from node.store import OutboxEvent
from tests.federation.network import Network, Participant, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _shown(farm: Participant, **asked: str) -> list[dict[str, Any]]:
    answer = await listed(farm.node.store, {"peer": SPINNER.did, **asked})
    lines: list[dict[str, Any]] = answer["deliveries"]
    return lines


async def _do(farm: Participant, action: str) -> dict[str, Any]:
    at = farm.node.clock()
    return await changed(farm.node.store, peer=SPINNER.did, action=action, actor="operator", at=at)


async def _issued(farm: Participant) -> str:
    return (await farm.issue(draft("farm-facility"))).credential.url


async def _refused(farm: Participant, network: Network) -> str:
    """An event that no peer takes, because its credential has no address."""
    url = f"http://{FARM.host}/credentials/{len(await _shown(farm))}"
    data = {"credential": url, "credentialDigest": "zQm", "kind": "dfr"}
    event = OutboxEvent(
        id=f"bad-{len(data)}-{url[-6:].replace('/', '-')}",
        source=farm.did,
        type="tn.credential.published.v1",
        subject=url,
        time=network.clock(),
        data=data,
    )
    async with farm.node.store.writing() as tx:
        await tx.outbox.record(event)
    return url


async def test_what_waits_is_shown_with_its_reason_and_its_next_try(network: Network, farm: Participant) -> None:
    await network.stop(SPINNER)
    first, second = await _issued(farm), await _issued(farm)
    await farm.send()

    one, other = await _shown(farm, state="waiting")

    await network.start(SPINNER)
    network.clock.move(hours=1)
    await network.come_to_rest()
    assert (one["credential"], other["credential"]) == (first, second)
    assert "cannot be reached" in one["reason"]
    assert one["nextTry"] > "2026-06-01"
    assert other["reason"] == "An earlier delivery waits."
    assert await _shown(farm, state="waiting") == []
    (done,) = await _shown(farm, credential=first)
    assert done["state"] == "delivered"


async def test_what_was_refused_is_shown_with_the_peer_s_reason_and_tried_again_on_demand(
    network: Network, farm: Participant
) -> None:
    url = await _refused(farm, network)
    await network.come_to_rest()
    (refused,) = await _shown(farm, state="refused")

    done = await _do(farm, "retry")
    (again,) = await _shown(farm, credential=url)
    await network.come_to_rest()

    assert refused["credential"] == url
    assert "EVENT_INVALID" in refused["reason"]
    assert done["refused"] == 1
    assert again["state"] == "waiting"
    assert again["seq"] > refused["seq"]
    assert [line["state"] for line in await _shown(farm, credential=url)] == ["refused"]


async def test_the_next_delivery_can_be_given_up_and_those_behind_it_arrive(
    network: Network, farm: Participant
) -> None:
    await network.stop(SPINNER)
    first, second = await _issued(farm), await _issued(farm)
    await farm.send()
    await _do(farm, "skip")
    spinner = await network.start(SPINNER)
    await network.come_to_rest()

    (skipped,) = await _shown(farm, credential=first)
    assert (skipped["state"], skipped["reason"]) == ("refused", "Skipped by the operator.")
    assert await spinner.arrived(first) == []
    assert await spinner.arrived(second) == ["kept"]
    with pytest.raises(NotHeld):
        await _do(farm, "skip")


async def test_a_paused_peer_gets_nothing_until_it_is_resumed(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    spinner = network.participants[SPINNER.key]
    await _do(farm, "pause")
    url = await _issued(farm)
    await network.come_to_rest()
    before, shown = await spinner.arrived(url), await _shown(farm, credential=url)

    await _do(farm, "resume")
    await network.come_to_rest()

    assert before == []
    assert [line["state"] for line in shown] == ["paused"]
    assert await spinner.arrived(url) == ["kept"]
    lines = await farm.rows("select action from audit where action like 'deliveries.%'")
    assert {"deliveries.pause", "deliveries.resume"} <= {action for (action,) in lines}


async def test_pages_follow_one_another_without_a_gap(farm: Participant, network: Network) -> None:
    for _ in range(3):
        await _issued(farm)
    await network.come_to_rest()
    everything, after = list[tuple[str, int]](), ""
    while True:
        page = await listed(farm.node.store, {"limit": "2", **({"after": after} if after else {})})
        everything += [(line["peer"], line["seq"]) for line in page["deliveries"]]
        after = page.get("next", "")
        if not after:
            break

    rows = await farm.rows("select peer, seq from delivery order by peer, seq")
    assert everything == rows


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "lost"},
        {"limit": "0"},
        {"limit": "9999"},
        {"after": "x"},
        {"after": "-1 did:web:a"},
        {"colour": "red"},
    ],
)
async def test_what_is_not_understood_is_told(asked: dict[str, str], farm: Participant) -> None:
    with pytest.raises(MalformedInput):
        await listed(farm.node.store, asked)
    with pytest.raises(MalformedInput):
        await _do(farm, "forget")
