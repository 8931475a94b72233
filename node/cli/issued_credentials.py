"""``tracenode list`` and ``show``: what this node issued and in which state it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode

_STATES = ("revoked", "suspended", "expired", "good")  # node.store.shown_credentials.STATES, not imported for the help


@click.command("list")
@data_option
@json_option
@click.option("--kind", default="", help="Only those of this kind: dpp, dcc, dfr, dia, dte.")
@click.option("--subject", default="", metavar="ID", help="Only those about this identifier.")
@click.option("--status", type=click.Choice(_STATES), help="Only those in this state.")
@click.option("--text", default="", help="Only those with this in name, subject or id.")
@click.option("--since", default="", metavar="TIME", help="Only those issued at this moment or later.")
@click.option("--until", default="", metavar="TIME", help="Only those issued before this moment.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="At most so many.")
@click.option("--cursor", default="", help="Where the page before ended.")
def list_issued(data: Path | None, as_json: bool, limit: int, status: str | None, **filters: str) -> None:
    """List what was issued, the newest first: state, kind, when, id, name."""
    from node.cli.node_access import ask, now

    given = {**filters, "status": status or "", "limit": str(limit)}
    asked = {name: value for name, value in given.items() if value}

    async def here(node: RunningNode) -> Any:
        from node.flows.issuing.instances import DEFAULT
        from node.flows.issuing.issued_list import listed

        return await listed(node.store, DEFAULT, asked, at=now())

    result = ask(data, ("GET", f"/credentials?{urlencode(asked)}", None), here)
    if as_json:
        answer(result)
        return
    for line in result["credentials"]:
        click.echo("  ".join((line["status"], line["kind"], line["created"], line["id"], line["name"])).rstrip())
    if "next" in result:
        click.echo(f"More: --cursor {result['next']}", err=True)


@click.command("show")
@data_option
@json_option
@click.argument("credential")
def show_issued(data: Path | None, as_json: bool, credential: str) -> None:
    """Show CREDENTIAL (its id) with its state and every change of it."""
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        from node.flows.issuing.issued_list import told

        return await told(node.store, credential, at=now())

    token = quote(credential.rpartition("/")[2], safe="")
    result = ask(data, ("GET", f"/credentials/{token}/status", None), here)
    if as_json:
        answer(result)
        return
    for name in ("id", "name", "kind", "subject", "status", "created", "validFrom", "validUntil"):
        if result[name]:
            click.echo(f"{name:12}{result[name]}")
    for change in result["history"]:
        told_why = f"  {change['reason']}" if change["reason"] else ""
        click.echo(f"{change['time']}  {change['statusPurpose']} {change['value']}  {change['by']}{told_why}")
