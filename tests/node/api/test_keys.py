"""Replacing keys over HTTP, on a real node that goes on serving."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.node.api.nodes import URL, Served, served
from tests.node.issuer import AT, draft


async def _admin(node: Served) -> str:
    async with node.node.store.writing() as tx:
        return await tx.tokens.add_token(label="admin", role="admin", at=AT, expires=AT + timedelta(days=1))


async def _verified(node: Served, path: str) -> bool:
    shown = await node.ask("GET", path)
    answer = await node.ask("POST", "/credentials/verify", json={"verifiableCredential": shown.body.decode()})
    return bool(answer.json["verified"])


async def test_a_node_issues_with_its_new_key_and_both_credentials_verify(tmp_path: Path) -> None:
    async with served(tmp_path) as node:
        token = await _admin(node)
        old = (await node.issue(draft())).json["id"].removeprefix(URL)

        rotated = await node.ask("POST", "/keys/rotations", token=token, json={"purpose": "cred", "wait": 0})
        issued = await node.issue(draft())

        assert rotated.status == 201
        assert rotated.json["new"]["name"] == "cred-2"
        methods = {proof["verificationMethod"] for proof in issued.json["verifiableCredential"]["proof"]}
        assert methods == {"did:web:spinner.test#cred-2"}
        assert await _verified(node, issued.json["id"].removeprefix(URL))
        assert await _verified(node, old)


async def test_a_node_says_which_credentials_a_stolen_key_takes_down(tmp_path: Path) -> None:
    async with served(tmp_path) as node:
        token = await _admin(node)
        issued = await node.issue(draft())

        body = {"key": "cred-1", "since": "2026-06-01T11:00:00Z"}
        done = await node.ask("POST", "/keys/compromises", token=token, json=body)

        assert done.status == 200
        assert [(item["id"], item["standing"]) for item in done.json["affected"]] == [(issued.json["id"], "refused")]
        assert not await _verified(node, issued.json["id"].removeprefix(URL))
        assert await _verified(node, (await node.issue(draft())).json["id"].removeprefix(URL))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/keys/rotations", {}, 400),
        ("/keys/rotations", {"purpose": "cred", "wait": -1}, 400),
        ("/keys/rotations", {"purpose": "cred", "wait": "300"}, 400),
        ("/keys/rotations", {"purpose": "cred", "kind": "P-256"}, 400),
        ("/keys/compromises", {"key": "cred-1"}, 400),
        ("/keys/compromises", {"key": "cred-1", "since": "2026-06-01"}, 400),
        ("/keys/compromises", {"key": "cred-1", "since": "2036-06-01T00:00:00Z"}, 409),
    ],
)
async def test_a_request_that_is_not_understood_changes_no_key(
    tmp_path: Path, path: str, body: dict[str, object], status: int
) -> None:
    async with served(tmp_path) as node:
        answer = await node.ask("POST", path, token=await _admin(node), json=body)

        assert answer.status == status
        assert [entry.name for entry in node.node.keyring.entries] == ["cred-1", "auth-1"]


async def test_an_operator_does_not_change_keys(tmp_path: Path) -> None:
    async with served(tmp_path) as node:
        answer = await node.ask("POST", "/keys/rotations", token=node.token, json={"purpose": "cred"})

        assert answer.status == 403
