"""The store: open it, ask it in a transaction, close it.

``async with store.writing() as tx`` is one transaction: everything asked of ``tx`` happens or nothing does (I1), and
writers take turns. ``async with store.reading() as tx`` sees one consistent moment and cannot write. A process that
opens the folder holds its lock until it closes the store.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from node.disk import LOCK, FolderLock, check_private
from node.store.access import Access
from node.store.audit import Audit
from node.store.checking import Checking
from node.store.engine import our_words, reading_engine, writing_engine
from node.store.issued import Issued
from node.store.links import Links
from node.store.outbox import Outbox
from node.store.peers import Inbox, Peers, TrustPins
from node.store.received import Received
from node.store.schema import bring_up_to_date
from node.store.statuses import Statuses
from node.store.tables import MetaRow

DATABASE: Final = "node.db"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One moment of the database, by subject."""

    session: AsyncSession
    issued: Issued
    links: Links
    statuses: Statuses
    outbox: Outbox
    inbox: Inbox
    peers: Peers
    received: Received
    access: Access
    trust: TrustPins
    audit: Audit
    checking: Checking

    @classmethod
    def over(cls, session: AsyncSession) -> Self:
        """The questions of one session."""
        return cls(
            session,
            Issued(session),
            Links(session),
            Statuses(session),
            Outbox(session),
            Inbox(session),
            Peers(session),
            Received(session),
            Access(session),
            TrustPins(session),
            Audit(session),
            Checking(session),
        )


@asynccontextmanager
async def looking(folder: Path) -> AsyncIterator[Transaction]:
    """One consistent moment of the database of ``folder``, whoever else works on it; for the self-check.

    Raises:
        FolderProblem: there is no database.
        StoreProblem: STORE_DAMAGED.
    """
    check_private(folder / DATABASE)
    engine = reading_engine(folder / DATABASE, connections=1)
    try:
        with our_words():
            async with AsyncSession(engine) as session, session.begin():
                yield Transaction.over(session)
    finally:
        await engine.dispose()


class Store:
    """The open database of one data folder."""

    def __init__(self, *, writer: AsyncEngine, reader: AsyncEngine, lock: FolderLock) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, folder: Path, *, at: datetime) -> Self:
        """Open the database of ``folder``, making it or bringing its schema up to date.

        Raises:
            FolderProblem: the folder is missing, too open, or in use.
            StoreProblem: SCHEMA_NEWER or STORE_DAMAGED.
        """
        check_private(folder)
        lock = FolderLock(folder / LOCK).acquire()
        writer = writing_engine(folder / DATABASE)
        store = cls(writer=writer, reader=reading_engine(folder / DATABASE), lock=lock)
        try:
            with our_words():
                await bring_up_to_date(writer)
            (folder / DATABASE).chmod(0o600)
            await store._found(at)
        except BaseException:
            await store.close()
            raise
        return store

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """One transaction that may change things: committed at the end, rolled back on any exception."""
        async with self._turn:
            with our_words():
                async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
                    yield Transaction.over(session)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One consistent moment, read only."""
        with our_words():
            async with AsyncSession(self._reader, expire_on_commit=False) as session, session.begin():
                yield Transaction.over(session)

    async def epoch(self) -> str:
        """The random name of this database's life; a restored copy gets a new one."""
        async with self.reading() as tx:
            row = await tx.session.get(MetaRow, "epoch")
            return row.value if row else ""

    async def close(self) -> None:
        """Close every connection and free the folder."""
        await self._writer.dispose()
        await self._reader.dispose()
        self._lock.release()

    async def _found(self, at: datetime) -> None:
        async with self.writing() as tx:
            if await tx.session.get(MetaRow, "epoch") is None:
                tx.session.add(MetaRow(name="epoch", value=secrets.token_hex(8)))
                tx.session.add(MetaRow(name="created", value=at.isoformat()))
