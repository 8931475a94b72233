"""node.store.statuses: an index is given out once, for ever; a list only moves forward."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import Conflict, NotHeld
from node.store import Store
from node.store.statuses import permute
from tests.node.issuer import draft, open_issuer
from tests.node.store.conftest import Place

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def _reserve(store: Store, *, size: int = 131_072, purpose: str = "revocation") -> tuple[str, int]:
    async with store.writing() as tx:
        slot = await tx.statuses.reserve(instance="default", purpose=purpose, at=AT, size=size)
    return slot.token, slot.index


@given(size=st.integers(1, 600), key=st.binary(min_size=16, max_size=16))
def test_the_permutation_gives_each_index_once(size: int, key: bytes) -> None:
    assert sorted(permute(number, size=size, key=key) for number in range(size)) == list(range(size))


def test_two_lists_are_filled_in_different_orders() -> None:
    orders = [[permute(n, size=131_072, key=bytes([key]) * 16) for n in range(50)] for key in range(2)]

    assert orders[0] != orders[1]
    assert orders[0] != sorted(orders[0])


@pytest.mark.w3c("A5.7")
async def test_a_reserved_index_never_comes_back_even_if_nothing_came_of_it(store: Store) -> None:
    given_out = [await _reserve(store, size=8) for _ in range(20)]

    assert len(set(given_out)) == 20


async def test_a_full_list_is_followed_by_a_new_one(store: Store) -> None:
    given_out = [await _reserve(store, size=4) for _ in range(9)]

    assert [len([1 for token, _ in given_out if token == wanted]) for wanted in dict(given_out)] == [4, 4, 1]


async def test_each_purpose_has_lists_of_its_own(store: Store) -> None:
    assert (await _reserve(store))[0] != (await _reserve(store, purpose="suspension"))[0]


async def test_an_undone_transaction_gives_its_index_back_to_nobody_else(store: Store) -> None:
    async def interrupted() -> None:
        async with store.writing() as tx:
            await tx.statuses.reserve(instance="default", purpose="revocation", at=AT)
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()

    assert len({await _reserve(store) for _ in range(3)}) == 3


async def test_a_revocation_is_in_the_list_and_moves_its_version(place: Place) -> None:
    async with open_issuer(place.folder / "spinner", url=place.url) as spinner:
        issued = (await spinner.issuing.issue(draft(), at=AT)).credential
        changed = await spinner.issuing.set_status(issued.url, purpose="revocation", value=1, at=AT)
        again = await spinner.issuing.set_status(issued.url, purpose="revocation", value=1, at=AT)
        async with spinner.store.reading() as tx:
            slot = await tx.statuses.slot_of(issued.url, "revocation")
            state = await tx.statuses.state(slot.token)

    assert (changed, again) == (True, False)
    assert state is not None
    assert (state.head.version, state.values) == (1, {slot.index: 1})


@pytest.mark.w3c("A5.7")
async def test_a_revocation_is_final(place: Place) -> None:
    async with open_issuer(place.folder / "spinner", url=place.url) as spinner:
        issued = (await spinner.issuing.issue(draft(), at=AT)).credential
        await spinner.issuing.set_status(issued.url, purpose="revocation", value=1, at=AT)

        with pytest.raises(Conflict, match="final"):
            await spinner.issuing.set_status(issued.url, purpose="revocation", value=0, at=AT)


async def test_a_purpose_that_was_not_given_cannot_be_set(place: Place) -> None:
    async with open_issuer(place.folder / "spinner", url=place.url) as spinner:
        issued = (await spinner.issuing.issue(draft(), at=AT)).credential

        with pytest.raises(NotHeld):
            await spinner.issuing.set_status(issued.url, purpose="suspension", value=1, at=AT)
        with pytest.raises(NotHeld):
            await spinner.issuing.set_status(issued.url + "x", purpose="revocation", value=1, at=AT)


async def test_there_is_no_list_under_another_name(store: Store) -> None:
    await _reserve(store)

    async with store.reading() as tx:
        assert await tx.statuses.state("nowhere") is None
