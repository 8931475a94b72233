"""``tracenode init``: a data folder with keys, settings and database; the token is shown this once."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import data_option


@click.command()
@data_option
@click.option("--name", required=True, help="The organisation's name.")
@click.option("--public-url", required=True, help="Where the world reaches the node, https://host.")
@click.option("--passphrase-file", default="", help="Lock the keys with this passphrase instead of a key file.")
@click.option("--trial", is_flag=True, help="For trying out on one machine: allows the dev_* settings.")
@click.option("--set", "further", multiple=True, metavar="NAME=VALUE", help="Any other setting; see docs/settings.md.")
def init(
    data: Path | None, name: str, public_url: str, passphrase_file: str, trial: bool, further: tuple[str, ...]
) -> None:
    """Make a data folder: keys, settings, database. Prints a bearer token once, on stdout."""
    import asyncio

    from node.config import data_folder
    from node.initialization import initialize

    stated = {"name": name, "public_url": public_url, "production": "false" if trial else "true"}
    if passphrase_file:
        stated["passphrase_file"] = str(Path(passphrase_file).absolute())
    for pair in further:
        setting, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE.", param_hint="--set")
        stated[setting] = value
    folder = data_folder(data)
    initialized = asyncio.run(initialize(folder, stated))
    click.echo(f"{initialized.did} is ready in {folder}.", err=True)
    click.echo("The bearer token below is shown this once; keep it where secrets are kept.", err=True)
    if initialized.key_file:
        click.echo(f"Keep a copy of {initialized.key_file} away from the backups of the folder.", err=True)
    click.echo(f"Next: tracenode run --data {folder}", err=True)
    click.echo(initialized.token)
