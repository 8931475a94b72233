"""The schema's history: run what is missing at the start, refuse a database from the future.

All steps of one start run in one transaction (both databases' DDL is transactional), so a start that is killed leaves
the schema as it was; over a server, workers that start at once take turns. Alembic is loaded only when there is
something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from node.errors import StoreProblem
from node.store.concurrency import MIGRATING, SCHEMA_KEY

#: The newest revision in migrations/versions.
HEAD: Final = "0013"
MIGRATIONS: Final = Path(__file__).parent / "migrations"


async def bring_up_to_date(engine: AsyncEngine) -> None:
    """Run the migrations that this database has not seen. Raises StoreProblem (SCHEMA_NEWER)."""
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)


def revision_of(connection: Connection) -> str | None:
    """The revision this database stands at; None when it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


def known_revisions() -> frozenset[str]:
    """The revisions that this release can bring up to date."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def upgrade(connection: Connection) -> None:
    """The same within a transaction that is open already."""
    if connection.dialect.name != "sqlite":  # one file has one process anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({SCHEMA_KEY}, {MIGRATING})")
    present = revision_of(connection)
    if present == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    if present is not None and present not in known_revisions():
        raise StoreProblem(
            f"The database has schema {present}, which this release does not know.",
            code="SCHEMA_NEWER",
            fix="Run the release that wrote it, or a later one.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
