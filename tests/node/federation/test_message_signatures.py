"""Requests between nodes are signed by DID keys, bound to their destination, fresh and whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from credentials.keys.algorithms import KeyKind, SigningKey
from node.errors import Unauthenticated
from node.federation.message_signatures import SignedRequest, claimed_key_id, sign_request, verify_request

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FARM = SigningKey.generate()
KEY_ID = "did:web:farm.test#auth-1"
MILL = "did:web:mill.test"


def _lowered(request: SignedRequest) -> SignedRequest:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return SignedRequest(request.method, request.url, headers, request.body)


def _signed(*, body: bytes = b'[{"id":"1"}]', at: datetime = AT, key: SigningKey = FARM) -> SignedRequest:
    headers = {"Content-Type": "application/cloudevents-batch+json", "Idempotency-Key": "b-1"} if body else {}
    request = SignedRequest("POST", "https://mill.test/fed/v1/inbox", headers, body)
    sign_request(request, signer=key, key_id=KEY_ID, destination=MILL, at=at, nonce="n" * 22)
    return _lowered(request)


def _verify(request: SignedRequest, *, at: datetime = AT, did: str = MILL) -> str:
    caller = verify_request(
        request, keys={KEY_ID: FARM.public_key}, own_names=frozenset({"mill.test"}), own_did=did, at=at
    )
    return caller.did


def test_a_signed_request_names_its_caller() -> None:
    request = _signed()

    assert _verify(request) == "did:web:farm.test"


def test_a_request_without_body_is_signed_too() -> None:
    request = _signed(body=b"")

    assert _verify(request) == "did:web:farm.test"


def test_the_claimed_key_is_readable_before_anything_is_verified() -> None:
    request = _signed()

    assert claimed_key_id(request.headers) == KEY_ID


def _other_path(request: SignedRequest) -> SignedRequest:
    return SignedRequest(request.method, "https://mill.test/fed/v1/other", request.headers, request.body)


def _other_query(request: SignedRequest) -> SignedRequest:
    return SignedRequest(request.method, request.url + "?x=1", request.headers, request.body)


def _other_method(request: SignedRequest) -> SignedRequest:
    return SignedRequest("PUT", request.url, request.headers, request.body)


def _other_host(request: SignedRequest) -> SignedRequest:
    return SignedRequest(request.method, "https://evil.test/fed/v1/inbox", request.headers, request.body)


def _other_body(request: SignedRequest) -> SignedRequest:
    return SignedRequest(request.method, request.url, request.headers, b'[{"id":"2"}]')


def _without(name: str) -> Callable[[SignedRequest], SignedRequest]:
    def drop(request: SignedRequest) -> SignedRequest:
        headers = {key: value for key, value in request.headers.items() if key != name}
        return SignedRequest(request.method, request.url, headers, request.body)

    return drop


def _with(name: str, value: str) -> Callable[[SignedRequest], SignedRequest]:
    def put(request: SignedRequest) -> SignedRequest:
        return SignedRequest(request.method, request.url, {**request.headers, name: value}, request.body)

    return put


@pytest.mark.parametrize(
    "change",
    [
        _other_path,
        _other_query,
        _other_method,
        _other_host,
        _other_body,
        _without("signature"),
        _without("signature-input"),
        _without("content-digest"),
        _without("fed-destination"),
        _with("fed-destination", "did:web:third.test"),
        _with("content-type", "application/json"),
        _with("idempotency-key", "b-2"),
    ],
)
def test_anything_changed_after_signing_is_refused(change: Callable[[SignedRequest], SignedRequest]) -> None:
    request = change(_signed())

    with pytest.raises(Unauthenticated):
        _verify(request)


@pytest.mark.parametrize("skew", [timedelta(seconds=301), timedelta(seconds=-61), timedelta(days=400)])
def test_a_signature_too_far_from_our_clock_is_refused_as_skew(skew: timedelta) -> None:
    request = _signed()

    with pytest.raises(Unauthenticated) as refused:
        _verify(request, at=AT + skew)
    assert refused.value.problem.code == "CLOCK_SKEW"


@pytest.mark.parametrize("key", [SigningKey.generate(), SigningKey.generate(KeyKind.P256)])
def test_another_key_under_a_peers_name_is_refused(key: SigningKey) -> None:
    request = _signed(key=key)

    with pytest.raises(Unauthenticated):
        _verify(request)


def test_a_request_for_one_node_is_refused_by_another_behind_the_same_name() -> None:
    request = _signed()

    with pytest.raises(Unauthenticated):
        _verify(request, did="did:web:mill.test:loom")


def test_an_unknown_key_id_is_refused_without_looking_it_up() -> None:
    request = _signed()

    with pytest.raises(Unauthenticated):
        verify_request(request, keys={}, own_names=frozenset({"mill.test"}), own_did=MILL, at=AT)
