"""Making a node: every file of a new data folder, in an order that a crash cannot make dangerous.

settings.toml comes last: a folder without it never ran and may be thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from node.app import KEY_FILE, machine_clock, unlocking
from node.config import SETTINGS_FILE, build_settings, settings_file
from node.disk import make_private_folder, write_private
from node.errors import FolderProblem
from node.keyring import Keyring, new_key_file
from node.store import AuditLine, Store

TOKEN_LIFE: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialized:
    """What init made: the token is shown once and never again; ``key_file`` is "" when a passphrase locks the keys."""

    did: str
    token: str
    key_file: str


async def initialize(folder: Path, stated: Mapping[str, str]) -> Initialized:
    """Make the data folder ``folder`` for the settings ``stated``.

    Raises:
        SettingsProblem: a setting is wrong; nothing was made.
        FolderProblem: FOLDER_EXISTS, FILE_MODE.
    """
    settings = build_settings(stated, data=folder)
    text = settings_file(stated, data=folder)
    if (folder / SETTINGS_FILE).exists():
        raise FolderProblem("The folder already holds a node.", code="FOLDER_EXISTS", fix="Choose another folder.")
    make_private_folder(folder)
    key_file = settings.file("key_file") or folder / KEY_FILE
    if not settings.passphrase_file and not key_file.exists():
        write_private(key_file, new_key_file())
    Keyring.create(folder, did=settings.did, unlocking=unlocking(settings))
    at = machine_clock()
    store = await Store.open(
        folder, at=at, url=settings.database, password_file=settings.file("database_password_file")
    )
    try:
        async with store.writing() as tx:
            token = await tx.tokens.add_token(label="init", role="operator", at=at, expires=at + TOKEN_LIFE)
            await tx.audit.append(AuditLine(actor="operator", action="node.init", object=settings.did), at=at)
    finally:
        await store.close()
    write_private(folder / SETTINGS_FILE, text.encode("utf-8"))
    return Initialized(did=settings.did, token=token, key_file="" if settings.passphrase_file else str(key_file))
