"""Whatever the wire does, an event has its effect once, in order, and one bad event holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from credentials.encoding.multibase import digest_multibase
from node.demo.companies import FARM, SPINNER
from node.federation.client import Meaning, PeerAnswer
from node.federation.messages import BATCH_BYTES, EventType, ExchangeEvent
from node.federation.outbox import LEASE as _LEASE
from node.federation.outbox import OutboxWorker
from node.store.outbox import OutboxEvent as OwnEvent
from node.store.peers import KnownPeer
from node.store.streams import Delivery
from tests.federation.network import Network, Participant, draft, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _effects(participant: Participant, url: str) -> int:
    """How often the credential at ``url`` was taken in."""
    query = "select count(*) from audit where action = 'credential.receive' and object = :url"
    return int((await participant.rows(query, url=url))[0][0])


async def _told(farm: Participant, spinner: Participant) -> ExchangeEvent:
    """An event about a credential that the farm published and told nobody of yet."""
    issued = (await farm.issue(draft("farm-facility"))).credential
    raw = await farm.rows(
        "select raw from body join credential on credential_id = credential.id where url = :url", url=issued.url
    )
    digest = digest_multibase(raw[0][0])
    return farm.event(spinner, issued.url, data={"credential": issued.url, "credentialDigest": digest, "kind": "dfr"})


async def test_an_event_told_twice_has_one_effect_and_the_first_result_again(
    farm: Participant, spinner: Participant
) -> None:
    event = await _told(farm, spinner)
    _, first = await farm.tell(spinner, event)
    await spinner.judge()

    _, second = await farm.tell(spinner, replace(event, seq=2))
    await spinner.judge()

    assert first["results"][event.id] == {"status": "accepted"}
    assert second["results"][event.id] == {"status": "duplicate", "first": "accepted", "why": "accepted"}
    assert await _effects(spinner, event.subject) == 1


async def test_an_event_told_twice_in_one_batch_has_one_effect(farm: Participant, spinner: Participant) -> None:
    event = await _told(farm, spinner)

    _, receipt = await farm.tell(spinner, event, replace(event, seq=2))
    await spinner.judge()

    assert receipt["results"][event.id]["status"] in ("accepted", "duplicate")
    assert await _effects(spinner, event.subject) == 1


async def test_a_refusal_is_repeated_as_a_refusal(farm: Participant, spinner: Participant) -> None:
    event = await _told(farm, spinner)
    lie = replace(event, data={**event.data, "credentialDigest": digest_multibase(b"another")})
    await farm.tell(spinner, lie)
    await spinner.judge()

    _, again = await farm.tell(spinner, lie)

    assert again["results"][lie.id]["first"] == "rejected"
    assert await spinner.arrived(lie.subject) == ["refused"]
    assert await _effects(spinner, lie.subject) == 0


async def test_the_same_id_with_another_content_is_rejected_and_on_record(
    farm: Participant, spinner: Participant
) -> None:
    event = await _told(farm, spinner)
    await farm.tell(spinner, event)
    other = replace(event, subject="https://farm.test/lots/other", seq=2)

    status, receipt = await farm.tell(spinner, other)

    assert (status, receipt["results"][event.id]["status"]) == (202, "rejected")
    assert receipt["results"][event.id]["problem"]["code"] == "EQUIVOCATION"
    record = "select object, digest from audit where action = 'event.equivocation' and actor = :did"
    assert (event.id, other.digest) in await spinner.rows(record, did=farm.did)
    assert await spinner.arrived(other.subject) == []


async def _record(farm: Participant, network: Network, **data: Any) -> str:
    """Put an event into the farm's own outbox, as a fault of ours could; its subject."""
    event = farm.event(farm)
    own = OwnEvent(
        id=event.id,
        source=farm.did,
        type=event.type,
        subject=event.subject,
        time=network.clock(),
        data={**event.data, "mentions": [SPINNER.did], **data},
    )
    async with farm.node.store.writing() as tx:
        await tx.outbox.record(own)
    return event.subject


@pytest.mark.slow
@pytest.mark.parametrize(
    "poison",
    [{"credential": "ftp://nowhere"}, {"value": 1 << 60}, {"envelope": "A" * BATCH_BYTES}],
    ids=["refused by the peer", "cannot be written", "too large"],
)
async def test_a_poisoned_event_is_put_aside_and_the_others_arrive(
    poison: dict[str, Any], network: Network, farm: Participant, spinner: Participant
) -> None:
    before = [(await farm.issue(draft("farm-facility"))).credential.url for _ in range(2)]
    bad = await _record(farm, network, **poison)
    after = (await farm.issue(draft("farm-facility"))).credential.url

    await network.come_to_rest()

    assert [await spinner.arrived(url) for url in (*before, after)] == [["kept"]] * 3
    assert await spinner.arrived(bad) == []
    assert await farm.deliveries(bad) == [(SPINNER.did, "refused")]
    query = (
        "select problem from refused join delivery on delivery.peer = refused.peer and delivery.seq = refused.seq "
        "join outbox_event on event = outbox_event.id where subject = :url"
    )
    ((problem,),) = await farm.rows(query, url=bad)
    assert problem


