"""Putting a backup in the place of a database, either kind into either kind; the database begins a new life there.

The rule: whole or not at all. Into a file: it is made ready beside its place and renamed. Into a server: one
transaction. Nobody may work there meanwhile, and nothing is replaced unless that is asked for.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, Table, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from node.disk import LOCK, FolderLock, sync_folder
from node.errors import FolderProblem
from node.store.backup_file import unpacked
from node.store.concurrency import alone
from node.store.engine import our_words
from node.store.fingerprints import fingerprint_of, forget_closed, renew
from node.store.life_tables import LifeRow
from node.store.lives import Life, Lives, Why
from node.store.postgres import PostgresServer
from node.store.schema import bring_up_to_date, upgrade
from node.store.sqlite import DATABASE, file_engine

_ROWS = 500  # that are copied at once
_THERE = "There is a database already."
_REPLACE = "Name an empty place, or say --replace: what is there is lost then."


async def restore_file(backup: Path, folder: Path, *, replace: bool, at: datetime) -> Life:
    """Put the database of ``backup`` into ``folder``, as the next life of it.

    Raises:
        FolderProblem: FOLDER_IN_USE; FOLDER_EXISTS when there is one and ``replace`` is false.
    """
    lock, place = FolderLock(folder / LOCK).acquire(), folder / DATABASE
    staged = folder / f".{DATABASE}.{secrets.token_hex(4)}"
    try:
        if place.exists() and not replace:
            raise FolderProblem(_THERE, code="FOLDER_EXISTS", fix=_REPLACE)
        with unpacked(backup, staged) as engine, engine.begin() as connection:
            upgrade(connection)
        renew(place)  # what is there now is another one too, should this end here
        life = await _begun(staged, fingerprint_of(staged), at)
        _settle_log(place)
        forget_closed(place)
        staged.rename(place)
        sync_folder(folder)
        return life
    finally:
        _clear(staged)
        lock.release()


async def restore_server(backup: Path, database: PostgresServer, folder: Path, *, replace: bool, at: datetime) -> Life:
    """Put the database of ``backup`` into that of a server, as the next life of it; ``folder`` is for what is unpacked.

    Raises:
        FolderProblem: FOLDER_IN_USE; FOLDER_EXISTS when there is one and ``replace`` is false.
        StoreProblem: the server does not allow it; nothing was changed.
    """
    staged = folder / f".{DATABASE}.{secrets.token_hex(4)}"
    try:
        await database.enter()
        with our_words():
            await bring_up_to_date(database.writer)
            fingerprint = await database.fingerprint()
            with unpacked(backup, staged) as engine:
                with engine.begin() as connection:
                    upgrade(connection)
                async with AsyncSession(database.writer) as session, session.begin():
                    await _replace_all(session, engine, replace)
                    return await Lives(session).begin(Why.RESTORE, fingerprint=fingerprint, at=at)
    finally:
        _clear(staged)
        await database.leave()


async def _replace_all(session: AsyncSession, engine: Engine, replace: bool) -> None:
    await Lives(session).begin_in_turn()
    if not await alone(session):
        raise FolderProblem("A node works on this database.", code="FOLDER_IN_USE", fix="Stop it first.")
    connection = await session.connection()
    if (await connection.execute(select(func.count()).select_from(LifeRow))).scalar_one() and not replace:
        raise FolderProblem(_THERE, code="FOLDER_EXISTS", fix=_REPLACE)
    tables = SQLModel.metadata.sorted_tables
    await connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    for table in reversed(tables):
        await connection.execute(delete(table))
    with engine.connect() as here:
        for table in tables:
            for some in here.execute(select(table)).mappings().partitions(_ROWS):
                await connection.execute(insert(table), [dict(row) for row in some])
            await _count_on(connection, table)
    await connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Numbers that the server gives out go on behind the last one; a row that names its own number does not count."""
    name, key = table.name, list(table.primary_key)
    if len(key) == 1 and key[0].autoincrement is not False and key[0].type.python_type is int:
        await connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', '{key[0].name}'), coalesce(max({key[0].name}), 0) + 1,"  # noqa: S608
                f" false) FROM {name}"
            )
        )


async def _begun(file: Path, fingerprint: str, at: datetime) -> Life:
    engine = file_engine(file)
    try:
        with our_words():
            async with AsyncSession(engine) as session, session.begin():
                return await Lives(session).begin(Why.RESTORE, fingerprint=fingerprint, at=at)
    finally:
        await engine.dispose()


def _clear(staged: Path) -> None:
    for left in staged.parent.glob(f"{staged.name}*"):
        left.unlink()


def _settle_log(place: Path) -> None:
    """The log of what was there belongs to it and goes with it; it must not meet the file that comes in its place."""
    with suppress(sqlite3.Error):
        if place.exists():
            with closing(sqlite3.connect(place)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        place.with_name(place.name + ending).unlink(missing_ok=True)
