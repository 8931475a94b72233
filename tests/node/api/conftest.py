"""One served node per test module: making one costs more than asking it a hundred times."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from credentials.evidence import Absent
from tests.node.api.nodes import Served, served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served_node(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("node"), public_per_minute="100000") as node:
        yield node


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whoever goes out for a bad input is caught: the addresses that were asked for."""
    asked: list[str] = []

    async def fetch(self: object, url: str, *_: object, **__: object) -> Absent:
        asked.append(url)
        raise AssertionError(f"went out to {url}")

    monkeypatch.setattr("node.wire.fetch.Fetcher.fetch", fetch)
    return asked
