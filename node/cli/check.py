"""``tracenode check``: is everything that is kept still what it was?"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import click

from node.cli.entry import CANNOT_TELL, NOT_VALID
from node.cli.options import answer, data_option, json_option


@click.command()
@data_option
@json_option
def check(data: Path | None, as_json: bool) -> None:
    """Check keys, what is registered, every stored byte, and the audit log; a running node is not disturbed.

    Exit: 0 all is whole, 1 something is not, 3 something could not be told.
    """
    import asyncio

    from node.config import load_settings

    results = asyncio.run(_results(load_settings(data)))
    if as_json:
        answer(results)
    else:
        for item in results:
            click.echo(f"{item['outcome']:13} {item['name']}  {item['detail']}".rstrip())
    outcomes = {item["outcome"] for item in results}
    if "FAILED" in outcomes:
        sys.exit(NOT_VALID)
    if "UNDETERMINED" in outcomes:
        sys.exit(CANNOT_TELL)


async def _results(settings: Any) -> list[dict[str, str]]:
    from node.app import unlocking
    from node.errors import NodeError, StoreProblem
    from node.flows.verifying.registered import registered_contexts, registered_schemas
    from node.keyring import Keyring
    from node.store import looking

    results = []
    for name, register in (("contexts", registered_contexts), ("schemas", registered_schemas)):
        try:
            register(settings.data, getattr(settings, name))
            results.append(_result(name))
        except NodeError as error:
            results.append(_result(name, [error.problem.detail]))
    try:
        Keyring.open(settings.data, did=settings.did, unlocking=unlocking(settings), production=settings.production)
        results.append(_result("keys"))
    except NodeError as error:
        results.append(_result("keys", [error.problem.detail]))

    async def first_break(tx: Any) -> list[str]:
        line = await tx.audit.first_break()
        return [f"broken at line {line}"] if line else []

    password_file = settings.file("database_password_file")
    questions: dict[str, Callable[[Any], Awaitable[Sequence[str]]]] = {
        "database": lambda tx: tx.consistency.file_faults(),
        "credentials": lambda tx: tx.consistency.damaged(),
        "belonging together": lambda tx: tx.consistency.orphans(),
        "audit log": first_break,
    }
    for name, question in questions.items():
        try:
            async with looking(settings.data, url=settings.database, password_file=password_file) as tx:
                results.append(_result(name, await question(tx)))
        except StoreProblem as error:
            outcome = "FAILED" if error.problem.code == "STORE_DAMAGED" else "UNDETERMINED"
            results.append({"name": name, "outcome": outcome, "detail": error.problem.detail})
    return results


def _result(name: str, faults: Sequence[str] = ()) -> dict[str, str]:
    return {"name": name, "outcome": "FAILED" if faults else "PASSED", "detail": "; ".join(faults)}
