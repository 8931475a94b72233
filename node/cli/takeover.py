"""``tracenode takeover``: of two copies of a node this one goes on; its database begins a life that names both."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option, json_option


@click.command()
@data_option
@json_option
def takeover(data: Path | None, as_json: bool) -> None:
    """Let this copy of the node go on, after another one was found that spoke and signed beside it.

    Stop the other one first, for good: only you can know that. The life that begins names the one that this copy was
    in and those of the others, as far as they were shown, and peers are told of all of them.
    """
    import asyncio

    from node.backups import begin_again
    from node.cli.node_access import now
    from node.config import load_settings
    from node.store.lives import Why

    settings = load_settings(data)
    life = asyncio.run(begin_again(settings, Why.TAKEOVER, at=now()))
    others = [{"epoch": place.epoch, "seq": place.seq} for place in life.also]
    if as_json:
        answer({"did": settings.did, "life": life.id, "previous": life.previous, "also": others})
        return
    click.echo(f"{settings.did} goes on here, in a new life.")
    for place in life.also:
        click.echo(f"It follows the life {place.epoch} of another copy, which was seen up to place {place.seq}.")