async def test_an_event_that_makes_the_receiver_stumble_holds_up_no_other(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    fine = await _told(farm, spinner)
    odd = farm.event(spinner)
    await farm.tell(spinner, odd, replace(fine, seq=2))
    async with (
        spinner.node.store.writing() as tx
    ):  # as if an older release had let something in that it should not have
        connection = await tx.session.connection()
        await connection.exec_driver_sql("update inbox_event set raw = ? where event_id = ?", (b"{}", odd.id))

    await spinner.judge()

    assert await spinner.arrived(fine.subject) == ["kept"]
    assert await spinner.arrived(odd.subject) == ["stored"]


async def test_events_wait_for_a_peer_that_is_away_and_arrive_in_order(network: Network, farm: Participant) -> None:
    await network.stop(SPINNER)
    urls = [(await farm.issue(draft("farm-facility"))).credential.url for _ in range(3)]
    for _ in range(3):
        await farm.send()
        network.clock.move(minutes=1)
    assert {state for url in urls for _, state in await farm.deliveries(url) if _ == SPINNER.did} == {"pending"}
    spinner = await network.start(SPINNER)

    await spinner.node.outbox.wake_peers()
    await network.come_to_rest()

    query = "select subject from inbox_event where source = :did order by id"
    arrived = [url for (url,) in await spinner.rows(query, did=farm.did) if url in urls]
    assert arrived == urls
    assert [await spinner.arrived(url) for url in urls] == [["kept"]] * 3


@pytest.mark.slow
async def test_a_peer_that_is_away_is_asked_ever_more_rarely(network: Network, farm: Participant) -> None:
    await network.stop(SPINNER)
    try:
        url = (await farm.issue(draft("farm-facility"))).credential.url
        for _ in range(120):
            await farm.send()
            network.clock.move(seconds=30)
        assert (SPINNER.did, "pending") in await farm.deliveries(url)
        ((attempts,),) = await farm.rows("select fails from stream_out where peer = :peer", peer=SPINNER.did)
        assert 4 <= attempts <= 10
    finally:
        await network.start(SPINNER)
    network.clock.move(hours=2)
    await network.come_to_rest()


async def test_what_a_dead_run_had_claimed_goes_out_at_once_after_a_restart(
    network: Network, farm: Participant
) -> None:
    url = (await farm.issue(draft("farm-facility"))).credential.url
    await farm.node.outbox._share(network.clock())
    async with farm.node.store.writing() as tx:
        claimed = await tx.streams.claim(at=network.clock(), lease=_LEASE, limit=10)
        (stream,) = [stream for stream in claimed if stream.peer == SPINNER.did]
        batch = await tx.streams.next_of(stream, limit=10, size=10_000)
    assert url in {item.event.subject for item in batch}
    await network.stop(FARM)

    farm = await network.start(FARM)
    working = asyncio.create_task(farm.node.outbox.run())
    try:
        await until(lambda: _is_delivered(farm, url))
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _is_delivered(farm: Participant, url: str) -> bool:
    return (SPINNER.did, "delivered") in await farm.deliveries(url)


class _Hasty(OutboxWorker):
    """The mistake that the outbox must not make: it settles whatever the peer answers."""

    async def _send(self, peer: KnownPeer, batch: Sequence[Delivery], head: str) -> PeerAnswer:
        await super()._send(peer, batch, head)
        results = {item.event.id: {"status": "accepted"} for item in batch}
        return PeerAnswer(meaning=Meaning.STORED, results=results)


@pytest.mark.parametrize(("worker", "lost"), [(OutboxWorker, 0), (_Hasty, 1)])
async def test_an_outbox_that_settles_before_the_answer_loses_events_and_ours_does_not(
    worker: type[OutboxWorker], lost: int, network: Network, farm: Participant
) -> None:
    own = farm.node.outbox
    outbox = worker(
        store=own._store,
        peers=own._peers,
        client=own._client,
        own_heads=own._own_heads,
        share=own._share,
        clock=own._clock,
    )
    await network.stop(SPINNER)
    url = (await farm.issue(draft("farm-facility"))).credential.url
    await outbox.once()
    spinner = await network.start(SPINNER)

    network.clock.move(hours=1)
    await network.come_to_rest()

    assert len(await spinner.arrived(url)) == 1 - lost


async def test_twenty_deliveries_of_one_event_at_once_have_one_effect(farm: Participant, spinner: Participant) -> None:
    event = await _told(farm, spinner)

    answers = await asyncio.gather(*(farm.tell(spinner, event) for _ in range(20)))
    await spinner.judge()

    results = sorted(str(receipt["results"][event.id]["status"]) for _, receipt in answers)
    assert results == ["accepted", *["duplicate"] * 19]
    assert await _effects(spinner, event.subject) == 1


async def test_a_change_of_status_that_comes_before_its_credential_does_no_harm(
    farm: Participant, spinner: Participant
) -> None:
    event = await _told(farm, spinner)
    hint = {"credential": event.subject, "statusPurpose": "revocation", "value": 1}
    early = farm.event(spinner, event.subject, type=EventType.STATUS, data=hint)

    await farm.tell(spinner, early)
    await spinner.judge()
    await farm.tell(spinner, event)
    await spinner.judge()

    assert await spinner.arrived(event.subject) == ["noted", "kept"]


async def test_two_peers_may_use_the_same_id_for_different_events(
    network: Network, farm: Participant, spinner: Participant, certifier: Participant
) -> None:
    event = await _told(farm, spinner)
    await network.introduce(spinner, certifier, share="none")
    await farm.tell(spinner, event)
    same = certifier.event(spinner, event.subject, id=event.id, data={**event.data, "kind": "dpp"})

    status, receipt = await certifier.tell(spinner, same)

    assert (status, receipt["results"][event.id]["status"]) == (202, "accepted")
