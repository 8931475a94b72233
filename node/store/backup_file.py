"""A backup: every row of either database, and some files, in one SQLite file that says what belongs into it.

The rule: a backup is whole or it is not there, and what is not as the manifest says is refused before anything is
changed. The manifest is against accidents; whoever may write the file may write the manifest as well.
See docs/decisions/0033-lives.md.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, NullPool, create_engine, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from credentials.encoding.document import sha256_hex
from node.disk import sync_folder
from node.errors import FolderProblem, StoreProblem
from node.store.schema import HEAD, known_revisions, revision_of, upgrade

FORMAT: Final = 1
_MANIFEST: Final = "backup_manifest"
_FILES: Final = "backup_file"
_ROWS: Final = 500  # that are copied at once
_DAMAGED: Final = "Take another backup; nothing was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds: of each table the number of its rows and their digest, of each file its digest."""

    did: str
    made: str
    software: str
    format: int = FORMAT
    schema: str = HEAD
    tables: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


async def write_backup(
    source: AsyncConnection,
    target: Path,
    about: Manifest,
    *,
    files: Mapping[str, bytes],
) -> Manifest:
    """Write all that ``source`` sees at this moment, and ``files``, to ``target``; the manifest as it was written.

    Raises:
        FolderProblem: it cannot be written there, or something is there.
        StoreProblem: the database has another schema than this release.
    """
    _check_free(target)
    present = await source.run_sync(revision_of)
    if present != HEAD:
        raise StoreProblem(
            f"The database has schema {present}, this release writes {HEAD}.",
            fix="Start the node of this release once, or take the backup with the release that runs it.",
        )
    with _written(target) as beside:
        with _opened(beside) as engine:
            counts = await _copy(source, engine)
        with closing(sqlite3.connect(beside)) as written, written:
            written.execute(f"CREATE TABLE {_FILES} (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
            written.executemany(f"INSERT INTO {_FILES} VALUES (?, ?)", sorted(files.items()))  # noqa: S608 - our name
            tables = {name: _digest(written, name) for name in sorted(counts)}
            if {name: number for name, (number, _) in tables.items()} != counts:
                raise StoreProblem("The backup has not every row.", code="BACKUP_DAMAGED", fix=_DAMAGED)
            named = {name: sha256_hex(content) for name, content in sorted(files.items())}
            manifest = Manifest(**{**asdict(about), "tables": tables, "files": named})
            written.execute(f"CREATE TABLE {_MANIFEST} (content TEXT NOT NULL)")
            written.execute(f"INSERT INTO {_MANIFEST} VALUES (?)", (json.dumps(asdict(manifest)),))  # noqa: S608
    return manifest


def _check_free(target: Path) -> None:
    if target.exists():
        raise FolderProblem(f"{target.name} is already there.", code="FOLDER_EXISTS", fix="Name another file.")


def read_backup(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest of a whole backup, and the files in it.

    Raises:
        FolderProblem: there is none.
        StoreProblem: BACKUP_DAMAGED, or SCHEMA_NEWER.
    """
    if not path.is_file():
        raise FolderProblem(f"{path.name} is no file.", fix="Name the file that tracenode backup wrote.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return _checked(connection)
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise StoreProblem(f"This is no whole backup: {error}.", code="BACKUP_DAMAGED", fix=_DAMAGED) from error


@contextmanager
def unpacked(backup: Path, file: Path) -> Iterator[Engine]:
    """The database of ``backup``, as this release has it, in the new private ``file``; as an engine to read it."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as there, backup.open("rb") as here:
        while part := here.read(1 << 20):
            there.write(part)
    with closing(sqlite3.connect(file)) as connection, connection:
        for name in (_MANIFEST, _FILES):
            connection.execute(f"DROP TABLE {name}")
    with _opened(file) as engine:
        yield engine


def _checked(connection: sqlite3.Connection) -> tuple[Manifest, dict[str, bytes]]:
    ((sound,),) = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if sound != "ok":
        raise ValueError(sound)
    ((content,),) = connection.execute(f"SELECT content FROM {_MANIFEST}").fetchall()  # noqa: S608 - our name
    stated = json.loads(content)
    if stated["format"] != FORMAT or stated["schema"] not in known_revisions():
        raise StoreProblem(
            f"The backup was written by {stated['software']}, which this release does not know.",
            code="SCHEMA_NEWER",
            fix="Restore it with that release, or a later one.",
        )
    manifest = Manifest(**{**stated, "tables": {name: tuple(there) for name, there in stated["tables"].items()}})
    files = dict(connection.execute(f"SELECT name, content FROM {_FILES}"))  # noqa: S608 - our name
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    wanted = {*manifest.tables, "alembic_version", _MANIFEST, _FILES}
    if {name for name in there if not name.startswith("sqlite_")} != wanted:
        raise ValueError("tables are missing, or there are others")
    if any(_digest(connection, name) != stated for name, stated in manifest.tables.items()):
        raise ValueError("a table is not as it was written")
    if {name: sha256_hex(content) for name, content in files.items()} != manifest.files:
        raise ValueError("a file is not as it was written")
    return manifest, files


async def _copy(source: AsyncConnection, engine: Engine) -> dict[str, int]:
    """Copy every row; how many there are of each table."""
    counts = {}
    with engine.begin() as there:
        upgrade(there)
        for table in SQLModel.metadata.sorted_tables:
            counts[table.name] = 0
            rows = await source.stream(select(table).order_by(*table.primary_key))
            async for some in rows.mappings().partitions(_ROWS):
                there.execute(insert(table), [dict(row) for row in some])
                counts[table.name] += len(some)
    return counts


def _digest(connection: sqlite3.Connection, table: str) -> tuple[int, str]:
    """How many rows the table has, and SHA-256 over them as SQLite holds them."""
    found, number = hashlib.sha256(), 0
    for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):  # noqa: S608 - named by the schema
        values: list[Any] = [value.hex() if isinstance(value, bytes) else value for value in row]
        found.update(json.dumps(values).encode("utf-8") + b"\n")
        number += 1
    return number, found.hexdigest()


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """A private file beside ``target`` that takes its place once it is on the disk; nothing is left of a failure."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        yield beside
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        os.link(beside, target)  # never over something that came meanwhile
        beside.unlink()
        sync_folder(target.parent)
    except OSError as error:
        raise FolderProblem(
            f"{target.name} cannot be written: {error.strerror}.", fix="Make room, or name another place."
        ) from error
    finally:
        for left in (beside, beside.with_name(f"{beside.name}-journal")):
            left.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()
