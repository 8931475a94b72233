"""node.store.statuses: an index is given out once, for ever; a list only moves forward."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import Conflict, NotHeld
from node.store import Store
from node.store.statuses import permute
from tests.node.ground import lay_database
from tests.node.issuer import draft, open_issuer
from tests.shared import ROOT

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(lay_database(tmp_path / "node"), at=AT)
    yield opened
    await opened.close()


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


async def test_a_revocation_is_in_the_list_and_moves_its_version(tmp_path: Path) -> None:
    async with open_issuer(tmp_path / "spinner") as spinner:
        issued = (await spinner.issuing.issue(draft(), at=AT)).credential
        changed = await spinner.issuing.set_status(issued.url, purpose="revocation", value=1, at=AT)
        again = await spinner.issuing.set_status(issued.url, purpose="revocation", value=1, at=AT)
        async with spinner.store.reading() as tx:
            slot = await tx.statuses.slot_of(issued.url, "revocation")
            state = await tx.statuses.state(slot.token)

    assert (changed, again) == (True, False)
    assert state is not None
    assert (state.version, state.values) == (1, {slot.index: 1})


async def test_a_revocation_is_final(tmp_path: Path) -> None:
    async with open_issuer(tmp_path / "spinner") as spinner:
        issued = (await spinner.issuing.issue(draft(), at=AT)).credential
        await spinner.issuing.set_status(issued.url, purpose="revocation", value=1, at=AT)

        with pytest.raises(Conflict, match="final"):
            await spinner.issuing.set_status(issued.url, purpose="revocation", value=0, at=AT)


async def test_a_purpose_that_was_not_given_cannot_be_set(tmp_path: Path) -> None:
    async with open_issuer(tmp_path / "spinner") as spinner:
        issued = (await spinner.issuing.issue(draft(), at=AT)).credential

        with pytest.raises(NotHeld):
            await spinner.issuing.set_status(issued.url, purpose="suspension", value=1, at=AT)
        with pytest.raises(NotHeld):
            await spinner.issuing.set_status(issued.url + "x", purpose="revocation", value=1, at=AT)


async def test_there_is_no_list_under_another_name(store: Store) -> None:
    await _reserve(store)

    async with store.reading() as tx:
        assert await tx.statuses.state("nowhere") is None


@pytest.mark.slow
def test_processes_that_reserve_at_once_never_share_an_index(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir(mode=0o700)
    code = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlmodel.ext.asyncio.session import AsyncSession
from node.store.engine import writing_engine
from node.store.statuses import Statuses

async def main(path):
    engine = writing_engine(Path(path))
    for _ in range(50):
        async with AsyncSession(engine) as session, session.begin():
            at = datetime(2026, 6, 1, tzinfo=UTC)
            slot = await Statuses(session).reserve(instance="default", purpose="revocation", at=at)
        print(slot.token, slot.index)
    await engine.dispose()

asyncio.run(main(sys.argv[1]))
"""
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import asyncio,sys,pathlib,datetime; from node.store import Store\n"
            "async def main():\n"
            "    at = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)\n"
            "    await (await Store.open(pathlib.Path(sys.argv[1]), at=at)).close()\n"
            "asyncio.run(main())",
            str(tmp_path / "node"),
        ],
        check=True,
        cwd=ROOT,
    )
    database = str(tmp_path / "node" / "node.db")
    workers = [
        subprocess.Popen([sys.executable, "-c", code, database], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    given_out = [line for worker in workers for line in worker.communicate(timeout=60)[0].splitlines()]

    assert [worker.returncode for worker in workers] == [0] * 4
    assert len(given_out) == len(set(given_out)) == 200
