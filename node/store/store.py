"""The store: open it, ask it in a transaction, close it.

``async with store.writing() as tx`` is one transaction: everything asked of ``tx`` happens or nothing does
(docs/requirements.md I1). ``store.write(work)`` is the same for work that may be begun again when another transaction
was first, and ``store.write_grouped(work)`` shares its commit with whatever is asked for meanwhile. ``async with
store.reading() as tx`` sees one consistent moment and cannot write. With one file, writers take turns and a process
holds the folder until it closes the store; over a server many processes write at once (node.store.engine).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Self, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from node.faults import NO_FAULTS, Faults
from node.store.concurrency import insert_new
from node.store.engine import ONLY_PROCESS, Database, Overtaken, ProcessRole, database_at, our_words, perhaps_kept
from node.store.group_commit import GroupCommit
from node.store.lives import Life, OtherLife, Why
from node.store.schema import bring_up_to_date
from node.store.sqlite import DATABASE
from node.store.tables import MetaRow
from node.store.transaction import Transaction

__all__ = ["DATABASE", "Store", "Transaction", "looking"]

T = TypeVar("T")
_TRIES: Final = 8
_PAUSE: Final = 0.02  # seconds before the second try, then longer


@asynccontextmanager
async def looking(folder: Path, *, url: str = "", password_file: Path | None = None) -> AsyncIterator[Transaction]:
    """One consistent moment of a node's database, whoever else works on it; for the self-check.

    Raises:
        FolderProblem: there is no database.
        StoreProblem: STORE_DAMAGED.
    """
    database = database_at(folder, url=url, password_file=password_file)
    database.check_readable()
    try:
        with our_words():
            async with AsyncSession(database.reader) as session, session.begin():
                yield Transaction.over(session)
    finally:
        await database.reader.dispose()


class Store:
    """The open database of one node."""

    def __init__(self, database: Database, *, faults: Faults = NO_FAULTS) -> None:
        self._database = database
        self._turn = asyncio.Semaphore(database.writers)
        self._group_commit = GroupCommit(self.write, faults=faults)

    @property
    def lock(self) -> int:
        """The open file that holds the folder for every process that has it open; -1 where there is none."""
        return self._database.lock

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        at: datetime,
        url: str = "",
        password_file: Path | None = None,
        role: ProcessRole = ONLY_PROCESS,
        faults: Faults = NO_FAULTS,
    ) -> Self:
        """Open the database of ``folder``, or the server at ``url``, making it or bringing its schema up to date.

        Raises:
            FolderProblem: the folder is missing, too open, or in use.
            StoreProblem: SCHEMA_NEWER, STORE_DAMAGED, or the server does not answer.
        """
        database = database_at(folder, url=url, password_file=password_file, role=role)
        store = cls(database, faults=faults)
        try:
            await database.enter()
            with our_words():
                await bring_up_to_date(database.writer)
            await database.initialized()
            await store._enter_life(at)
            await database.begun()
        except BaseException:
            await store.close()
            raise
        return store

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """One transaction that may change things: committed at the end, rolled back on any exception."""
        async with self._turn:
            with our_words():
                async with AsyncSession(self._database.writer, expire_on_commit=False) as session, session.begin():
                    yield Transaction.over(session)
                    with perhaps_kept():
                        await session.commit()

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do ``work`` in one transaction, beginning again when another was first; it changes nothing outside.

        Raises:
            StoreProblem: others were first every time; nothing happened.
        """
        for tried in range(_TRIES):
            try:
                async with self.writing() as tx:
                    return await work(tx)
            except Overtaken:
                if tried == _TRIES - 1:
                    raise
                await asyncio.sleep(_PAUSE * 2**tried * random.random())  # noqa: S311 - spreads load, protects nothing
        raise AssertionError

    async def write_grouped(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """The same for much that comes at once: what others ask for meanwhile is done with it, in one commit.

        Raises:
            StoreProblem, and whatever ``work`` raises: nothing of it happened.
        """
        return await self._group_commit.do(work)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One consistent moment, read only."""
        with our_words():
            async with AsyncSession(self._database.reader, expire_on_commit=False) as session, session.begin():
                yield Transaction.over(session)

    async def tidy(self) -> None:
        """Make the files small again, while no process writes; for the one that does this for all of a node."""
        if not self._database.untidy():
            return
        async with self.writing() as tx:
            await tx.session.connection()  # it is our turn from here on
            await self._database.tidy()

    async def epoch(self) -> str:
        """The random name of this database's present life, and of the streams that it opens."""
        async with self.reading() as tx:
            return (await tx.lives.present()).id

    async def begin_life(self, why: Why, *, at: datetime) -> Life:
        """Begin the next life because of a doubt."""
        fingerprint = await self._fingerprint()
        return await self.write(partial(_next_life, why=why, fingerprint=fingerprint, at=at))

    async def close(self) -> None:
        """Close every connection and free the place."""
        await self._group_commit.settled()
        await self._database.leave()

    async def _enter_life(self, at: datetime) -> None:
        """The first life of a new database, the next one of a copy; before anything else is written."""
        fingerprint = await self._fingerprint()
        async with self.reading() as tx:
            life = await tx.lives.last()
        if life is None or fingerprint not in ("", life.fingerprint):
            await self.write(partial(_life_at, fingerprint=fingerprint, at=at))

    async def _fingerprint(self) -> str:
        with our_words():
            return await self._database.fingerprint()


async def _life_at(tx: Transaction, *, fingerprint: str, at: datetime) -> None:
    """A life for ``fingerprint``, unless another process of the node was first."""
    await tx.lives.begin_in_turn()
    life = await tx.lives.last()
    if life is None:
        await insert_new(tx.session, MetaRow(name="created", value=at.isoformat()))
        await tx.lives.begin(Why.INIT, fingerprint=fingerprint, at=at)
    elif life.fingerprint != fingerprint:
        await tx.lives.begin(Why.FINGERPRINT, fingerprint=fingerprint, at=at)


async def _next_life(tx: Transaction, *, why: Why, fingerprint: str, at: datetime) -> Life:
    present = await tx.lives.last()
    shown = await tx.evidence.of_life(present.id) if present and why is Why.TAKEOVER else ()
    seen = {evidence.epoch: evidence.seq for evidence in shown}
    also = tuple(OtherLife(epoch=epoch, seq=seq) for epoch, seq in sorted(seen.items()))
    return await tx.lives.begin(why, fingerprint=fingerprint, at=at, also=also)
