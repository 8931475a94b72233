"""``tracenode revoke``, ``suspend`` and ``reinstate``: what we issued does not stand any more, or stands again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode

_reason = click.option(
    "--reason", default="", metavar="TEXT", help="Why; kept beside the change for who reads it later."
)


@click.command()
@data_option
@json_option
@_reason
@click.argument("credential")
def revoke(data: Path | None, as_json: bool, reason: str, credential: str) -> None:
    """Say that CREDENTIAL (its id) does not stand any more. A revocation is final."""
    _change(data, credential, "revocation", 1, reason, as_json)


@click.command()
@data_option
@json_option
@_reason
@click.argument("credential")
def suspend(data: Path | None, as_json: bool, reason: str, credential: str) -> None:
    """Say that CREDENTIAL (its id) does not stand for now."""
    _change(data, credential, "suspension", 1, reason, as_json)


@click.command()
@data_option
@json_option
@_reason
@click.argument("credential")
def reinstate(data: Path | None, as_json: bool, reason: str, credential: str) -> None:
    """Say that CREDENTIAL (its id), which was suspended, stands again."""
    _change(data, credential, "suspension", 0, reason, as_json)


def _change(data: Path | None, credential: str, purpose: str, value: int, reason: str, as_json: bool) -> None:
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        changed = await node.issuing.set_status(credential, purpose=purpose, value=value, at=now(), reason=reason)
        return {"changed": changed}

    entry = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
    body = {"credentialId": credential, "credentialStatus": entry, "status": value, "reason": reason}
    result = ask(data, ("POST", "/credentials/status", body), here)
    if as_json:
        answer(result)
        return
    click.echo(credential)
    if not result["changed"]:
        click.echo("It was so already; nothing was changed.", err=True)
