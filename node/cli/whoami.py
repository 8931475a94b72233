"""``tracenode whoami``: the public side of this node."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option, json_option


@click.command()
@data_option
@json_option
def whoami(data: Path | None, as_json: bool) -> None:
    """Who this node is: its DID, or all of its public side as JSON."""
    from node.client.running import running_api
    from node.config import load_settings

    settings = load_settings(data)
    api = running_api(settings.data)
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
