"""``tracenode issue``: a draft in, a published credential out."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import click

from node.cli.options import answer, data_option, json_option

_KINDS = ("dpp", "dcc", "dfr", "dia", "dte")  # node.flows.issuing.examples, not imported for the help


@click.command()
@data_option
@json_option
@click.option("--dry-run", is_flag=True, help="Only check the draft; print what would be signed.")
@click.option("--private", is_flag=True, help="Do not publish it; it travels to the named peers only.")
@click.option("--to", "audience", multiple=True, metavar="DID", help="A peer that is to have it.")
@click.option(
    "--example",
    type=click.Choice(_KINDS),
    help="Print a draft of this kind that issues as it is, to be changed to what is true; nothing is issued.",
)
@click.option("--key", "idempotency_key", default=None, help="Idempotency key: the same key never issues twice.")
@click.argument("file", type=click.File("rb"), required=False)
def issue(
    data: Path | None,
    as_json: bool,
    dry_run: bool,
    private: bool,
    audience: tuple[str, ...],
    idempotency_key: str | None,
    example: str | None,
    file: IO[bytes] | None,
) -> None:
    """Issue the draft in FILE (- is stdin). Prints the id of the credential, which is its address."""
    if example is not None:
        answer(_example(data, example))
        return
    if file is None:
        raise click.UsageError("A FILE with the draft is missing; --example KIND prints one.")
    import asyncio

    from credentials.encoding.document import parse_document
    from node.cli.report_text import lint_lines
    from node.client.running_node import running_api
    from node.config import load_settings

    settings = load_settings(data)
    draft = dict(parse_document(file.read()).value)
    options = {"dryRun": dry_run, "private": private, "to": list(audience)}
    api = running_api(settings.data)
    if api is not None:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        result = api.ask("POST", "/credentials/issue", {"credential": draft, "options": options}, headers=headers)
    else:
        result = asyncio.run(_issue_here(settings, draft, options, idempotency_key))
    lint = result.pop("lint")
    if as_json or dry_run:
        answer(result["credential"] if dry_run else result)
    else:
        click.echo(result["id"])
    for line in lint_lines(lint):
        click.echo(line, err=True)
    for other in result.get("inForceBeside", ()):
        click.echo(f"{other} is in force about the same subject: revoke it if this one replaces it.", err=True)


def _example(data: Path | None, kind: str) -> Any:
    from node.app import identity_of
    from node.cli.node_access import now
    from node.config import load_settings
    from node.flows.issuing.examples import example as example_of

    return example_of(kind, identity_of(load_settings(data)), at=now())


async def _issue_here(settings: Any, draft: dict[str, Any], options: dict[str, Any], key: str | None) -> Any:
    import asyncio

    from credentials.encoding.multibase import digest_multibase
    from credentials.untp.lint import lint
    from node.cli.node_access import now, opened

    async with opened(settings) as node:
        if options["dryRun"]:
            document = node.issuing.check(draft, at=now())
            return {"credential": document, "lint": [one.to_json() for one in lint(document)]}
        await asyncio.gather(node.witnesses.ask(), node.own_address.ask_at_start())  # as when it starts to run
        issuance = await node.issuing.issue(
            draft, at=now(), private=options["private"], audience=options["to"], idempotency_key=key
        )
    raw = next(iter(issuance.forms.values()))
    return {
        "id": issuance.credential.url,
        "digest": issuance.credential.digest,
        "digestMultibase": digest_multibase(raw),
        "lint": [one.to_json() for one in issuance.lint],
        "inForceBeside": list(issuance.beside),
    }
