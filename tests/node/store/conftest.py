"""The two databases: whatever is told of the store is told of both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.store import Store
from tests.node.folders import lay_database
from tests.node.store.postgres import own_schema

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node's database is: a folder, and the address of a server when it is not a file in it."""

    folder: Path
    url: str = ""

    async def open(self, at: datetime = AT) -> Store:
        """Open it once more, as another worker would."""
        return await Store.open(self.folder, at=at, url=self.url)


@pytest.fixture(params=["sqlite", "postgres"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A place with an empty database, once for each kind."""
    async with AsyncExitStack() as stack:
        if request.param == "sqlite":
            yield Place(lay_database(tmp_path / "node"))
        else:
            yield Place(tmp_path, await stack.enter_async_context(own_schema()))


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    """The opened database of ``place``."""
    opened = await place.open()
    yield opened
    await opened.close()
