"""``tracenode peers``: the peer book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode


@click.group()
def peers() -> None:
    """The nodes that this node speaks to."""


@peers.command("add")
@data_option
@click.option(
    "--share",
    type=click.Choice(["all", "mentioning", "none"]),
    default="mentioning",
    show_default=True,
    help="Which of our credentials it hears of.",
)
@click.argument("did")
def add_peer(data: Path | None, share: str, did: str) -> None:
    """Resolve DID and put it in the peer book; peers that are not in it are refused."""
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        peer = await node.peers.add(did, policy={"share": share}, at=now())
        return {"did": peer.did, "endpoint": peer.endpoint}

    result = ask(data, ("POST", "/peers", {"did": did, "policy": {"share": share}}), here)
    click.echo(f"{result['did']}  {result['endpoint']}")


@peers.command("list")
@data_option
@json_option
def list_peers(data: Path | None, as_json: bool) -> None:
    """List the peers."""
    from node.cli.node_access import ask

    async def here(node: RunningNode) -> Any:
        async with node.store.reading() as tx:
            known = await tx.peers.all()
        return [
            {"did": peer.did, "endpoint": peer.endpoint, "state": peer.state, "policy": dict(peer.policy)}
            for peer in known
        ]

    result = ask(data, ("GET", "/peers", None), here)
    if as_json:
        answer(result)
        return
    for peer in result:
        click.echo(f"{peer['did']}  {peer['endpoint']}  {peer['state']}")


@peers.command("remove")
@data_option
@click.argument("did")
def remove_peer(data: Path | None, did: str) -> None:
    """Take DID out of the peer book."""
    from node.cli.node_access import ask, now
    from node.store import AuditLine

    async def here(node: RunningNode) -> Any:
        async with node.store.writing() as tx:
            await tx.peers.remove(did)
            await tx.audit.append(AuditLine(actor="operator", action="peer.remove", object=did), at=now())

    ask(data, ("DELETE", f"/peers/{quote(did, safe='')}", None), here)
