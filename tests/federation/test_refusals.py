"""Who may put something into an inbox: a known peer, with a fresh signature over this very request, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from credentials.keys.algorithms import SigningKey
from node.federation.message_signatures import SignedRequest
from node.federation.messages import EventType, encode_batch
from node.flows.exchange import receiving
from tests.federation.network import Network, Participant

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _kept(participant: Participant) -> dict[str, int]:
    """How many events, nonces and audit lines the node has."""
    tables = ("inbox_event", "nonce", "audit", "received")
    return {table: (await participant.rows(f"select count(*) from {table}"))[0][0] for table in tables}


async def test_a_stranger_is_refused_and_nothing_is_fetched_for_it(
    network: Network, certifier: Participant, spinner: Participant
) -> None:
    before, heard = await _kept(spinner), list(certifier.heard)

    status, answer = await certifier.tell(spinner, certifier.event(spinner))

    assert (status, answer["code"]) == (403, "UNKNOWN_PEER")
    assert certifier.heard == heard
    assert await _kept(spinner) == before


async def test_a_signature_by_another_key_is_refused(farm: Participant, spinner: Participant) -> None:
    before = await _kept(spinner)
    body = encode_batch([farm.event(spinner)])

    status, answer = await farm.post(farm.signed(spinner, body, signer=SigningKey.generate()))

    assert (status, answer["code"]) == (401, "NOT_AUTHENTICATED")
    assert await _kept(spinner) == before


async def test_a_key_for_credentials_opens_no_inbox(farm: Participant, spinner: Participant) -> None:
    body = encode_batch([farm.event(spinner)])
    request = farm.signed(
        spinner, body, signer=farm.node.keyring.signer("cred-1"), key_id=f"{farm.did}#cred-1-multikey"
    )

    status, answer = await farm.post(request)

    assert (status, answer["code"]) == (401, "NOT_AUTHENTICATED")


async def test_a_request_that_is_sent_again_is_refused(farm: Participant, spinner: Participant) -> None:
    request = farm.signed(spinner, encode_batch([farm.event(spinner)]))
    assert (await farm.post(request))[0] == 202
    before = await _kept(spinner)

    status, answer = await farm.post(request)

    assert (status, answer["code"]) == (401, "NOT_AUTHENTICATED")
    assert await _kept(spinner) == before


async def test_a_request_for_another_node_is_refused(
    farm: Participant, spinner: Participant, certifier: Participant
) -> None:
    before = await _kept(spinner)
    body = encode_batch([farm.event(spinner)])

    status, answer = await farm.post(farm.signed(spinner, body, destination=certifier.did))

    assert (status, answer["code"]) == (401, "NOT_AUTHENTICATED")
    assert await _kept(spinner) == before


async def test_an_old_signature_is_refused_with_the_reason(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    request = farm.signed(spinner, encode_batch([farm.event(spinner)]))
    network.clock.move(minutes=10)

    status, answer = await farm.post(request)

    assert (status, answer["code"]) == (401, "CLOCK_SKEW")


def _other_body(request: SignedRequest) -> SignedRequest:
    return replace(request, body=request.body.replace(b"dpp", b"dcc"))


def _other_key(request: SignedRequest) -> SignedRequest:
    return replace(request, headers=request.headers | {"Idempotency-Key": '"b-2"'})


def _no_signature(request: SignedRequest) -> SignedRequest:
    return replace(request, headers={k: v for k, v in request.headers.items() if not k.startswith("Signature")})


@pytest.mark.parametrize("change", [_other_body, _other_key, _no_signature])
async def test_what_was_changed_on_the_way_is_refused(
    change: Callable[[SignedRequest], SignedRequest], farm: Participant, spinner: Participant
) -> None:
    before = await _kept(spinner)

    status, answer = await farm.post(change(farm.signed(spinner, encode_batch([farm.event(spinner)]))))

    assert (status, answer["code"]) == (401, "NOT_AUTHENTICATED")
    assert await _kept(spinner) == before


@pytest.mark.parametrize(
    ("stated", "pointer"),
    [
        ({"source": "did:web:certifier.test"}, "/1/source"),
        ({"dest": "did:web:certifier.test"}, "/1/dest"),
        ({"seq": 0}, "/1/seq"),
        ({"id": "no word"}, "/1/id"),
        ({"data": {"credential": "http://farm.test/x", "credentialDigest": "zQm"}}, "/1/data/credential"),
        ({"data": {"credential": "https://farm.test/x"}}, "/1/data/credentialDigest"),
    ],
)
async def test_one_bad_event_refuses_its_batch_and_nothing_of_it_is_kept(
    stated: dict[str, object], pointer: str, farm: Participant, spinner: Participant
) -> None:
    before = (await _kept(spinner))["inbox_event"]

    status, answer = await farm.tell(spinner, farm.event(spinner), farm.event(spinner, **stated))

    assert (status, answer["code"], answer["pointer"]) == (400, "EVENT_INVALID", pointer)
    assert (await _kept(spinner))["inbox_event"] == before


async def test_a_sign_of_life_is_answered_and_never_kept(farm: Participant, spinner: Participant) -> None:
    before = (await _kept(spinner))["inbox_event"]
    wake = farm.event(spinner, type=EventType.WAKE, data={})

    status, receipt = await farm.tell(spinner, wake)

    assert (status, receipt["results"]) == (202, {wake.id: {"status": "accepted"}})
    assert (await _kept(spinner))["inbox_event"] == before


async def test_a_peer_fills_its_own_backlog_and_no_other_s(
    network: Network,
    farm: Participant,
    spinner: Participant,
    certifier: Participant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await network.introduce(spinner, certifier, share="none")
    monkeypatch.setattr(receiving, "MOST_WAITING", 3)
    url = certifier.company.url("credentials/none")

    status, _ = await certifier.tell(spinner, *(certifier.event(spinner, url) for _ in range(3)))
    wake, _ = await certifier.tell(spinner, certifier.event(spinner, type=EventType.WAKE, data={}))
    full, problem = await certifier.tell(spinner, certifier.event(spinner, url))
    other, _ = await farm.tell(spinner, farm.event(spinner))

    assert (status, wake, full, other) == (202, 202, 429, 202)
    assert problem["code"] == "TOO_MANY"
