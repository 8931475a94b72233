"""Counted at the libraries' doors: each distinct bytes are opened once, each signature is checked once under a key."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.corpus.envelopes import presented_as_jwt
from tests.corpus.making import ISSUER, KEY, METHOD
from tests.doors import Doors, watch
from tests.node.api.nodes import URL, Served
from tests.node.issuer import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def verified(node: Served, secured: Any, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """What verifying ``secured``, with its status list, took."""
    doors = watch(monkeypatch)
    answer = await node.ask("POST", "/credentials/verify", json={"verifiableCredential": secured})
    assert answer.json["verified"] is True
    assert [check["outcome"] for check in answer.json["results"]["checks"] if "status" in check["name"]] == ["PASSED"]
    return doors


def lists_of(credentials: list[Any]) -> set[str]:
    return {credential["credentialStatus"]["statusListCredential"] for credential in credentials}


async def test_a_token_and_its_status_list_are_opened_once_and_each_signature_checked_once(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await served_node.issue(draft())
    token = await served_node.ask("GET", issued.json["id"].removeprefix(URL))
    doors = await verified(served_node, token.body.decode(), monkeypatch)
    assert doors.twice() == {}
    assert 1 <= doors.checks <= 2, "its signature, and that of its list unless that was kept"


async def test_an_object_is_opened_once_beside_the_request_and_each_of_its_proofs_checked_once(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await served_node.issue(draft())
    doors = await verified(served_node, issued.json["verifiableCredential"], monkeypatch)
    assert doors.twice() == {}
    assert 2 <= doors.checks <= 3, "two proofs, and the signature of its list unless that was kept"


async def test_a_credential_that_was_verified_before_costs_no_opening_and_no_check(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await served_node.issue(draft())
    secured = issued.json["verifiableCredential"]
    await verified(served_node, secured, monkeypatch)
    doors = await verified(served_node, secured, monkeypatch)
    assert doors.checks == 0
    assert [raw for raw in doors.parsed if raw.startswith(b'{"@context"')] == []


async def test_a_presentation_of_three_credentials_opens_and_checks_each_once(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = [(await served_node.issue(draft())).json["verifiableCredential"] for _ in range(3)]
    raw = presented_as_jwt(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": ISSUER,
            "verifiableCredential": [*credentials, credentials[0]],
        },
        signer=KEY,
        verification_method=METHOD,
    )
    doors = watch(monkeypatch)
    answer = await served_node.ask("POST", "/presentations/verify", json={"verifiablePresentation": raw.decode()})
    assert answer.json["verified"] is True, answer.json
    assert len(answer.json["credentialResults"]) == 4
    assert doors.twice() == {}
    assert 7 <= doors.checks <= 7 + len(lists_of(credentials)), "two proofs each, its own signature, and their lists"


async def test_many_lines_open_each_line_once_and_each_list_once(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = [(await served_node.issue(draft())).json["verifiableCredential"] for _ in range(5)]
    doors = watch(monkeypatch)
    answer = await served_node.ask(
        "POST",
        "/credentials/verify-many",
        token=served_node.token,
        data=io.BytesIO("\n".join(map(json.dumps, credentials)).encode()),
        headers={"Content-Type": "application/x-ndjson"},
    )
    told = [json.loads(line) for line in answer.body.splitlines()]
    assert [line.get("verified") for line in told if "name" in line] == [True] * 5
    assert doors.twice() == {}
    assert 10 <= doors.checks <= 10 + len(lists_of(credentials)), "two proofs each, and their lists"
