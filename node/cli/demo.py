"""``tracenode demo``: a whole supply chain on this machine, and what the buyer's node says about one garment.

The rule: exit 0 only if exactly what was planted was found. Nodes end with the command unless ``--keep`` asks to leave
them running; kept nodes end by themselves after an hour, or with ``--stop``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from node.cli.options import answer, json_option

if TYPE_CHECKING:
    from collections.abc import Collection

    from node.demo.demo import Demo, DemoResult


@click.command()
@json_option
@click.option("--without", multiple=True, metavar="DEFECT", help="Leave a planted defect out; may be repeated.")
@click.option("--chaos", type=int, default=None, metavar="SEED", help="Kill and restart nodes at random meanwhile.")
@click.option("--kill-at", default=None, metavar="POINT", help="Kill one node at a named point, once.")
@click.option("--keep", is_flag=True, help="Leave the nodes running and print their addresses.")
@click.option("--folder", type=click.Path(path_type=Path), default=None, help="Where the nodes keep their files.")
@click.option("--stop", type=click.Path(exists=True, file_okay=False, path_type=Path), help="End kept nodes.")
def demo(
    as_json: bool,
    without: tuple[str, ...],
    chaos: int | None,
    kill_at: str | None,
    keep: bool,
    folder: Path | None,
    stop: Path | None,
) -> None:
    """Run a farm, a spinner, a maker, a brand, their certifiers and a buyer, and trace one garment."""
    if stop is not None:
        from node.demo.kept_nodes import stop_kept

        click.echo(f"{stop_kept(stop)} nodes told to stop")
        return
    result, kept = _run_season(_planted(without), chaos=chaos, kill_at=kill_at, keep=keep, folder=folder)
    if as_json:
        answer(result.to_json())
    else:
        from node.demo.summary import lines_of

        click.echo("\n".join(lines_of(result)))
    if kept is not None:
        click.echo(f"Nodes run in {kept}; end them with: tracenode demo --stop {kept}", err=True)
    _leave(0 if result.ok else 1, abruptly=keep)


def _planted(without: Collection[str]) -> list[str]:
    from node.demo.defects import NAMES

    for name in without:
        if name not in NAMES:
            raise click.BadParameter(f"{name} is not planted; choose from {', '.join(NAMES)}.", param_hint="--without")
    return [name for name in NAMES if name not in without]


def _run_season(
    planted: list[str], *, chaos: int | None, kill_at: str | None, keep: bool, folder: Path | None
) -> tuple[DemoResult, Path | None]:
    import asyncio
    import shutil
    import time

    from node.cli.node_access import now
    from node.demo.chaos import disturbance
    from node.demo.demo import Demo, temporary_folder

    try:
        disturb = disturbance(chaos, kill_at)
    except LookupError as error:
        raise click.BadParameter(str(error), param_hint="--kill-at") from error
    began = time.monotonic()
    told = Demo(
        at=now(), planted=planted, say=lambda line: click.echo(f"{time.monotonic() - began:5.1f} s  {line}", err=True)
    )
    place = folder or temporary_folder()
    try:
        result = asyncio.run(_run(told, place, disturb, keep=keep))
    finally:
        if folder is None and not keep:
            shutil.rmtree(place, ignore_errors=True)
    return result, place if keep else None


async def _run(told: Demo, folder: Path, disturb: Any, *, keep: bool) -> DemoResult:
    network, result = await told.run(folder, disturb)
    if not keep:
        await network.close()
    return result


def _leave(code: int, *, abruptly: bool) -> None:
    """Kept nodes are children of this process: leaving in order would wait for them."""
    if not abruptly:
        click.get_current_context().exit(code)
    import os

    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
