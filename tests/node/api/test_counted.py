"""Counted at the libraries' doors: what a request opens and checks. A ratchet: each figure may only become smaller."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.doors import Doors, watch
from tests.node.api.nodes import URL, Served
from tests.node.issuer import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPENINGS: Final = 1  # of the credential, and of its list
CHECKS: Final = 1  # of one signature under one key


async def verified(node: Served, secured: Any, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """What verifying ``secured``, with its status list, took."""
    doors = watch(monkeypatch)
    answer = await node.ask("POST", "/credentials/verify", json={"verifiableCredential": secured})
    assert answer.json["verified"] is True
    assert [check["outcome"] for check in answer.json["results"]["checks"] if "status" in check["name"]] == ["PASSED"]
    return doors


async def test_a_token_and_its_status_list_are_opened_once_and_each_signature_checked_once(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await served_node.issue(draft())
    token = await served_node.ask("GET", issued.json["id"].removeprefix(URL))
    doors = await verified(served_node, token.body.decode(), monkeypatch)
    assert max(doors.twice().values(), default=1) <= OPENINGS
    assert (len(doors.checked), max(doors.checked.values()) <= CHECKS) == (2, True)


async def test_an_object_is_opened_once_beside_the_request_and_its_proof_checked_once(
    served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await served_node.issue(draft())
    doors = await verified(served_node, issued.json["verifiableCredential"], monkeypatch)
    assert max(doors.twice().values(), default=1) <= OPENINGS
    assert (len(doors.checked), max(doors.checked.values()) <= CHECKS) == (2, True)
