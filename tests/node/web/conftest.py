"""The demo's season as a report, traced once; a served node and what it issued."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from credentials.provenance import Report
from credentials.trust import TrustList, parse_trust_list
from credentials.trust.policy import Policy
from node.demo import defects
from node.demo.offline import OfflineSeason, pinned_trust_list
from node.demo.season import target
from node.flows.tracing import Tracing
from node.wire.folder import Folder
from tests.node.api.nodes import Served, served

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def trust() -> TrustList:
    return parse_trust_list(pinned_trust_list())


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, trust: TrustList) -> Report:
    folder = tmp_path_factory.mktemp("season")
    OfflineSeason(folder, AT, defects.NAMES).write()
    return asyncio.run(Tracing(source=Folder(folder)).trace(target(), at=AT, trust=trust, policy=Policy()))


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        yield one
