"""Backing a node up and restoring it: the database and what its settings name, without what opens the keys.

The rule: the key-encryption key and passphrases are never in a backup, keys only when that is asked for and as they
lie in the folder, sealed. A backup is restored to its own DID only. settings.toml comes last, as when a node is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from credentials.encoding.moments import format_moment
from node.config import SETTINGS_FILE, Settings, load_settings, settings_of
from node.disk import make_private_folder, read_private, write_private
from node.errors import FolderProblem, StoreProblem
from node.keyring import FOLDER
from node.software import VERSION
from node.store import Store, looking
from node.store.backup_file import Manifest, read_backup, write_backup
from node.store.lives import Life, Why
from node.store.postgres import PostgresServer
from node.store.restoring import restore_file, restore_server

_LONGEST: Final = 16 << 20  # bytes of a file that a setting names


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A node that was restored: its DID, the life that began, and whether its folder holds keys."""

    did: str
    life: Life
    keys: bool


async def back_up(settings: Settings, target: Path, *, keys: bool, at: datetime) -> Manifest:
    """Write a backup of the node of ``settings`` to ``target``, whether it runs or not.

    Raises:
        FolderProblem: it cannot be written, or something is there.
        StoreProblem: the database does not answer, or has another schema.
    """
    about = Manifest(did=settings.did, made=format_moment(at), software=f"tracenode {VERSION}")
    password_file = settings.file("database_password_file")
    async with looking(settings.data, url=settings.database, password_file=password_file) as tx:
        return await write_backup(
            await tx.session.connection(),
            target,
            about,
            files=_files(settings, keys=keys),
        )


async def restore(
    source: Path, folder: Path, *, replacing: bool, at: datetime, environment: Mapping[str, str] | None = None
) -> Restored:
    """Restore the backup ``source`` to the data folder ``folder``: one that is there with its settings, or a new one.

    Raises:
        StoreProblem: BACKUP_DAMAGED, BACKUP_FOREIGN or SCHEMA_NEWER; nothing was changed.
        FolderProblem: FOLDER_EXISTS, FOLDER_IN_USE or FILE_MODE; nothing was changed.
        SettingsProblem: neither the folder nor the backup has settings that hold.
    """
    manifest, files = read_backup(source)
    there = (folder / SETTINGS_FILE).exists()
    text = files.pop(SETTINGS_FILE, b"").decode("utf-8")
    settings = (
        load_settings(folder, environment=environment)
        if there
        else settings_of(text, data=folder, environment=environment)
    )
    if settings.did != manifest.did:
        raise StoreProblem(
            f"The backup is that of {manifest.did}, not of {settings.did}.",
            code="BACKUP_FOREIGN",
            fix="Restore it to the folder of its own node, or to a new one.",
        )
    make_private_folder(folder)
    _write_missing(folder, files)
    life = await _restored(source, settings, replacing=replacing, at=at)
    if not there:
        write_private(folder / SETTINGS_FILE, text.encode("utf-8"))
    return Restored(did=settings.did, life=life, keys=(folder / FOLDER).exists())


async def wish_orphans_revoked(settings: Settings, *, at: datetime) -> None:
    """Have the node revoke, once its peers showed what they hold, what nobody showed. Raises FolderProblem."""
    password_file = settings.file("database_password_file")
    store = await Store.open(settings.data, at=at, url=settings.database, password_file=password_file)
    try:
        async with store.writing() as tx:
            await tx.adopted.wish()
    finally:
        await store.close()


async def begin_again(settings: Settings, why: Why, *, at: datetime) -> Life:
    """Begin a new life in a database that was rolled back without us.

    Raises:
        FolderProblem: FOLDER_IN_USE.
    """
    password_file = settings.file("database_password_file")
    store = await Store.open(settings.data, at=at, url=settings.database, password_file=password_file)
    try:
        return await store.begin_life(why, at=at)
    finally:
        await store.close()


async def _restored(source: Path, settings: Settings, *, replacing: bool, at: datetime) -> Life:
    if not settings.database:
        return await restore_file(source, settings.data, replace=replacing, at=at)
    server = PostgresServer(settings.database, password_file=settings.file("database_password_file"))
    return await restore_server(source, server, settings.data, replace=replacing, at=at)


def left_out(settings: Settings) -> tuple[str, ...]:
    """What the settings name outside the data folder, which no backup has."""
    folder = settings.data.resolve()
    return tuple(name for name, path in _named(settings) if not path.is_relative_to(folder))


def _named(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files that the settings name and that open nothing: as named, and where they are."""
    listed = (str(value).partition(" ")[0] for value in (*settings.contexts.values(), *settings.schemas.values()))
    for name in dict.fromkeys((*listed, SETTINGS_FILE, settings.trust_list, settings.rule_pack)):
        path = (settings.data / name).resolve()
        if name and path.is_file():
            yield name, path


def _files(settings: Settings, *, keys: bool) -> dict[str, bytes]:
    """What the settings name within the folder, by its path there; nothing that opens keys, and no TLS key."""
    folder = settings.data.resolve()
    found = {name: _whole(path) for name, path in _named(settings) if path.is_relative_to(folder)}
    if keys:
        sealed = sorted((settings.data / FOLDER).glob("*.json"))
        found |= {f"{FOLDER}/{file.name}": read_private(file) for file in sealed}
    return found


def _whole(path: Path) -> bytes:
    """All of a file. Raises FolderProblem where it is too long: a part of it would be taken for the whole one day."""
    if path.stat().st_size > _LONGEST:
        raise FolderProblem(
            f"{path.name} is longer than {_LONGEST >> 20} MiB, which is more than a backup takes of a file.",
            code="TOO_LARGE",
            pointer=f"/{path.name}",
            fix="Keep it outside the data folder, with a copy of its own, and name it by its path.",
        )
    return path.read_bytes()


def _write_missing(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files of a backup where none is; one that is there stays as it is."""
    for name, content in files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise StoreProblem(
                "A file of the backup lies outside the folder.", code="BACKUP_DAMAGED", fix="Take another backup."
            )
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, content)
