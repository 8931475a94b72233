"""Where a request comes from: forwarding headers count only from a trusted proxy, and no address is local."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from node.api.callers import PLAIN
from node.api.traces import Jobs
from node.config import build_settings
from node.errors import SettingsProblem, TooMany
from tests.node.api.nodes import Served, served

pytestmark = pytest.mark.asyncio(loop_scope="module")
BODY = {"verifiableCredential": {}}


async def _statuses(node: Served, *headers: Any) -> list[int]:
    """What callers with these headers get, each asking once for what costs budget."""
    return [(await node.ask("POST", "/credentials/verify", json=BODY, headers=one)).status for one in headers]


def _for(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def test_a_stranger_s_own_headers_count_for_nothing(tmp_path: Path) -> None:
    async with served(tmp_path, public_per_minute="2") as node:
        assert await _statuses(node, *(_for(f"192.0.2.{number}") for number in range(3))) == [200, 200, 429]


async def test_visitors_behind_a_trusted_proxy_are_counted_one_by_one(tmp_path: Path) -> None:
    async with served(tmp_path, public_per_minute="1", trusted_proxies="127.0.0.0/8,10.0.0.0/8") as node:
        assert await _statuses(node, _for("192.0.2.1"), _for("192.0.2.1"), _for("192.0.2.2")) == [200, 429, 200]
        # A header of the visitor's own comes before what our proxies add: it changes nothing.
        assert await _statuses(node, _for("198.51.100.9, 192.0.2.1, 10.1.1.1")) == [429]
        assert await _statuses(node, {"Forwarded": 'for=198.51.100.9, for="192.0.2.1:4711";proto=https'}) == [429]
        assert await _statuses(node, {"Forwarded": 'for="[2001:db8::1]:99"'}, _for("2001:db8::1")) == [200, 429]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1"},
        [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "192.0.2.2")],
        _for("unknown"),
        _for("192.0.2.1,"),
        _for("300.1.1.1"),
        {"Forwarded": "proto=https"},
        {"Forwarded": "for=_hidden"},
        {"Forwarded": "for=192.0.2.1;for=192.0.2.2"},
    ],
    ids=str,
)
async def test_what_a_trusted_proxy_says_unclearly_is_refused(headers: Any, tmp_path: Path) -> None:
    async with served(tmp_path, trusted_proxies="127.0.0.1") as node:
        every = [("Host", "spinner.test"), *(headers.items() if isinstance(headers, dict) else headers)]
        async with node.session.post("/credentials/verify", json=BODY, headers=every) as answer:
            assert answer.status == 400


async def test_a_loopback_address_alone_is_not_local(served_node: Served) -> None:
    answer = await served_node.ask("GET", "/health/live", headers={"Host": "127.0.0.1"})

    assert (answer.status, answer.code) == (421, "WRONG_HOST")


async def test_the_plain_listener_is_local_unless_a_proxy_forwards_to_it(tmp_path: Path) -> None:
    async with served(tmp_path) as node:
        port = node.session._base_url.port  # type: ignore[union-attr]
        node.app[PLAIN].add(("127.0.0.1", port))
        local = await node.ask("GET", "/health/live", headers={"Host": "127.0.0.1"})
        forwarded = await node.ask("GET", "/health/live", headers={"Host": "127.0.0.1", **_for("127.0.0.1")})

    assert (local.status, forwarded.status) == (200, 421)


@pytest.mark.parametrize("stated", ["10.0.0.1/8", "proxy.test", ""])
async def test_a_proxy_is_stated_as_address_or_network(stated: str, tmp_path: Path) -> None:
    settings = {"name": "A", "public_url": "https://a.test", "trusted_proxies": [stated]}
    with pytest.raises(SettingsProblem):
        build_settings(settings, data=tmp_path)


async def _never() -> Any:
    await asyncio.Event().wait()


async def test_strangers_cannot_take_every_place_for_a_trace() -> None:
    jobs, tasks = Jobs(), []

    def start(caller: str) -> None:
        jobs.check_place(caller)
        tasks.append(asyncio.create_task(_never()))
        jobs.start(tasks[-1], caller=caller)

    for caller in ("a", "a", "a", "b", "b", "b"):
        start(caller)
    for caller in ("a", "c"):
        with pytest.raises(TooMany):
            start(caller)
    start("")
    start("")
    with pytest.raises(TooMany):
        start("")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_stranger_leaves_places_to_another() -> None:
    jobs = Jobs()
    tasks = [asyncio.create_task(_never()) for _ in range(3)]
    for task in tasks:
        jobs.start(task, caller="a")

    with pytest.raises(TooMany):
        jobs.check_place("a")
    jobs.check_place("b")

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
