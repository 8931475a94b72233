"""``tracenode clock``: a node whose clock was ahead once goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from node.cli.options import data_option


@click.command()
@data_option
@click.option("--forgive", is_flag=True, required=True, help="The clock was ahead, and is right now.")
def clock(data: Path | None, forgive: bool) -> None:
    """Issue again although the clock was ahead when the last credential was made; the node must not run.

    The credentials that were made then keep their dates. The audit log says who did this to which moment.
    """
    import asyncio

    from node.config import load_settings

    click.echo(asyncio.run(_forgiven(load_settings(data))))


async def _forgiven(settings: Any) -> str:
    from credentials.encoding.moments import format_moment
    from node.cli.node_access import now
    from node.store import AuditLine, Store

    at, password_file = now(), settings.file("database_password_file")
    store = await Store.open(settings.data, at=at, url=settings.database, password_file=password_file)
    try:
        async with store.writing() as tx:
            newest = await tx.issued.last_made()
            if newest is None or newest <= at:
                return "The clock is not behind what was issued here; nothing was changed."
            await tx.issued.forgive_clock()
            line = AuditLine(actor="operator", action="clock.forgive", object=format_moment(newest))
            await tx.audit.append(line, at=at)
        return f"The clock that said {format_moment(newest)} is forgiven."
    finally:
        await store.close()
