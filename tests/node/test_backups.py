"""node.backups: a backup is whole or is not there, and what is restored from it repeats nothing."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from node.app import open_node
from node.backups import back_up, begin_again, left_out, restore
from node.config import Settings, load_settings
from node.errors import FolderProblem, NodeError, StoreProblem
from node.flows.verifying.work import InProcess
from node.keyring import FOLDER
from node.running import RunningNode
from node.store import Store
from node.store.backup_file import _digest
from node.store.lives import Why
from node.store.schema import MIGRATIONS
from tests.node.folders import AT, lay_node
from tests.node.issuer import draft
from tests.node.store.postgres import own_schema
from tests.shared import ROOT


@asynccontextmanager
async def _node(settings: Settings, at: Any = AT) -> AsyncIterator[RunningNode]:
    async with open_node(settings, clock=lambda: at, work=InProcess()) as node:
        yield node


async def _issued(node: RunningNode, *, revoked: bool = False, at: Any = AT) -> tuple[str, tuple[str, int]]:
    """A new credential: its URL, and its place in a status list."""
    url = (await node.issuing.issue(draft(), at=at)).credential.url
    if revoked:
        await node.issuing.set_status(url, purpose="revocation", value=1, at=at)
    async with node.store.reading() as tx:
        slot = await tx.statuses.slot_of(url, "revocation")
    return url, (slot.token, slot.index)


async def _facts(settings: Settings) -> dict[str, list[Any]]:
    """What is kept, as it is read from outside: credentials, bodies, statuses, audit lines, events."""
    async with _node(settings) as node, node.store.reading() as tx:
        connection = await tx.session.connection()
        asked = {
            "credentials": "SELECT url, digest FROM credential ORDER BY url",
            "bodies": "SELECT raw FROM body ORDER BY digest",
            "entries": "SELECT token, idx, value FROM status_entry JOIN status_list l ON l.id = list_id ORDER BY idx",
            "audit": "SELECT hash FROM audit ORDER BY seq",
            "events": "SELECT event_id, data FROM outbox_event ORDER BY event_id",
        }
        made = sorted((item.url, item.created) for item in await tx.issued.latest())
        found = {name: [tuple(row) for row in await connection.exec_driver_sql(query)] for name, query in asked.items()}
        assert await tx.consistency.orphans() == () == await tx.consistency.damaged()
        assert await tx.audit.first_break() is None
    return {
        "made": made,
        **{name: [tuple(str(value) for value in row) for row in rows] for name, rows in found.items()},
    }


@pytest.fixture(params=["sqlite", "postgres"])
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """A node of the spinner over each kind of database."""
    folder = lay_node(tmp_path / "spinner")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(own_schema()) if request.param == "postgres" else ""
        yield load_settings(folder, environment={"TRACENODE_DATABASE": url} if url else {})


async def _elsewhere(stack: AsyncExitStack, kind: str) -> dict[str, str]:
    """The environment of a restore: none for SQLite, an empty schema for PostgreSQL."""
    return {"TRACENODE_DATABASE": await stack.enter_async_context(own_schema())} if kind == "postgres" else {}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_was_backed_up_is_there_again_in_either_database(
    settings: Settings, kind: str, tmp_path: Path
) -> None:
    async with _node(settings) as node:
        await _issued(node)
        await _issued(node, revoked=True)
        await back_up(settings, tmp_path / "b", keys=True, at=AT)  # while it runs
    before = await _facts(settings)
    async with AsyncExitStack() as stack:
        environment = await _elsewhere(stack, kind)
        await restore(tmp_path / "b", tmp_path / "new", replacing=False, at=AT, environment=environment)
        shutil.copy(settings.data / "key-encryption.key", tmp_path / "new")

        after = await _facts(load_settings(tmp_path / "new", environment=environment))

    began = after["audit"].pop()
    assert after == before
    assert began not in before["audit"]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_restored_node_gives_out_no_index_that_was_given_out_since_the_backup(
    settings: Settings, kind: str, tmp_path: Path
) -> None:
    async with _node(settings) as node:
        given = [await _issued(node)]
        await back_up(settings, tmp_path / "b", keys=True, at=AT)
        given += [await _issued(node) for _ in range(5)]
    async with AsyncExitStack() as stack:
        environment = await _elsewhere(stack, kind)
        restored = await restore(tmp_path / "b", tmp_path / "new", replacing=False, at=AT, environment=environment)
        shutil.copy(settings.data / "key-encryption.key", tmp_path / "new")
        async with _node(load_settings(tmp_path / "new", environment=environment)) as node:
            given += [await _issued(node) for _ in range(5)]
            async with node.store.reading() as tx:
                assert await tx.lives.present() == restored.life  # one life, not one more at the start

    assert len({place for _, place in given}) == 11
    assert (restored.life.why, bool(restored.life.previous)) == (Why.RESTORE, True)


async def test_a_backup_over_the_node_itself_needs_to_be_asked_for_and_works_twice(
    settings: Settings, tmp_path: Path
) -> None:
    environment = {"TRACENODE_DATABASE": settings.database} if settings.database else {}
    async with _node(settings) as node:
        given = [await _issued(node)]
        await back_up(settings, tmp_path / "b", keys=False, at=AT)
        given += [await _issued(node)]
    with pytest.raises(FolderProblem) as refusal:
        await restore(tmp_path / "b", settings.data, replacing=False, at=AT, environment=environment)
    assert refusal.value.problem.code == "FOLDER_EXISTS"

    for _ in range(2):
        await restore(tmp_path / "b", settings.data, replacing=True, at=AT, environment=environment)
        async with _node(settings) as node:
            given += [await _issued(node)]
            async with node.store.reading() as tx:
                assert len(await tx.issued.latest()) == 2

    assert len({place for _, place in given}) == 4


@pytest.mark.slow
async def test_a_database_that_was_rolled_back_begins_anew_when_the_operator_says_so(settings: Settings) -> None:
    async with _node(settings) as node:
        first = await _issued(node)

    life = await begin_again(settings, Why.RESTORE, at=AT)

    async with _node(settings) as node:
        second = await _issued(node)
        assert await node.store.epoch() == life.id
    assert first[1][0] != second[1][0]


# What is in it, and what is not.


async def test_a_file_too_long_for_a_backup_is_refused_and_not_cut(settings: Settings, tmp_path: Path) -> None:
    with (settings.data / "settings.toml").open("a", encoding="utf-8") as stated:
        stated.write('trust_list = "trust.json"\n')
    (settings.data / "trust.json").write_bytes(b" " * ((16 << 20) + 1))
    named = load_settings(settings.data, environment={})

    with pytest.raises(FolderProblem) as refused:
        await back_up(named, tmp_path / "b", keys=True, at=AT)

    assert (refused.value.problem.code, refused.value.problem.pointer) == ("TOO_LARGE", "/trust.json")
    assert not (tmp_path / "b").exists()


async def test_what_lies_outside_the_folder_is_told_to_be_left_out(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text("{}")
    with (settings.data / "settings.toml").open("a", encoding="utf-8") as stated:
        stated.write(f'trust_list = "{tmp_path}/trust.json"\n')

    assert left_out(load_settings(settings.data, environment={})) == (f"{tmp_path}/trust.json",)
    assert left_out(settings) == ()


async def test_a_backup_is_private_and_holds_nothing_that_opens_the_keys(settings: Settings, tmp_path: Path) -> None:
    secret = (settings.data / "key-encryption.key").read_bytes()

    await back_up(settings, tmp_path / "b", keys=False, at=AT)
    await back_up(settings, tmp_path / "with-keys", keys=True, at=AT)

    for name, has_keys in (("b", False), ("with-keys", True)):
        content = (tmp_path / name).read_bytes()
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert secret.strip() not in content
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            names = {found for (found,) in connection.execute("SELECT name FROM backup_file")}
        assert any(found.startswith(f"{FOLDER}/") for found in names) is has_keys


@pytest.mark.slow
async def test_a_node_restored_without_keys_says_so_and_works_once_they_are_there(
    settings: Settings, tmp_path: Path
) -> None:
    await back_up(settings, tmp_path / "b", keys=False, at=AT)

    restored = await restore(tmp_path / "b", tmp_path / "new", replacing=False, at=AT, environment={})

    assert not restored.keys
    with pytest.raises(NodeError):
        async with _node(load_settings(tmp_path / "new", environment={})):
            pass
    shutil.copytree(settings.data / FOLDER, tmp_path / "new" / FOLDER)
    shutil.copy(settings.data / "key-encryption.key", tmp_path / "new")
    async with _node(load_settings(tmp_path / "new", environment={})) as node:
        await _issued(node)


def test_nothing_is_left_of_a_backup_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(lay_node(tmp_path / "spinner"), environment={})
    (tmp_path / "there").write_bytes(b"mine")

    for target in ("there", "no/folder"):
        with pytest.raises(FolderProblem):
            asyncio.run(back_up(settings, tmp_path / target, keys=False, at=AT))
    monkeypatch.setattr(os, "link", _full)
    with pytest.raises(FolderProblem, match="No space"):
        asyncio.run(back_up(settings, tmp_path / "b", keys=False, at=AT))

    assert (tmp_path / "there").read_bytes() == b"mine"
    assert {path.name for path in tmp_path.iterdir()} == {"there", "spinner"}


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


# What is refused; nothing was changed then.


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _no_database(file: Path) -> None:
    file.write_bytes(b"not a database" * 1000)


def _said(statement: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executescript(statement)

    return change


def _manifest(**members: object) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            ((content,),) = connection.execute("SELECT content FROM backup_manifest").fetchall()
            stated = json.dumps({**json.loads(content), **members})
            connection.execute("UPDATE backup_manifest SET content = ?", (stated,))

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_cut, "BACKUP_DAMAGED"),
        (_empty, "BACKUP_DAMAGED"),
        (_no_database, "BACKUP_DAMAGED"),
        (_said("DELETE FROM credential"), "BACKUP_DAMAGED"),
        (_said("UPDATE body SET raw = raw || x'00'"), "BACKUP_DAMAGED"),
        (_said("UPDATE status_entry SET value = 1"), "BACKUP_DAMAGED"),
        (_said("DROP TABLE received"), "BACKUP_DAMAGED"),
        (_said("DROP TABLE backup_manifest"), "BACKUP_DAMAGED"),
        (_said("UPDATE backup_file SET content = x'00'"), "BACKUP_DAMAGED"),
        (_manifest(schema="9999"), "SCHEMA_NEWER"),
        (_manifest(format=2), "SCHEMA_NEWER"),
        (_manifest(tables={}), "BACKUP_DAMAGED"),
        (_manifest(did="did:web:another.test"), "BACKUP_FOREIGN"),
    ],
)
async def test_a_backup_that_is_not_whole_or_not_ours_is_refused_and_changes_nothing(
    change: Callable[[Path], None], code: str, tmp_path: Path
) -> None:
    settings = load_settings(lay_node(tmp_path / "spinner"), environment={})
    async with _node(settings) as node:
        await _issued(node)
    await back_up(settings, tmp_path / "b", keys=True, at=AT)
    change(tmp_path / "b")
    before = {path.name: path.read_bytes() for path in settings.data.iterdir() if path.is_file()}

    for folder in (settings.data, tmp_path / "new"):
        with pytest.raises(StoreProblem) as refusal:
            await restore(tmp_path / "b", folder, replacing=True, at=AT, environment={})
        assert refusal.value.problem.code == code

    assert before == {path.name: path.read_bytes() for path in settings.data.iterdir() if path.is_file()}
    assert not (tmp_path / "new").exists()


async def test_where_a_node_works_nothing_is_restored(settings: Settings, tmp_path: Path) -> None:
    environment = {"TRACENODE_DATABASE": settings.database} if settings.database else {}
    await back_up(settings, tmp_path / "b", keys=False, at=AT)

    async with _node(settings):
        with pytest.raises(FolderProblem) as refusal:
            await restore(tmp_path / "b", settings.data, replacing=True, at=AT, environment=environment)

    assert refusal.value.problem.code == "FOLDER_IN_USE"


@pytest.mark.slow
async def test_a_backup_of_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    settings = load_settings(lay_node(tmp_path / "spinner"), environment={})
    await back_up(settings, tmp_path / "new-one", keys=True, at=AT)
    engine = create_engine(f"sqlite:///{tmp_path / 'b'}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
    engine.dispose()
    _said(
        f"ATTACH '{tmp_path / 'new-one'}' AS other; INSERT INTO meta VALUES ('epoch', 'old');"
        "CREATE TABLE backup_file AS SELECT * FROM other.backup_file;"
        "CREATE TABLE backup_manifest AS SELECT * FROM other.backup_manifest"
    )(tmp_path / "b")
    _as_it_is(tmp_path / "b", schema="0008")

    restored = await restore(tmp_path / "b", tmp_path / "new", replacing=False, at=AT, environment={})

    assert restored.life.previous == "old"
    store = await Store.open(tmp_path / "new", at=AT)
    assert await store.epoch() == restored.life.id
    await store.close()


def _as_it_is(file: Path, **members: object) -> None:
    """Have the manifest say what is there now."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: _digest(connection, name) for name in names if "backup" not in name and "alembic" not in name}
    _manifest(tables=tables, **members)(file)


