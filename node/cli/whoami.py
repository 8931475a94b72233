"""``tracenode whoami``: the public side of this node."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option, json_option


@click.command()
@data_option
@json_option
@click.option("--running", is_flag=True, help="Also ask the running node whether it can work; exit 3 when it cannot.")
def whoami(data: Path | None, as_json: bool, running: bool) -> None:
    """Who this node is: its DID, or all of its public side as JSON."""
    from node.cli.entry import CANNOT_TELL
    from node.client.running_node import running_api
    from node.config import load_settings

    settings = load_settings(data)
    api = running_api(settings.data)
    if running:
        if api is None:
            click.echo("No node runs on this data folder.", err=True)
            click.get_current_context().exit(CANNOT_TELL)
        api.ask("GET", "/health/ready")
    if as_json:
        answer(
            {
                "did": settings.did,
                "name": settings.name,
                "publicUrl": settings.public_url,
                "data": str(settings.data),
                "running": api.note.plain if api else None,
            }
        )
    else:
        click.echo(settings.did)
