"""``tracenode keys``: the public side of the keys, and replacing them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode

_WAIT = 300  # seconds; node.flows.identity.keys.WAIT, without importing it for the help


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
    from node.flows.identity.keys import key_json
    from node.keyring import Keyring

    settings = load_settings(data)
    keyring = Keyring.open(
        settings.data, did=settings.did, unlocking=unlocking(settings), production=settings.production
    )
    entries = [
        {
            **{name: item for name, item in key_json(entry).items() if name != "name"},
            "id": f"{keyring.did}#{entry.name}",
            "kind": entry.public_key.kind.value,
            "publicKeyMultibase": to_multikey(entry.public_key),
        }
        for entry in keyring.entries
    ]
    if as_json:
        answer(entries)
        return
    for entry in entries:
        told = f"{entry['id']}  {entry['purpose']}  {entry['kind']}  {entry['publicKeyMultibase']}"
        life = "".join(f"  {word} {entry[word]}" for word in ("since", "expires", "revoked") if word in entry)
        click.echo(told + life)


@keys.command("rotate")
@data_option
@json_option
@click.option("--purpose", type=click.Choice(["cred", "auth"]), default="cred", show_default=True, help="Whose place.")
@click.option(
    "--wait",
    type=click.IntRange(0, 2_592_000),
    default=_WAIT,
    show_default=True,
    help="Seconds until the new key signs; others may keep the old DID document that long.",
)
def rotate_key(data: Path | None, as_json: bool, purpose: str, wait: int) -> None:
    """Publish a new key beside the old one, which goes on verifying what it signed."""
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        from node.flows.identity.keys import KeyCare, rotation_json

        care = KeyCare(keyring=node.keyring, store=node.store)
        return rotation_json(await care.rotate(purpose, at=now(), wait=timedelta(seconds=wait)))

    result = ask(data, ("POST", "/keys/rotations", {"purpose": purpose, "wait": wait}), here)
    if as_json:
        answer(result)
        return
    new, before = result["new"], result["before"]
    click.echo(f"{new['name']} is published and signs from {new['since']} on.")
    click.echo(f"{before['name']} verifies what it signed before {before.get('expires', 'its end')}.")


@keys.command("compromised")
@data_option
@json_option
@click.option("--since", required=True, metavar="TIME", help="From when on: a moment with zone, 2026-03-01T09:00:00Z.")
@click.argument("key")
def compromised_key(data: Path | None, as_json: bool, since: str, key: str) -> None:
    """Publish KEY (cred-1) as revoked since TIME, destroy it, and list the credentials it signed.

    What it signed from TIME on is refused by verifiers; what it signed before is in doubt. Issue those anew.
    """
    from credentials.encoding.moments import parse_moment
    from node.cli.node_access import ask, now

    moment = parse_moment(since)

    async def here(node: RunningNode) -> Any:
        from node.flows.identity.keys import KeyCare, compromise_json

        care = KeyCare(keyring=node.keyring, store=node.store)
        return compromise_json(await care.compromised(key, since=moment, at=now()))

    result = ask(data, ("POST", "/keys/compromises", {"key": key, "since": since}), here)
    if as_json:
        answer(result)
        return
    click.echo(f"{result['key']['name']} is published as revoked since {result['key']['revoked']}.", err=True)
    if result["replacement"]:
        click.echo(f"{result['replacement']['name']} signs from now on.", err=True)
    for item in result["affected"]:
        click.echo(f"{item['standing']:8}  {item['issued']}  {item['id']}")
