"""node.store.sqlite: one file that is private, safe and worked on by one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from node.errors import FolderProblem, StoreProblem
from node.store import Store, is_sound
from node.store.store import DATABASE
from tests.node.folders import lay_database

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "node").mkdir(mode=0o700)
    return tmp_path / "node"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await Store.open(lay_database(folder), at=AT)
    yield opened
    await opened.close()


async def test_the_pragmas_that_keep_data_safe_are_set(store: Store) -> None:
    async with store.writing() as tx:
        connection = await tx.session.connection()
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


async def test_a_folder_in_use_is_refused_until_it_is_closed(store: Store, folder: Path) -> None:
    with pytest.raises(FolderProblem) as refusal:
        await Store.open(folder, at=AT)
    assert refusal.value.problem.code == "FOLDER_IN_USE"

    await store.close()
    again = await Store.open(folder, at=AT)
    await again.close()


def test_a_folder_that_others_may_enter_is_refused(folder: Path) -> None:
    folder.chmod(0o755)

    with pytest.raises(FolderProblem) as refusal:
        asyncio.run(Store.open(folder, at=AT))

    assert refusal.value.problem.code == "FILE_MODE"
    assert list(folder.iterdir()) == []


async def test_a_file_that_is_no_database_is_called_damaged(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"not a database at all, but long enough to look at" * 100)
    (folder / DATABASE).chmod(0o600)

    with pytest.raises(StoreProblem) as refusal:
        await Store.open(folder, at=AT)

    assert refusal.value.problem.code == "STORE_DAMAGED"


async def test_a_start_that_fails_frees_the_folder(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"x" * 4096)
    with pytest.raises(StoreProblem):
        await Store.open(folder, at=AT)
    (folder / DATABASE).unlink()

    await (await Store.open(folder, at=AT)).close()


async def test_the_file_stays_private(folder: Path) -> None:
    first = await Store.open(folder, at=AT)
    await first.close()
    second = await Store.open(folder, at=AT + timedelta(days=1))

    assert (folder / DATABASE).stat().st_mode & 0o777 == 0o600
    await second.close()


async def test_a_token_is_never_in_the_file(store: Store, folder: Path) -> None:
    async with store.writing() as tx:
        token = await tx.tokens.add_token(label="t", role="operator", at=AT, expires=AT + timedelta(days=1))

    def kept() -> bytes:
        return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))

    assert token.encode() not in kept()


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((3, 50, 7), True),
        ((3, 44, 6), True),
        ((3, 51, 2), False),
        ((3, 50, 6), False),
        ((3, 45, 9), False),
        ((3, 40, 1), False),
    ],
)
def test_sqlite_releases_with_the_wal_reset_fault_are_known(version: tuple[int, ...], sound: bool) -> None:
    assert is_sound(version) is sound
