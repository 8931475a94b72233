"""A receipt is the peer's own signed word that it has the events; anything less settles nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.encoding.moments import parse_moment
from credentials.errors import CredentialsError
from credentials.keys.algorithms import SigningKey
from credentials.proofs.data_integrity import add_proof, check_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from node.demo.companies import SPINNER
from node.wire.fetch import Response
from tests.federation.network import Network, Participant, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _receipt(farm: Participant, spinner: Participant) -> tuple[str, dict[str, Any]]:
    """The id of an event that the spinner took in, and its receipt."""
    event = farm.event(spinner)
    status, receipt = await farm.tell(spinner, event)
    assert status == 202
    return event.id, receipt


async def test_a_receipt_names_both_sides_and_every_event_and_carries_the_peer_s_signature(
    farm: Participant, spinner: Participant
) -> None:
    event_id, receipt = await _receipt(farm, spinner)

    assert (receipt["type"], receipt["from"], receipt["to"]) == ("DeliveryReceipt", spinner.did, farm.did)
    assert receipt["results"] == {event_id: {"status": "accepted"}}
    keys = await farm.node.peers.keys_of(spinner.did, wanted="", at=farm.node.clock())
    method = receipt["proof"]["verificationMethod"]
    check_proof(receipt, receipt["proof"], key=keys[method], contexts=standard_library(), purpose="authentication")


async def test_a_receipt_that_was_changed_no_longer_holds(farm: Participant, spinner: Participant) -> None:
    event_id, receipt = await _receipt(farm, spinner)
    keys = await farm.node.peers.keys_of(spinner.did, wanted="", at=farm.node.clock())
    changed = {**receipt, "results": {event_id: {"status": "duplicate"}}}

    with pytest.raises(CredentialsError):
        check_proof(
            changed,
            receipt["proof"],
            key=keys[receipt["proof"]["verificationMethod"]],
            contexts=standard_library(),
            purpose="authentication",
        )


async def test_a_delivery_keeps_the_receipt_that_settled_it(network: Network, farm: Participant) -> None:
    issued = (await farm.issue(draft("farm-facility"))).credential

    await network.come_to_rest()

    query = (
        "select raw from receipt join delivery on delivery.peer = receipt.peer "
        "and delivery.seq between receipt.seq and receipt.last_seq "
        "join outbox_event on event = outbox_event.id where subject = :url"
    )
    ((receipt,),) = await farm.rows(query, url=issued.url)
    assert json.loads(receipt)["from"] == SPINNER.did


Change = Callable[[dict[str, Any]], dict[str, Any]]


def _resigned(receipt: dict[str, Any]) -> dict[str, Any]:
    """The same receipt, signed by somebody else under the peer's key id."""
    bare = {key: value for key, value in receipt.items() if key != "proof"}
    return add_proof(
        bare,
        ProofOptions(
            verification_method=receipt["proof"]["verificationMethod"],
            created=parse_moment(receipt["at"]),
            proof_purpose="authentication",
        ),
        suite=SUITES["eddsa-jcs-2022"],
        signer=SigningKey.generate(),
        contexts=standard_library(),
    )


def _unsigned(receipt: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in receipt.items() if key != "proof"}


def _for_another(receipt: dict[str, Any]) -> dict[str, Any]:
    return {**receipt, "to": "did:web:certifier.test"}


def _of_another(receipt: dict[str, Any]) -> dict[str, Any]:
    return {**receipt, "from": "did:web:certifier.test"}


@asynccontextmanager
async def _forging(farm: Participant, change: Callable[[bytes], bytes]) -> AsyncIterator[None]:
    """Somebody on the way changes what peers answer to the farm's deliveries."""
    fetcher = farm.node.fetcher
    honest = fetcher.post

    async def post(url: str, body: bytes, *, headers: Any) -> Any:
        answer = await honest(url, body, headers=headers)
        return replace(answer, body=change(answer.body)) if isinstance(answer, Response) else answer

    fetcher.post = post  # type: ignore[method-assign]
    try:
        yield
    finally:
        fetcher.post = honest  # type: ignore[method-assign]


