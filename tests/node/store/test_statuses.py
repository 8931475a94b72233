"""node.store.statuses: an index is given out once, for ever; a list only moves forward."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from math import erfc, sqrt
from pathlib import Path

import pytest

from credentials.errors import StatusProblem
from credentials.status.status_lists import StatusOffer
from node.errors import Conflict, NotHeld
from node.store import Store
from node.store.lives import Why
from node.store.statuses import LIST_SIZE
from tests.node.folders import lay_database
from tests.node.issuer import draft, open_issuer
from tests.node.store.conftest import Place

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def _reserve(store: Store, *, size: int = 131_072, purpose: str = "revocation") -> tuple[str, int]:
    slot = await store.write(lambda tx: tx.statuses.reserve(instance="default", purpose=purpose, at=AT, size=size))
    return slot.token, slot.index


def _plain_draft() -> dict[str, object]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:spinner.test",
        "credentialSubject": {"id": "https://spinner.test/parcels/1"},
    }


def _runs_test(sequence: list[int]) -> float:
    """The p-value of Wald and Wolfowitz's test that ``sequence`` lies about its median at random."""
    median = sorted(sequence)[len(sequence) // 2]
    above = [value >= median for value in sequence]
    many, few = above.count(True), above.count(False)
    runs = 1 + sum(first != second for first, second in pairwise(above))
    mean = 2 * many * few / (many + few) + 1
    variance = (mean - 1) * (mean - 2) / (many + few - 1)
    return erfc(abs(runs - mean) / sqrt(variance) / sqrt(2))


@pytest.mark.w3c("A5.7")
async def test_indexes_follow_no_order(tmp_path: Path) -> None:
    store = await Store.open(lay_database(tmp_path / "node"), at=AT)
    async with store.writing() as tx:
        reserve = partial(tx.statuses.reserve, instance="default", at=AT)
        lists = [[(await reserve(purpose=f"p{number}")).index for _ in range(60)] for number in range(8)]
    await store.close()

    assert sum(_runs_test(indexes) > 0.001 for indexes in lists) >= 7
    assert not any(_runs_test(sorted(indexes)) > 0.01 for indexes in lists), "the test itself sees an order"


@pytest.mark.w3c("A5.7")
async def test_a_reserved_index_never_comes_back_even_if_nothing_came_of_it(store: Store) -> None:
    given_out = [await _reserve(store, size=8) for _ in range(20)]

    assert len(set(given_out)) == 20


async def test_a_list_that_is_half_full_is_followed_by_a_new_one(store: Store) -> None:
    given_out = [await _reserve(store, size=4) for _ in range(9)]

    assert [len([1 for token, _ in given_out if token == wanted]) for wanted in dict(given_out)] == [2, 2, 2, 2, 1]


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


async def test_a_message_status_takes_every_value_of_its_width_and_no_other(tmp_path: Path) -> None:
    offer = StatusOffer(purpose="message", messages=("made", "shipped", "arrived", "lost"))
    async with open_issuer(tmp_path / "spinner", offers=(offer,)) as spinner:
        issued = (await spinner.issuing.issue(_plain_draft(), at=AT)).credential
        for value in (3, 0, 2):
            assert await spinner.issuing.set_status(issued.url, purpose="message", value=value, at=AT)

        with pytest.raises(StatusProblem) as refusal:
            await spinner.issuing.set_status(issued.url, purpose="message", value=4, at=AT)
    assert refusal.value.problem.code == "RANGE_ERROR"


@pytest.mark.w3c("A5.7", "A5.8")
async def test_a_suspension_is_taken_back_and_the_list_remembers_both(place: Place) -> None:
    offers = (StatusOffer(purpose="revocation"), StatusOffer(purpose="suspension"))
    async with open_issuer(place.folder / "spinner", url=place.url, offers=offers) as spinner:
        issued = (await spinner.issuing.issue(_plain_draft(), at=AT)).credential
        for hours, value in ((1, 1), (2, 0)):
            moment = AT + timedelta(hours=hours)
            assert await spinner.issuing.set_status(issued.url, purpose="suspension", value=value, at=moment)
        async with spinner.store.reading() as tx:
            slot = await tx.statuses.slot_of(issued.url, "suspension")
            now = await tx.statuses.state(slot.token)
            minutes = (-1, 0, 59, 60, 119, 120, 999)
            then = [await tx.statuses.state_as_of(slot.token, AT + timedelta(minutes=m)) for m in minutes]

    assert now is not None
    assert (now.values, now.head.version) == ({}, 2)
    assert [state and state.values for state in then] == [None, {}, {}, {slot.index: 1}, {slot.index: 1}, {}, {}]
    assert [state.head.version for state in then if state] == [0, 0, 1, 1, 2, 2]


async def test_a_list_never_moves_back_in_time_when_a_clock_is_behind(place: Place) -> None:
    async with open_issuer(place.folder / "spinner", url=place.url) as spinner:
        first, second = [(await spinner.issuing.issue(draft(), at=AT)).credential for _ in range(2)]
        await spinner.issuing.set_status(first.url, purpose="revocation", value=1, at=AT + timedelta(hours=1))
        await spinner.issuing.set_status(second.url, purpose="revocation", value=1, at=AT)
        async with spinner.store.reading() as tx:
            token = (await tx.statuses.slot_of(first.url, "revocation")).token
            head = await tx.statuses.head(token)
            before = await tx.statuses.state_as_of(token, AT + timedelta(minutes=59))

    assert head is not None
    assert head.changed == AT + timedelta(hours=1)
    assert before is not None
    assert before.values == {}


async def test_two_workers_that_find_no_list_open_one(place: Place) -> None:
    stores = [await place.open()] if not place.url else [await place.open() for _ in range(4)]

    given_out = await asyncio.gather(*(_reserve(store) for store in stores * 4))

    assert len(set(given_out)) == 4 * len(stores)
    assert len({token for token, _ in given_out}) == 1
    for store in stores:
        await store.close()


async def test_lists_that_fill_up_under_many_hands_lose_no_index(place: Place) -> None:
    store = await place.open()

    given_out = await asyncio.gather(*(_reserve(store, size=4) for _ in range(22)))

    assert len(set(given_out)) == 22
    assert len({token for token, _ in given_out}) == 11
    await store.close()


async def test_a_untp_credential_gets_the_one_plain_entry_that_untp_knows(tmp_path: Path) -> None:
    offers = (
        StatusOffer(purpose="message", messages=("made", "shipped")),
        StatusOffer(purpose="suspension"),
        StatusOffer(purpose="revocation"),
    )
    async with open_issuer(tmp_path / "spinner", forms=("vc",), offers=offers) as spinner:
        untp = json.loads((await spinner.issuing.issue(draft(), at=AT)).forms["vc"])
        plain = json.loads((await spinner.issuing.issue(_plain_draft(), at=AT)).forms["vc"])

    assert untp["credentialStatus"]["statusPurpose"] == "suspension"
    assert [entry["statusPurpose"] for entry in plain["credentialStatus"]] == ["message", "suspension", "revocation"]
    assert plain["credentialStatus"][0]["statusMessage"] == [
        {"status": "0x0", "message": "made"},
        {"status": "0x1", "message": "shipped"},
    ]


async def test_a_list_that_was_filled_revokes_all_but_what_is_known_and_said_nothing_before(store: Store) -> None:
    async with store.writing() as tx:
        slot = await tx.statuses.reserve(instance="default", purpose="revocation", at=AT)
    later = AT + timedelta(hours=1)
    await store.begin_life(Why.RESTORE, at=AT)

    async with store.writing() as tx:
        lists = await tx.adopted.fill(at=later)
        now, then = await tx.statuses.state(slot.token), await tx.statuses.state_as_of(slot.token, AT)
        fresh = await tx.statuses.reserve(instance="default", purpose="revocation", at=later)
        open_ = await tx.statuses.state(fresh.token)

    assert (lists, now and len(now.values), then and then.values) == (1, LIST_SIZE, {})
    assert open_ is not None
    assert open_.values == {}, "the list of the present life stays as it is"
