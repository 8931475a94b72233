"""``tracenode deliveries``: what goes out to peers, what waits and why, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode


@click.command()
@data_option
@json_option
@click.option("--peer", default="", metavar="DID", help="Only those to this peer.")
@click.option("--credential", default="", metavar="URL", help="Only those about this credential.")
@click.option(
    "--state", type=click.Choice(["waiting", "paused", "refused", "delivered"]), help="Only those in this state."
)
@click.option("--limit", type=click.IntRange(1, 500), default=100, show_default=True, help="At most so many.")
@click.option("--after", default="", help="Where the page before ended.")
@click.option("--retry", "action", flag_value="retry", help="Try what --peer refused, and what waits for it, now.")
@click.option("--skip", "action", flag_value="skip", help="Give up the next delivery to --peer.")
@click.option("--pause", "action", flag_value="pause", help="Send nothing to --peer any more.")
@click.option("--resume", "action", flag_value="resume", help="Send to --peer again.")
def deliveries(
    data: Path | None,
    as_json: bool,
    peer: str,
    credential: str,
    state: str | None,
    limit: int,
    after: str,
    action: str | None,
) -> None:
    """List the deliveries to peers with state, reason and next try; or change what happens to those of a peer."""
    if action:
        if not peer:
            raise click.UsageError(f"--{action} needs --peer.")
        result = _changed(data, peer, action)
        if as_json:
            answer(result)
        else:
            click.echo("  ".join(f"{name} {value}" for name, value in result.items()))
        return
    asked = {"peer": peer, "credential": credential, "state": state or "", "after": after, "limit": str(limit)}
    result = _listed(data, {name: value for name, value in asked.items() if value})
    if as_json:
        answer(result)
        return
    for line in result["deliveries"]:
        told = (line["state"], line["peer"], str(line["seq"]), line["credential"], line.get("nextTry", ""))
        click.echo("  ".join(word for word in (*told, line.get("reason", "")) if word))
    if "next" in result:
        click.echo(f"More: --after '{result['next']}'")


def _listed(data: Path | None, asked: dict[str, str]) -> Any:
    from node.cli.node_access import ask
    from node.flows.exchange.outgoing import listed

    async def here(node: RunningNode) -> Any:
        return await listed(node.store, asked)

    return ask(data, ("GET", f"/deliveries?{urlencode(asked)}", None), here)


def _changed(data: Path | None, peer: str, action: str) -> Any:
    from node.cli.node_access import ask, now
    from node.flows.exchange.outgoing import changed

    async def here(node: RunningNode) -> Any:
        return await changed(node.store, peer=peer, action=action, actor="operator", at=now())

    return ask(data, ("POST", "/deliveries", {"peer": peer, "action": action}), here)