@pytest.mark.parametrize("change", [_resigned, _unsigned, _for_another, _of_another])
async def test_a_forged_receipt_settles_nothing_and_an_honest_one_does(
    change: Change, network: Network, farm: Participant, spinner: Participant
) -> None:
    issued = (await farm.issue(draft("farm-facility"))).credential

    async with _forging(farm, lambda body: json.dumps(change(json.loads(body))).encode()):
        await farm.send()
    assert await farm.deliveries(issued.url) == [(spinner.did, "pending")]
    network.clock.move(minutes=5)
    await network.come_to_rest()

    assert await farm.deliveries(issued.url) == [(spinner.did, "delivered")]
    assert await spinner.arrived(issued.url) == ["kept"]


async def test_an_old_receipt_settles_nothing_new(network: Network, farm: Participant, spinner: Participant) -> None:
    _, old = await _receipt(farm, spinner)
    issued = (await farm.issue(draft("farm-facility"))).credential

    async with _forging(farm, lambda _: json.dumps(old).encode()):
        await farm.send()

    assert await farm.deliveries(issued.url) == [(spinner.did, "pending")]


def _two_proofs(receipt: dict[str, Any]) -> dict[str, Any]:
    return {**receipt, "proof": [receipt["proof"], receipt["proof"]]}


def _no_results(receipt: dict[str, Any]) -> dict[str, Any]:
    return {**receipt, "results": []}


@pytest.mark.parametrize("change", [_two_proofs, _no_results, lambda _: [], lambda _: {}])
async def test_nonsense_instead_of_a_receipt_is_an_answer_to_try_again(
    change: Callable[[dict[str, Any]], Any], network: Network, farm: Participant, spinner: Participant
) -> None:
    issued = (await farm.issue(draft("farm-facility"))).credential
    network.clock.move(hours=1)

    async with _forging(farm, lambda body: json.dumps(change(json.loads(body))).encode()):
        await farm.send()

    assert await farm.deliveries(issued.url) == [(spinner.did, "pending")]
    network.clock.move(hours=1)
    await network.come_to_rest()
    assert await farm.deliveries(issued.url) == [(spinner.did, "delivered")]


async def _acks(farm: Participant, spinner: Participant, epoch: str, *seqs: int) -> list[int]:
    """What the spinner acknowledges after each message of the stream ``epoch``, in the order in which they arrive."""
    told = {seq: farm.event(spinner, epoch=epoch, seq=seq) for seq in seqs}
    answers = [await farm.tell(spinner, told[seq]) for seq in seqs]
    return [receipt["ackSeq"] for _, receipt in answers]


async def test_a_message_that_overtook_another_is_acknowledged_when_the_gap_is_closed(
    farm: Participant, spinner: Participant
) -> None:
    assert await _acks(farm, spinner, "overtaking", 1, 3, 2) == [1, 1, 3]


async def test_a_batch_is_acknowledged_as_far_as_nothing_is_missing(farm: Participant, spinner: Participant) -> None:
    batch = [farm.event(spinner, epoch="a-batch", seq=seq) for seq in (6, 5, 2, 1)]

    _, receipt = await farm.tell(spinner, *batch)

    assert (receipt["ackSeq"], len(receipt["results"])) == (2, 4)
    assert await _acks(farm, spinner, "a-batch", 4, 3, 7) == [2, 6, 7]


async def test_a_repeated_message_and_one_from_far_ahead_move_nothing(farm: Participant, spinner: Participant) -> None:
    assert await _acks(farm, spinner, "far-ahead", 1, 1, 2**53 - 1, 2, 2) == [1, 1, 1, 2, 2]


async def test_a_new_stream_begins_at_its_beginning(farm: Participant, spinner: Participant) -> None:
    assert await _acks(farm, spinner, "before-the-restore", 1, 2, 4) == [1, 2, 2]

    assert await _acks(farm, spinner, "after-the-restore", 2, 1, 3) == [0, 2, 3]


async def test_what_is_acknowledged_is_remembered_by_a_node_that_was_away(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    assert await _acks(farm, spinner, "a-restart", 1, 3) == [1, 1]
    await network.stop(SPINNER)

    spinner = await network.start(SPINNER)

    assert await _acks(farm, spinner, "a-restart", 2) == [3]


async def test_our_own_outbox_leaves_no_gap(network: Network, certifier: Participant, farm: Participant) -> None:
    for _ in range(3):
        await certifier.issue(draft("farm-cotton-attestation"))
        await certifier.send()

    query = "select seq, raw from receipt where peer = :did order by seq"
    told = [(seq, json.loads(receipt)["ackSeq"]) for seq, receipt in await certifier.rows(query, did=farm.did)]
    assert told == [(1, 1), (2, 2), (3, 3)]
