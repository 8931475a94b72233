"""``python -m benchmarks``: one table of ratios, each measured in this run against a peer or a limit.

Medians of process time, both sides of a ratio in turn. Rows live in :mod:`benchmarks.rows`, a module for each family
with a tuple ``ROWS``; ``python -m benchmarks DPP npm`` runs only the rows that name one of the words. Ends with 1 when
a target is missed.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import rows
from benchmarks.row import NotHere, Row

_WIDTHS = (62, 36, 9, 9, 9)


def main(words: list[str]) -> int:
    """Print the table; 1 when a target is missed."""
    print(_machine())
    _print("what", "against", "measured", "target", "")
    missed = absent = 0
    for row in _rows(words):
        target = f"{'≤' if row.at_most else '≥'} {row.shown(row.target)}"
        try:
            measured = row.measure()
        except NotHere as reason:
            absent += 1
            _print(row.what, row.against, "–", target, f"not here: {reason}")
            continue
        missed += not row.holds(measured)
        verdict = "" if row.holds(measured) else "MISSED  "
        _print(row.what, row.against, row.shown(measured.ratio), target, f"{verdict}{measured.detail}")
    print(f"{missed} missed, {absent} not measured" if missed or absent else "all targets met")
    return 1 if missed else 0


def _rows(words: list[str]) -> Iterator[Row]:
    for module in sorted(pkgutil.iter_modules(rows.__path__), key=lambda found: found.name):
        for row in importlib.import_module(f"benchmarks.rows.{module.name}").ROWS:
            if not words or any(word.lower() in f"{row.what} {row.against}".lower() for word in words):
                yield row


def _print(*cells: str) -> None:
    print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip(), flush=True)


def _machine() -> str:
    """The processor, how many of it, the system and Python, in a line."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{name} × {os.cpu_count()}, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the nodes that a row started end with it
    sys.exit(main(sys.argv[1:]))
