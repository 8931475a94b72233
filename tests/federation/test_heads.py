"""Heads: partners are witnesses of what a node told, also to a node that was set back and does not know it any more."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from credentials.did.documents import multikey_method
from credentials.encoding.multibase import decode_base64url
from credentials.evidence import Absent
from credentials.keys.algorithms import SigningKey
from node.federation.client import HELD, TOLD
from node.federation.heads import FIELD, StreamHead, read_head, signed_head
from node.federation.message_signatures import SignedRequest, sign_request
from node.federation.messages import EventType, ExchangeEvent, encode_batch
from node.federation.own_heads import HeadMeaning
from node.keyring.peer_key import NamedSigner
from node.store.heard_lives import MOST_LIVES
from node.store.rolling import rolling_next, rolling_start
from tests.federation.heads import head_of
from tests.federation.network import Network, Participant, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _tell(farm: Participant, times: int = 1) -> list[str]:
    """Issue what the spinner hears of, and send it; the addresses."""
    told = [(await farm.issue(draft("farm-facility"))).credential.url for _ in range(times)]
    await farm.send()
    return told


async def _lives(node: Participant) -> list[str]:
    return [why for (why,) in await node.rows("select why from life order by number")]


async def _deliver(farm: Participant, to: Participant, head: str, *events: ExchangeEvent) -> tuple[int, Any]:
    request = farm.signed(to, encode_batch(events))
    request.headers[FIELD] = head
    return await farm.post(request)


# What a partner holds.


async def test_a_partner_holds_the_head_of_everything_that_was_told_and_it_is_that_of_the_definition(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    for _ in range(2):
        await _tell(farm, 2)
        network.clock.move(seconds=1)

    async with spinner.node.store.reading() as tx:
        (held,) = await tx.heard.heads(farm.did)
    rows = await spinner.rows("select seq, digest from heard_place order by seq")
    rolling = rolling_start(farm.did, spinner.did, await farm.node.store.epoch())
    for seq, digest in rows:
        rolling = rolling_next(rolling, seq, digest)
    head = read_head(held.raw, keys=await spinner.node.peers.keys_of(farm.did, wanted="", at=network.clock()))
    assert [seq for seq, _ in rows] == [1, 2, 3, 4]
    assert (head.epoch, head.seq, head.rolling) == (await farm.node.store.epoch(), 4, rolling)


async def test_a_receipt_shows_the_newest_head_that_was_held_before(farm: Participant, spinner: Participant) -> None:
    first = farm.event(spinner, epoch="a", seq=1)
    second = farm.event(spinner, epoch="a", seq=2)
    head = head_of(farm, spinner, first)

    _, none = await _deliver(farm, spinner, head, first)
    _, one = await _deliver(farm, spinner, head_of(farm, spinner, first, second), second)

    assert (none.get("head") == head, one["head"]) == (False, head)


async def test_a_skipped_event_and_one_that_got_another_place_leave_the_heads_true(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    await _tell(farm)
    await farm.issue(draft("farm-facility"))
    await farm.node.outbox._share(network.clock())
    async with farm.node.store.writing() as tx:
        await tx.deliveries.skip(spinner.did, at=network.clock())
    async with farm.node.store.writing() as tx:
        assert await tx.deliveries.retry(spinner.did, at=network.clock()) == 1
    network.clock.move(seconds=1)

    await farm.send()

    async with spinner.node.store.reading() as tx:
        held = {head.epoch: (head.seq, head.rolling) for head in await tx.heard.heads(farm.did)}
    async with farm.node.store.reading() as tx:
        told = await tx.streams.told(spinner.did)
        assert held[(await tx.lives.present()).id] == told
    await _tell(farm)
    async with farm.node.store.reading() as tx:
        assert await tx.streams.rolling_at(spinner.did, told[0]) == b"", "what cannot be told any more is not guessed"


# Nobody else can push us.


async def test_only_our_own_signature_begins_a_life(network: Network, farm: Participant, spinner: Participant) -> None:
    before, event = await _lives(farm), farm.event(spinner, epoch="never-ours", seq=9)
    stranger = NamedSigner(SigningKey.generate(), multikey_method(farm.did, "auth-1"))
    stated = StreamHead(
        sender=farm.did, to=spinner.did, epoch="never-ours", seq=9, rolling=b"x" * 32, at=network.clock()
    )
    weigh = farm.node.outbox._own_heads.weigh

    forged = await weigh(spinner.did, signed_head(stated, stranger), at=network.clock())
    of_another_stream = await weigh("did:web:else.test", head_of(farm, spinner, event), at=network.clock())
    nonsense = await weigh(spinner.did, "a.b.c", at=network.clock())

    assert (forged, of_another_stream, nonsense) == (HeadMeaning.NOTHING,) * 3
    assert await _lives(farm) == before


# Whoever contradicts himself.


async def test_another_event_at_a_place_that_is_taken_is_refused_with_what_was_signed_for_it(
    farm: Participant, spinner: Participant
) -> None:
    first = farm.event(spinner, epoch="forked", seq=1)
    head = head_of(farm, spinner, first)
    await _deliver(farm, spinner, head, first)

    other = farm.event(spinner, epoch="forked", seq=1)
    status, problem = await _deliver(farm, spinner, head_of(farm, spinner, other), other)

    assert (status, problem["code"], problem["head"]) == (409, "STREAM_FORKED", head)
    assert await spinner.arrived(other.subject) == []
    assert ("stream.forked",) in await spinner.rows("select action from audit")


async def test_a_head_that_does_not_say_what_was_told_is_evidence_and_never_a_loop(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    event = farm.event(spinner, epoch="untrue", seq=1)

    answers = [
        await _deliver(farm, spinner, head_of(farm, spinner, event, rolling=bytes([n]) * 32), event) for n in range(3)
    ]

    assert [status for status, _ in answers] == [409, 409, 409]
    assert await spinner.arrived(event.subject) == []
    assert (await _deliver(farm, spinner, head_of(farm, spinner, event), event))[0] == 202


async def test_a_life_does_not_follow_itself_nor_a_circle(farm: Participant, spinner: Participant) -> None:
    def begins(epoch: str, previous: str) -> ExchangeEvent:
        data = {"previous": {"epoch": previous, "seq": 1}, "why": "restore"}
        return farm.event(spinner, epoch=epoch, seq=1, type=EventType.EPOCH, subject=farm.did, data=data)

    itself = await farm.tell(spinner, begins("one", "one"))
    first = await farm.tell(spinner, begins("two", "one"))
    second = await farm.tell(spinner, begins("three", "two"))
    circle = await farm.tell(spinner, begins("one", "three"))

    assert [status for status, _ in (itself, first, second, circle)] == [400, 202, 202, 409]


@pytest.mark.slow
async def test_a_peer_that_changes_its_life_each_minute_fills_nothing(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    for number in range(MOST_LIVES + 8):
        network.clock.move(minutes=1)
        event = farm.event(spinner, epoch=f"life-{number}", seq=1)
        status, _ = await _deliver(farm, spinner, head_of(farm, spinner, event), event)
        assert status == 202

    ((lives,),) = await spinner.rows("select count(*) from heard_life")
    ((places,),) = await spinner.rows("select count(*) from heard_place")
    assert (lives, places) == (MOST_LIVES, MOST_LIVES)
    assert await _lives(spinner) == ["init"]


@pytest.mark.parametrize("wrong", ["place", "stream", "peer", "signature"])
async def test_a_head_that_is_not_of_the_batch_is_refused(
    wrong: str, network: Network, farm: Participant, spinner: Participant
) -> None:
    event = farm.event(spinner, epoch="e", seq=1)
    head = {
        "place": head_of(farm, spinner, event, seq=2),
        "stream": head_of(farm, spinner, replace(event, epoch="f")),
        "peer": head_of(farm, spinner, event, to="did:web:else.test"),
        "signature": head_of(farm, spinner, event)[:-6] + "AAAAAA",
    }[wrong]

    status, problem = await _deliver(farm, spinner, head, event)

    assert (status, problem["code"]) == (401, "HEAD_INVALID")
    assert await spinner.arrived(event.subject) == []


# What a peer may ask.


async def _ask(asker: Participant, asked: Participant, path: str, **stated: Any) -> tuple[int, Any]:
    """Status and JSON of the answer to a signed question."""
    request = SignedRequest("GET", f"https://{asked.company.host}{path}", {"Accept": "application/json"})
    given: dict[str, Any] = {
        "signer": asker.node.keyring.signer("auth-1"),
        "key_id": multikey_method(asker.did, "auth-1"),
        "destination": asked.did,
        "at": asker.node.clock(),
        "nonce": secrets.token_urlsafe(18),
    }
    sign_request(request, **(given | stated))
    answer = await asker.node.fetcher.get(request.url, headers=request.headers)
    assert not isinstance(answer, Absent), answer
    return answer.status, json.loads(answer.body)


async def test_a_peer_is_shown_page_by_page_what_it_told_and_nothing_of_another(
    farm: Participant, spinner: Participant, certifier: Participant
) -> None:
    events = [farm.event(spinner, epoch="paged", seq=seq) for seq in (1, 2, 3)]
    await farm.tell(spinner, *events)

    _, first = await _ask(farm, spinner, f"{TOLD}?epoch=paged&limit=2")
    _, last = await _ask(farm, spinner, f"{TOLD}?epoch=paged&limit=2&after={first['next']}")
    other, _ = await _ask(certifier, spinner, f"{TOLD}?epoch=paged")
    _, of_another = await _ask(certifier, farm, f"{TOLD}?epoch=paged")

    assert [item["event"]["id"] for item in (*first["events"], *last["events"])] == [event.id for event in events]
    assert (len(first["events"]), "next" in last) == (2, False)
    assert other == 403, "the certifier is no peer of the spinner"
    assert of_another["events"] == []


async def test_what_is_held_of_a_peer_is_shown_to_it_alone(
    network: Network, farm: Participant, spinner: Participant, certifier: Participant
) -> None:
    issued = await farm.issue(draft("farm-facility"))
    await network.come_to_rest()

    _, own = await _ask(farm, spinner, HELD)
    _, lists = await _ask(farm, spinner, f"{HELD}?after={quote(own['next'])}")
    stranger, _ = await _ask(certifier, spinner, HELD)

    raws = [decode_base64url(item["raw"]) for item in own["credentials"]]
    assert issued.forms["vc+jwt"] in raws
    assert (own["next"], bool(lists["lists"]), "next" in lists) == ("lists 0", True, False)
    assert stranger == 403


@pytest.mark.parametrize(
    "path", [f"{TOLD}?after=x", f"{TOLD}?limit=-1", f"{HELD}?after=others+0", f"{HELD}?after=lists"]
)
async def test_a_question_that_is_not_understood_is_refused(path: str, farm: Participant, spinner: Participant) -> None:
    status, problem = await _ask(farm, spinner, path)

    assert (status, problem["code"]) == (400, "MALFORMED_VALUE_ERROR")
