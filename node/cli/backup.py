"""``tracenode backup``: everything that is kept, in one file."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option, json_option


@click.command()
@data_option
@json_option
@click.option("--keys", is_flag=True, help="With the private keys, as they lie in the folder: sealed.")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(data: Path | None, as_json: bool, keys: bool, target: Path) -> None:
    """Write a backup to the new file TARGET; a running node is not disturbed.

    SQLite and PostgreSQL give the same file. It holds private credentials, and never the key-encryption key or a
    passphrase: keep these elsewhere.
    """
    import asyncio

    from node.backups import back_up, left_out
    from node.cli.node_access import now
    from node.config import load_settings

    settings = load_settings(data)
    manifest, outside = asyncio.run(back_up(settings, target, keys=keys, at=now())), left_out(settings)
    rows = sum(number for number, _ in manifest.tables.values())
    if as_json:
        answer(
            {
                "did": manifest.did,
                "made": manifest.made,
                "rows": rows,
                "files": sorted(manifest.files),
                "leftOut": list(outside),
            }
        )
    else:
        click.echo(f"{manifest.did}: {rows} rows, {len(manifest.files)} files")
        for name in outside:
            click.echo(f"Not in it, because it lies outside the data folder: {name}", err=True)
