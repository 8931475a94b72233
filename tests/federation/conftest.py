"""One small network per test module: setting companies up costs more than what most stories do with them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from node.demo.companies import FARM, FIELDCHECK, SPINNER
from tests.federation.network import Network, Participant, open_network


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def network(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """A certifier, a farm and a spinner; the farm has both in its peer book, and they have the farm."""
    async with open_network(tmp_path_factory.mktemp("network"), FIELDCHECK, FARM, SPINNER) as network:
        farm = network.participants[FARM.key]
        await network.introduce(farm, network.participants[SPINNER.key])
        await network.introduce(farm, network.participants[FIELDCHECK.key], share="mentioning")
        yield network


@pytest.fixture
def farm(network: Network) -> Participant:
    return network.participants[FARM.key]


@pytest.fixture
def spinner(network: Network) -> Participant:
    return network.participants[SPINNER.key]


@pytest.fixture
def certifier(network: Network) -> Participant:
    return network.participants[FIELDCHECK.key]
