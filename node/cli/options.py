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


def answer(value: object) -> None:
    """Print JSON to stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
