"""The inbox's envelope: who is not known gets nowhere, and nothing is fetched or kept for them."""

from __future__ import annotations

import json

import pytest

from credentials.did.key import did_of_key, method_of_key
from credentials.keys.algorithms import SigningKey
from node.federation.message_signatures import SignedRequest, sign_request
from node.federation.messages import BATCH_MEDIA_TYPE
from tests.node.api.nodes import URL, Asked, Served
from tests.node.issuer import AT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_way_out")]

PATH = "/fed/v1/inbox"
STRANGER = SigningKey.generate()


async def deliver(node: Served, body: bytes, headers: dict[str, str]) -> Asked:
    return await node.ask("POST", PATH, data=body, headers={"Content-Type": BATCH_MEDIA_TYPE, **headers})


def signed(body: bytes, node: Served) -> dict[str, str]:
    request = SignedRequest("POST", URL + PATH, {"Content-Type": BATCH_MEDIA_TYPE, "Idempotency-Key": '"a"'}, body)
    sign_request(
        request,
        signer=STRANGER,
        key_id=method_of_key(STRANGER.public_key),
        destination=node.node.identity.did,
        at=AT,
        nonce="0123456789abcdef",
    )
    return request.headers


async def test_an_unsigned_batch_is_401_and_leaves_nothing(served_node: Served, no_way_out: list[str]) -> None:
    before = await served_node.rows()
    answer = await deliver(served_node, b"[]", {})
    assert (answer.status, answer.code) == (401, "NOT_AUTHENTICATED")
    assert await served_node.rows() == before
    assert no_way_out == []


async def test_a_stranger_with_a_good_signature_is_403_and_leaves_nothing(
    served_node: Served, no_way_out: list[str]
) -> None:
    before = await served_node.rows()
    answer = await deliver(served_node, b"[]", signed(b"[]", served_node))
    assert (answer.status, answer.code) == (403, "UNKNOWN_PEER")
    assert await served_node.rows() == before
    assert no_way_out == []


async def test_a_key_id_that_is_an_address_is_not_fetched(served_node: Served, no_way_out: list[str]) -> None:
    headers = signed(b"[]", served_node)
    name = next(key for key in headers if key.lower() == "signature-input")
    headers[name] = headers[name].replace(did_of_key(STRANGER.public_key), "https://evil.test/key")
    answer = await deliver(served_node, b"[]", headers)
    assert answer.status in (401, 403)
    assert no_way_out == []


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/vc+jwt"])
async def test_another_media_type_is_415(served_node: Served, media_type: str) -> None:
    answer = await deliver(served_node, json.dumps([]).encode(), {"Content-Type": media_type})
    assert (answer.status, answer.code) == (415, "CONTENT_TYPE")
