"""``tracenode restore``: a node from a backup; its database begins a new life."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option, json_option


@click.command()
@data_option
@json_option
@click.option("--replace", is_flag=True, help="Put it in the place of the database that is there; that one is lost.")
@click.option("--in-place", is_flag=True, help="Without a backup: the machine or the database was rolled back.")
@click.option(
    "--revoke-orphans",
    is_flag=True,
    help="Revoke what was given out since the backup and no peer shows, once all of them answered.",
)
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def restore(
    data: Path | None, as_json: bool, replace: bool, in_place: bool, revoke_orphans: bool, source: Path | None
) -> None:
    """Restore the backup SOURCE to a data folder, a new one or one that is there with its settings.

    Whether SQLite or PostgreSQL is what those settings say. Status lists and streams begin anew, so that nothing that
    was given out since the backup is given out again. When the node runs it asks its peers for what they hold of it:
    credentials that were issued since, and revocations.
    """
    import asyncio

    from node.backups import begin_again, restore, wish_orphans_revoked
    from node.cli.node_access import now
    from node.config import data_folder, load_settings
    from node.store.lives import Why

    if in_place == (source is not None):
        raise click.UsageError("Name a backup, or say --in-place.")
    if source is None:
        settings = load_settings(data)
        did, life, keys = settings.did, asyncio.run(begin_again(settings, Why.RESTORE, at=now())), True
    else:
        restored = asyncio.run(restore(source, data_folder(data), replacing=replace, at=now()))
        did, life, keys = restored.did, restored.life, restored.keys
    if revoke_orphans:
        asyncio.run(wish_orphans_revoked(load_settings(data), at=now()))
    if as_json:
        answer({"did": did, "life": life.id, "previous": life.previous, "keys": keys})
        return
    click.echo(f"{did} is restored and begins a new life.")
    if not keys:
        click.echo("The folder has no keys: put keys/ and what opens them there before it runs.", err=True)