# Killed anywhere.


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_backup_and_a_restore_that_are_killed_leave_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    settings = load_settings(lay_node(tmp_path / "spinner"), environment={})
    issued = [asyncio.run(_one(settings)) for _ in range(3)]
    asyncio.run(back_up(settings, tmp_path / "whole", keys=False, at=AT))
    issued.append(asyncio.run(_one(settings)))
    chance = random.Random(33)
    replace = ["restore", "--replace", str(tmp_path / "whole")]
    _killed([*replace], settings.data, after=60)  # how it ends when nobody kills it

    for number in range(15):
        backup = tmp_path / f"b{number}"
        _killed(["backup", str(backup)], settings.data, after=chance.uniform(0.2, 1.2))
        if backup.exists():
            asyncio.run(restore(backup, tmp_path / f"new{number}", replacing=False, at=AT, environment={}))
        _killed([*replace], settings.data, after=chance.uniform(0.2, 1.2))
        issued.append(asyncio.run(_one(settings)))

    assert len({place for _, place in issued}) == len(issued)


def _killed(words: list[str], data: Path, *, after: float) -> None:
    line = [sys.executable, "-m", "node", *words, "--data", str(data)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()


async def _one(settings: Settings) -> tuple[str, tuple[str, int]]:
    async with _node(settings) as node:
        async with node.store.reading() as tx:
            assert await tx.consistency.orphans() == () == await tx.consistency.file_faults()
        return await _issued(node)
