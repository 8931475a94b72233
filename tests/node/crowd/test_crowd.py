"""A crowd of processes at one issuer: no index twice, no revocation lost (docs/requirements.md S100 to S102 and R8).

`python -m tests.node.crowd` does the same at full size: 16,000 credentials and 4,000 revocations on each database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from node.store import Store
from tests.node.crowd import naive
from tests.node.crowd.counting import LENGTH, doubts
from tests.node.crowd.crowd import SHARED, Size, crowd, let_loose
from tests.node.folders import AT
from tests.node.store.conftest import Place

_CROWD = 8
_SIZE = Size(issues=200, revocations=100 - SHARED)


@asynccontextmanager
async def _opened(place: Place) -> AsyncIterator[list[Store]]:
    """One store for each of a crowd, or the only one that a file allows for all of them."""
    async with AsyncExitStack() as stack:
        stores = [await place.open() for _ in range(_CROWD if place.url else 1)]
        for store in stores:
            stack.push_async_callback(store.close)
        yield (stores * _CROWD)[:_CROWD]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.w3c("A5.7")
async def test_a_crowd_of_processes_gets_distinct_indexes_and_loses_no_revocation(place: Place) -> None:
    async with crowd(_CROWD) as members:
        outcome = await let_loose(members, place.folder / "spinner", place.url, _SIZE)

    assert outcome.wrong == ()
    assert (outcome.issued, outcome.lists) == (_CROWD * _SIZE.issues, 2)
    assert outcome.revoked == _CROWD * _SIZE.revocations + SHARED


async def test_indexes_that_are_read_and_then_counted_are_given_out_twice_and_it_is_seen(place: Place) -> None:
    async with _opened(place) as stores:
        await stores[0].write(lambda tx: tx.statuses.open_list(instance="default", purpose="revocation", at=AT))
        barrier = asyncio.Barrier(_CROWD)
        given = await asyncio.gather(*(naive.reserve(store, barrier) for store in stores))
        real = await asyncio.gather(*(_reserved(store) for store in stores))

    assert doubts(given, (), {}) == [f"{_CROWD - 1} indexes were given out again"]
    assert doubts(real, (), {}) == []


async def test_bits_that_are_read_changed_and_written_are_lost_and_it_is_seen(place: Place) -> None:
    async with _opened(place) as stores:
        await naive.seed(stores[0], LENGTH)
        barrier = asyncio.Barrier(_CROWD)
        await asyncio.gather(*(naive.revoke(store, index, barrier) for index, store in enumerate(stores)))
        served = {"list": await naive.served(stores[0])}

    withdrawn = [("list", index) for index in range(_CROWD)]
    assert doubts(withdrawn, withdrawn, served) == [f"{_CROWD - 1} acknowledged revocations are in no list"]


def test_a_bit_too_many_and_a_list_too_short_are_seen() -> None:
    assert doubts([], [], {"list": bytes([0x81]) * 2}) == ["list has 16 entries", "4 bits are set that nobody set"]


async def _reserved(store: Store) -> tuple[str, int]:
    slot = await store.write(lambda tx: tx.statuses.reserve(instance="default", purpose="revocation", at=AT))
    return slot.token, slot.index
