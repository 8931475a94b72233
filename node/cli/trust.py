"""``tracenode trust``: whose signed trust lists are believed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode


@click.group()
def trust() -> None:
    """Whose trust lists are believed."""


@trust.command("pin")
@data_option
@click.option("--note", default="", help="Why; for whoever reads the list later.")
@click.argument("did")
def pin(data: Path | None, note: str, did: str) -> None:
    """Believe the trust lists that DID signs."""
    from credentials.did.methods import resolution_url
    from node.cli.node_access import ask, now
    from node.store import AuditLine

    resolution_url(did)  # refuses what is no DID

    async def here(node: RunningNode) -> Any:
        at = now()
        async with node.store.writing() as tx:
            if await tx.trust.pin(did, note=note, at=at):
                await tx.audit.append(AuditLine(actor="operator", action="trust.pin", object=did), at=at)

    ask(data, ("POST", "/trust/pins", {"did": did, "note": note}), here)
    click.echo(did)


@trust.command("list")
@data_option
@json_option
def list_pins(data: Path | None, as_json: bool) -> None:
    """List the pinned DIDs, and how many entries the local trust list has."""
    from node.cli.node_access import ask

    async def here(node: RunningNode) -> Any:
        async with node.store.reading() as tx:
            pins = await tx.trust.all()
        return {
            "pins": [{"did": did, "note": note} for did, note in pins],
            "localEntries": len(node.trust.entries),
        }

    result = ask(data, ("GET", "/trust", None), here)
    if as_json:
        answer(result)
        return
    for item in result["pins"]:
        click.echo(f"{item['did']}  {item['note']}".rstrip())
    click.echo(f"{result['localEntries']} entries in the local trust list", err=True)
