"""Very many over HTTP: a line in, a line out, and the request's own bounds."""

from __future__ import annotations

import io
import json

import pytest

from tests.node.api.nodes import URL, Asked, Served
from tests.node.issuer import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/credentials/verify-many"
NDJSON = {"Content-Type": "application/x-ndjson"}


async def many(node: Served, body: bytes, *, token: bool = True) -> Asked:
    return await node.ask("POST", PATH, token=node.token if token else None, data=io.BytesIO(body), headers=NDJSON)


def lines(answer: Asked) -> list[dict[str, object]]:
    return [json.loads(line) for line in answer.body.splitlines()]


async def both_forms(node: Served) -> tuple[bytes, bytes]:
    """One credential as an object with its proof and as a token, each on a line."""
    issued = (await node.issue(draft())).json
    shown = await node.ask("GET", issued["id"].removeprefix(URL))
    return json.dumps(issued["verifiableCredential"]).encode(), json.dumps(shown.body.decode()).encode()


async def test_every_line_is_answered_in_its_place_the_bad_ones_too(served_node: Served) -> None:
    proofed, token = await both_forms(served_node)
    body = b"\n".join([proofed, b"{", token, b"", b'"a.b.c"', b"1", token])
    answer = await many(served_node, body)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/x-ndjson")
    told = lines(answer)
    assert [(line["name"], line["verified"]) for line in told] == [
        ("1", True),
        ("2", False),
        ("3", True),
        ("5", False),
        ("6", False),
        ("7", True),
    ]
    assert told[0].keys() >= {"outcome", "id", "issuer", "digest", "checks", "known"}


async def test_what_was_judged_once_is_known_and_a_revocation_is_seen_all_the_same(served_node: Served) -> None:
    issued = (await served_node.issue(draft())).json
    body = json.dumps(issued["verifiableCredential"]).encode()
    first, second = lines(await many(served_node, body)), lines(await many(served_node, body))
    assert [(line["known"], line["verified"]) for line in (*first, *second)] == [(False, True), (True, True)]
    await served_node.ask(
        "POST",
        "/credentials/status",
        token=served_node.token,
        json={
            "credentialId": issued["id"],
            "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
            "status": True,
        },
    )
    third = lines(await many(served_node, body))
    assert [(line["known"], line["verified"]) for line in third] == [(True, False)]


async def test_more_than_one_chunk_comes_back_whole_and_in_order(served_node: Served) -> None:
    proofed, token = await both_forms(served_node)
    told = lines(await many(served_node, b"\n".join([proofed, token] * 100) + b"\n"))
    assert [line["name"] for line in told] == [str(number) for number in range(1, 201)]
    assert all(line["verified"] for line in told)


async def test_a_line_that_is_too_long_ends_the_request_with_its_problem(served_node: Served) -> None:
    _, token = await both_forms(served_node)
    told = lines(await many(served_node, token + b"\n" + b"x" * ((1 << 20) + 100_000)))
    assert told[0]["verified"] is True
    problem = told[1]["problem"]
    assert isinstance(problem, dict)
    assert problem["code"] == "TOO_LARGE"


async def test_an_empty_body_is_an_empty_answer(served_node: Served) -> None:
    answer = await many(served_node, b"")
    assert (answer.status, answer.body) == (200, b"")


async def test_strangers_may_not_ask_for_that_much(served_node: Served) -> None:
    assert (await many(served_node, b"{}", token=False)).status == 401


async def test_another_content_type_is_refused(served_node: Served) -> None:
    answer = await served_node.ask("POST", PATH, token=served_node.token, json={"verifiableCredential": {}})
    assert (answer.status, answer.code) == (415, "CONTENT_TYPE")
