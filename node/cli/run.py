"""``tracenode run``: the node, until SIGTERM."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option


@click.command()
@data_option
def run(data: Path | None) -> None:
    """Run the node until it is told to stop. Prints its addresses on stdout once it listens."""
    import asyncio

    from node.app import serve
    from node.config import load_settings
    from node.logs import start_logging

    start_logging()
    settings = load_settings(data)
    asyncio.run(serve(settings, ready=lambda note: answer({"public": note.public, "plain": note.plain})))
