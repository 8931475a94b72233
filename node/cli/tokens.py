"""``tracenode tokens``: bearer tokens for programs and people, made, listed and revoked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.running import RunningNode

_ROLES = ("auditor", "certifier", "issuer", "operator", "admin")  # node.flows.identity.tokens, not imported for help
_DAYS = 90


@click.group()
def tokens() -> None:
    """Bearer tokens: who may ask this node for what."""


@tokens.command("make")
@data_option
@json_option
@click.option("--role", type=click.Choice(_ROLES), default="operator", show_default=True, help="What it may do.")
@click.option("--days", type=click.IntRange(1, 3660), default=_DAYS, show_default=True, help="It ends after so long.")
@click.argument("label")
def make_token(data: Path | None, as_json: bool, role: str, days: int, label: str) -> None:
    """Make a token for what LABEL names (a program, an account). Prints it once, on stdout."""
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        from node.flows.identity.tokens import made

        return await made(node.store, role=role, label=label, days=days, actor="operator", at=now())

    result = ask(data, ("POST", "/tokens", {"role": role, "label": label, "days": days}), here)
    if as_json:
        answer(result)
        return
    click.echo(f"Token {result['number']} for {role} ends {result['expires']}; it is shown this once.", err=True)
    click.echo(result["token"])


@tokens.command("list")
@data_option
@json_option
def list_tokens(data: Path | None, as_json: bool) -> None:
    """List the tokens that were made: number, state, role, end, label."""
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        from node.flows.identity.tokens import listed

        return {"tokens": await listed(node.store, at=now())}

    result = ask(data, ("GET", "/tokens", None), here)
    if as_json:
        answer(result)
        return
    for item in result["tokens"]:
        told = (str(item["number"]), item["state"], item["role"], item["expires"], item["label"])
        click.echo("  ".join(told))


@tokens.command("revoke")
@data_option
@click.argument("number", type=click.IntRange(1, 999_999_999))
def revoke_token(data: Path | None, number: int) -> None:
    """Revoke the token with this NUMBER, at once and for good."""
    from node.cli.node_access import ask, now

    async def here(node: RunningNode) -> Any:
        from node.flows.identity.tokens import revoked

        return await revoked(node.store, number, actor="operator", at=now())

    result = ask(data, ("DELETE", f"/tokens/{number}", None), here)
    click.echo(f"{result['number']}  {result['state']}  {result['label']}")
