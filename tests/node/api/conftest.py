"""One served node per test module: making one costs more than asking it a hundred times."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.node.api.nodes import Served, served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served_node(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("node"), public_per_minute="100000") as node:
        yield node
