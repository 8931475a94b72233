"""Who may ask: every route against every kind of caller, forged hosts, tokens, budgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import text

from node.api.access import ACCESS, TOKENS, CallerRole, check_complete
from node.api.routes import ROUTES
from tests.node.api.nodes import Served, served
from tests.node.issuer import AT

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSED = [route for route in ROUTES if ACCESS[route.key].role in TOKENS]


def concrete(path: str) -> str:
    path = path.replace("{instance}", "default").replace("{number}", "1")
    return path.replace("{token}", "x").replace("{id}", "x").replace("{did}", "x")


#: Stated here a second time, so that a role that slips in the table is seen; an instance has the same routes.
OPEN = """
    GET / | GET /instances | GET /1.0/identifiers/{did} | GET /.well-known/did.json
    GET /.well-known/trace-node | GET /.well-known/resolver | GET /openapi.json | GET /health/live
    GET /qr | GET /schemas/report-v1.json
    GET /problems | GET /rules | GET /vocabulary
    GET /health/ready | GET /status/{token} | GET /status-lists/{token} | GET /credentials/{token} | GET /links
    GET /{path} | POST /credentials/verify | POST /credentials/derive | POST /presentations/verify
    POST /challenges | GET /verify | GET /check | POST /verify | GET /trace | POST /traces | GET /traces/{id}
"""
ADMINS = """
    GET /peers | POST /peers | DELETE /peers/{did} | POST /keys/rotations | POST /keys/compromises
    GET /trust | POST /trust/pins | POST /deliveries | GET /tokens | POST /tokens | DELETE /tokens/{number}
"""
ISSUERS = "POST /credentials/issue | POST /credentials/status"
AUDITORS = (
    "GET /credentials | GET /credentials/{token}/status | GET /exchange | GET /deliveries | GET /audit | GET /labels"
)
STATED = {
    CallerRole.PUBLIC: OPEN,
    CallerRole.ADMIN: ADMINS,
    CallerRole.ISSUER: ISSUERS,
    CallerRole.AUDITOR: AUDITORS,
}


async def test_every_route_has_a_row() -> None:
    assert {route.key for route in ROUTES} <= ACCESS.keys()


@pytest.mark.parametrize(("role", "stated"), STATED.items())
async def test_a_role_is_asked_for_where_it_is_meant_to_be(role: CallerRole, stated: str) -> None:
    keys = {key.strip() for line in stated.strip().splitlines() for key in line.split("|")}

    found = {key for key, row in ACCESS.items() if row.role is role}
    assert {key.replace("/instances/{instance}", "") for key in found} == keys


async def test_a_route_without_a_row_stops_the_start() -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/forgotten", nothing)
    with pytest.raises(RuntimeError, match="GET /forgotten"):
        check_complete(app)


@pytest.mark.w3c("A7.4")
async def test_a_closed_route_refuses_whoever_has_no_good_token(served_node: Served) -> None:
    for route in CLOSED:
        for headers in ({}, {"Authorization": "Bearer tn_wrong"}, {"Authorization": "Basic YTpi"}):
            answer = await served_node.ask(route.method, concrete(route.path), headers=headers)
            assert answer.status == 401, route
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.w3c("A7.4")
async def test_every_token_ends(tmp_path: Path) -> None:
    async with served(tmp_path) as node:
        async with node.node.store.writing() as tx:
            ended = await tx.tokens.add_token(label="old", role="operator", at=AT, expires=AT)
        assert (await node.ask("GET", "/credentials", token=ended)).status == 401
        assert (await node.ask("GET", "/credentials", token=node.token)).status == 200
        async with node.node.store.reading() as tx:
            grants = list(await tx.session.exec(text("select expires from token")))  # type: ignore[call-overload]
        assert grants
        assert all(expires is not None for (expires,) in grants)


async def test_an_operator_is_not_an_administrator(served_node: Served) -> None:
    for route in CLOSED:
        if ACCESS[route.key].role is CallerRole.ADMIN:
            answer = await served_node.ask(route.method, concrete(route.path), token=served_node.token)
            assert (answer.status, answer.code) == (403, "NOT_ALLOWED")


async def test_a_token_in_the_query_opens_nothing(served_node: Served) -> None:
    answer = await served_node.ask("GET", f"/credentials?access_token={served_node.token}")
    assert answer.status == 401


@pytest.mark.parametrize("host", ["evil.test", "spinner.test.evil.test", "", "10.0.0.1"])
async def test_a_request_for_another_host_is_misdirected(served_node: Served, host: str) -> None:
    answer = await served_node.ask("GET", "/.well-known/did.json", headers={"Host": host})
    assert answer.status in (400, 421)


async def test_a_forwarded_host_changes_no_link(served_node: Served) -> None:
    answer = await served_node.ask(
        "GET", "/.well-known/did.json", headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    )
    assert answer.status == 200
    assert b"evil" not in answer.body


async def test_a_stranger_has_a_small_budget_and_an_operator_none(tmp_path: Path) -> None:
    async with served(tmp_path, public_per_minute="3") as node:
        body = {"verifiableCredential": {}}
        strangers = [(await node.ask("POST", "/credentials/verify", json=body)).status for _ in range(5)]
        operators = [
            (await node.ask("POST", "/credentials/verify", json=body, token=node.token)).status for _ in range(5)
        ]
    assert strangers == [200, 200, 200, 429, 429]
    assert operators == [200] * 5


@pytest.mark.parametrize(
    "path",
    [
        "/credentials/..%2f..%2fetc",
        "/credentials/%00",
        "/credentials/" + "a" * 5000,
        "/status/%25",
        "/traces/'; drop table credential",
        "/nothing/here",
        "/%ff",
        "/a/../b",
    ],
)
async def test_a_path_trick_is_a_plain_refusal(served_node: Served, path: str) -> None:
    from yarl import URL

    answer = await served_node.ask("GET", str(URL(path, encoded=True)))
    assert answer.status in (400, 404)


async def test_a_wrong_method_is_405_with_the_right_ones(served_node: Served) -> None:
    answer = await served_node.ask("DELETE", "/traces")
    assert (answer.status, answer.code) == (405, "METHOD")
    assert "POST" in answer.headers["Allow"]
