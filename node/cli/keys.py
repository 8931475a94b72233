"""``tracenode keys``: the public side of the keys."""

from __future__ import annotations

from pathlib import Path

import click

from node.cli.options import answer, data_option, json_option


@click.group()
def keys() -> None:
    """The keys of this node."""


@keys.command("list")
@data_option
@json_option
def list_keys(data: Path | None, as_json: bool) -> None:
    """List the keys: verification method, purpose, public key. Opens each, so a damaged one shows."""
    from credentials.keys.codecs import to_multikey
    from node.app import unlocking
    from node.config import load_settings
    from node.keyring import Keyring

    settings = load_settings(data)
    keyring = Keyring.open(
        settings.data, did=settings.did, unlocking=unlocking(settings), production=settings.production
    )
    entries = [
        {
            "id": f"{keyring.did}#{entry.name}",
            "purpose": entry.purpose,
            "kind": entry.public_key.kind.value,
            "publicKeyMultibase": to_multikey(entry.public_key),
        }
        for entry in keyring.entries
    ]
    if as_json:
        answer(entries)
        return
    for entry in entries:
        click.echo(f"{entry['id']}  {entry['purpose']}  {entry['kind']}  {entry['publicKeyMultibase']}")
