"""Tokens over HTTP: made once, listed without themselves, revoked at once; each role may do what it is for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.node.api.nodes import Asked, Served
from tests.node.issuer import AT, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(name="node")
def _node(served_node: Served) -> Served:
    return served_node


async def _admin(node: Served) -> str:
    async with node.node.store.writing() as tx:
        return await tx.tokens.add_token(label="admin", role="admin", at=AT, expires=AT + timedelta(days=1))


async def _made(node: Served, role: str, **more: object) -> Asked:
    body = {"role": role, "label": f"a {role}", **more}
    return await node.ask("POST", "/tokens", token=await _admin(node), json=body)


async def test_a_token_is_shown_once_and_opens_what_its_role_may(node: Served) -> None:
    made = await _made(node, "auditor")
    token = made.json["token"]

    assert made.status == 201
    assert made.headers["Cache-Control"] == "no-store"
    assert (await node.ask("GET", "/credentials", token=token)).status == 200
    refused = await node.ask("POST", "/credentials/issue", token=token, json={"credential": draft()})
    assert (refused.status, refused.code) == (403, "NOT_ALLOWED")


async def test_the_list_never_shows_a_token(node: Served) -> None:
    token = (await _made(node, "issuer")).json["token"]

    listed = await node.ask("GET", "/tokens", token=await _admin(node))

    assert token.encode() not in listed.body
    assert b"digest" not in listed.body
    kept = next(one for one in listed.json["tokens"] if one["label"] == "a issuer")
    assert (kept["role"], kept["state"]) == ("issuer", "good")


async def test_a_revoked_token_is_refused_at_once_and_stays_in_the_list(node: Served) -> None:
    made = (await _made(node, "issuer")).json
    admin = await _admin(node)

    assert (await node.ask("DELETE", f"/tokens/{made['number']}", token=admin)).json["state"] == "revoked"

    assert (await node.ask("GET", "/credentials", token=made["token"])).status == 401
    listed = (await node.ask("GET", "/tokens", token=admin)).json["tokens"]
    assert next(one["state"] for one in listed if one["number"] == made["number"]) == "revoked"
    async with node.node.store.reading() as tx:
        lines = [(line.action, line.object, line.outcome) for line in await tx.audit.latest(limit=2)]
    number = f"token:{made['number']}"
    assert lines == [("token.revoke", number, "issuer"), ("token.make", number, "issuer")]


async def test_a_certifier_issues_conformity_credentials_and_no_others(node: Served) -> None:
    certifier = (await _made(node, "certifier")).json["token"]
    passport = await node.issue(draft())
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    revoking = {"credentialId": passport.json["id"], "credentialStatus": entry, "status": True}

    issued = await node.ask("POST", "/credentials/issue", token=certifier, json={"credential": draft()})
    revoked = await node.ask("POST", "/credentials/status", token=certifier, json=revoking)

    assert (issued.status, issued.code) == (403, "NOT_ALLOWED")
    assert (revoked.status, revoked.code) == (403, "NOT_ALLOWED")
    attested = {**draft(), "type": ["DigitalConformityCredential", "VerifiableCredential"]}
    tried = await node.ask("POST", "/credentials/issue", token=certifier, json={"credential": attested})
    assert tried.status == 400  # let in: only what the draft lacks is told


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "king", "label": "x"}, "/role"),
        ({"role": "admin", "label": " "}, "/label"),
        ({"role": "admin", "label": "x\x00"}, "/label"),
        ({"role": "admin", "label": "x" * 81}, "/label"),
        ({"role": "admin", "label": "x", "days": 0}, "/days"),
        ({"role": "admin", "label": "x", "days": 10**9}, "/days"),
        ({"role": "admin", "label": "x", "days": True}, "/days"),
        ({"role": "admin", "label": "x", "token": "mine"}, "/token"),
    ],
)
async def test_a_token_that_cannot_be_is_refused_with_its_pointer(
    node: Served, body: dict[str, object], pointer: str
) -> None:
    before = await node.rows()

    refused = await node.ask("POST", "/tokens", token=await _admin(node), json=body)

    assert (refused.status, refused.json["pointer"]) == (400, pointer)
    assert (await node.rows())["audit"] == before["audit"]


async def test_there_is_no_token_with_a_number_that_was_never_given(node: Served) -> None:
    admin = await _admin(node)
    for number in ("99", "0", "x", "1e3", "9" * 40):
        assert (await node.ask("DELETE", f"/tokens/{number}", token=admin)).status == 404
