"""Options that many commands share, and how an answer is printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """``--data DIR``: which data folder; TRACENODE_DATA when it is left out."""
    path = click.Path(path_type=Path)
    return click.option("--data", type=path, default=None, help="The data folder [TRACENODE_DATA].")(command)


def json_option(command: F) -> F:
    """``--json``: the answer as JSON."""
    return click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")(command)


def evidence_options(command: F) -> F:
    """``--from DIR``, ``--trust FILE``, ``--at TIME``: with what in hand to judge, whom to believe, as of when."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = (
        click.option(
            "--from", "folder", type=folder, default=None, help="A folder of evidence instead of the network."
        ),
        click.option("--trust", "trust_file", type=file, help="A trust list (JSON) of your own."),
        click.option("--at", "at_text", metavar="TIME", help="Judge as of this moment [now]."),
    )
    for option in reversed(options):  # the first one given is the first one that --help lists
        command = option(command)
    return command


def answer(value: object) -> None:
    """Print JSON to stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
