"""``tracenode audit``: who did what with this node."""

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
@click.option("--actor", default="", metavar="ACCOUNT", help="Only what this account did.")
@click.option("--action", default="", help="Only this, or what begins with it up to a dot: key, trust.pin.")
@click.option("--object", "object_", default="", metavar="ID", help="Only what was done to this.")
@click.option("--since", default="", metavar="TIME", help="Only from this moment on.")
@click.option("--until", default="", metavar="TIME", help="Only before this moment.")
@click.option("--limit", type=click.IntRange(1, 500), default=100, show_default=True, help="At most so many.")
@click.option("--before", default="", metavar="SEQ", help="Where the page before ended.")
def audit(data: Path | None, as_json: bool, object_: str, limit: int, **filters: str) -> None:
    """List the audit log, the newest line first: number, time, account, action, object, outcome."""
    from node.cli.node_access import ask

    given = {**filters, "object": object_, "limit": str(limit)}
    asked = {name: value for name, value in given.items() if value}

    async def here(node: RunningNode) -> Any:
        from node.flows.identity.audit_list import audited

        return await audited(node.store, asked)

    result = ask(data, ("GET", f"/audit?{urlencode(asked)}", None), here)
    if as_json:
        answer(result)
        return
    for one in result["lines"]:
        told = (str(one["seq"]), one["time"], one["actor"], one["action"], one["object"])
        click.echo("  ".join((*told, *([one["outcome"]] if one["outcome"] != "OK" else []))))
    if "next" in result:
        click.echo(f"More: --before {result['next']}", err=True)
