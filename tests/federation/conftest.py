"""One small town per test module: founding companies costs more than what most stories do with them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from node.demo.companies import CERTIFIER, FARM, SPINNER
from tests.federation.town import Town, Townsman, town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def village(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A certifier, a farm and a spinner; the farm has both in its peer book, and they have the farm."""
    async with town(tmp_path_factory.mktemp("village"), CERTIFIER, FARM, SPINNER) as place:
        farm = place.men[FARM.key]
        await place.introduce(farm, place.men[SPINNER.key])
        await place.introduce(farm, place.men[CERTIFIER.key], share="mentioning")
        yield place


@pytest.fixture
def farm(village: Town) -> Townsman:
    return village.men[FARM.key]


@pytest.fixture
def spinner(village: Town) -> Townsman:
    return village.men[SPINNER.key]


@pytest.fixture
def certifier(village: Town) -> Townsman:
    return village.men[CERTIFIER.key]
