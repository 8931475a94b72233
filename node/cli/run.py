"""``tracenode run``: the node, until SIGTERM; or with ``--profile conformance`` throw-away issuers for test suites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from node.cli.options import answer, data_option

_PORT = click.IntRange(0, 65535)
_WORKERS = click.IntRange(1, 64)


@click.command()
@data_option
@click.option("--profile", type=click.Choice(["conformance"]), default=None, help="Loopback only, nothing is kept.")
@click.option("--workers", type=_WORKERS, default=None, help="Processes that answer; over the setting workers.")
@click.option("--port", type=_PORT, default=None, help="The profile's port; 0 takes a free one.")
@click.option("--tls-port", type=_PORT, default=None, help="The profile's port with TLS; status lists are there.")
@click.option(
    "--test-contexts",
    "contexts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="TRACENODE_TEST_CONTEXTS",
    default=None,
    help="A folder with the profile's further JSON-LD contexts (manifest.json).",
)
def run(
    data: Path | None,
    profile: str | None,
    workers: int | None,
    port: int | None,
    tls_port: int | None,
    contexts: Path | None,
) -> None:
    """Run the node until it is told to stop. Prints its addresses on stdout once it listens."""
    import asyncio

    from node.logs import start_logging

    start_logging()
    if profile is not None:
        if data is not None:
            raise click.UsageError("--profile keeps nothing, so it takes no --data.")
        if workers is not None:
            raise click.UsageError("--profile is one process: what it publishes lives in its memory.")
        _conformance(0 if port is None else port, tls_port, contexts)
        return
    if port is not None or tls_port is not None:
        raise click.UsageError("--port and --tls-port go with --profile; a node listens where its settings say.")
    from node.config import load_settings
    from node.serving import serve

    settings = load_settings(data)
    if workers is not None:
        settings = replace(settings, workers=workers)
    asyncio.run(serve(settings, ready=lambda note: answer({"public": note.public, "plain": note.plain})))


def _conformance(port: int, tls_port: int | None, contexts: Path | None) -> None:
    import asyncio

    from node.conformance.profile import contexts_of
    from node.conformance.serving import serve

    known = contexts_of(contexts)
    asyncio.run(
        serve(
            port=port,
            tls_port=tls_port,
            contexts=known,
            ready=lambda addresses: answer({"public": addresses.secure, "plain": addresses.plain}),
        )
    )
