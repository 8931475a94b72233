"""A table as it was read: a header, rows of cells with their numbers in the file, and what is wrong, by cell.

The rule: nothing is guessed silently. What was found out about a file is said (``found``), and what could be read in
two ways is a problem whose cure is an option.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

from credentials.errors import MalformedInput

#: More than this is refused before it is read: bytes, inflated for a workbook, and rows.
MOST_BYTES: Final = 50_000_000
MOST_ROWS: Final = 50_000

#: What a cell holds; a sheet may hold numbers and dates, a file of text holds text.
Cell: TypeAlias = str | bool | int | float | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """What is wrong with a cell, or with a row where ``column`` is "": cause and cure."""

    row: int
    column: str
    detail: str
    fix: str

    def __str__(self) -> str:
        where = f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.detail} {self.fix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row: its number in the file, counted from 1 with the header, and its cells by column, empty ones left out."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as rows. ``found`` says in words how it was read; ``problems`` what no row came of."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    found: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()


def table_of(lines: Sequence[Sequence[Cell]], found: tuple[str, ...]) -> Table:
    """The table in ``lines``, the first of which is the header; blank lines are passed over.

    Raises:
        MalformedInput: there is no header, a column has no name or another one's, or there are too many rows.
    """
    header = _header(lines[0] if lines else ())
    if len(lines) - 1 > MOST_ROWS:
        raise MalformedInput(
            f"The table has {len(lines) - 1:,} rows; the limit is {MOST_ROWS:,}.".replace(",", " "),
            code="TOO_LARGE",
            fix="Split it.",
        )
    rows, problems = list[TableRow](), list[CellProblem]()
    for number, line in enumerate(lines[1:], 2):
        cells = [one.strip() if isinstance(one, str) else one for one in line]
        if all(one == "" for one in cells):
            continue
        if len(cells) > len(header) and any(one != "" for one in cells[len(header) :]):
            problems.append(
                CellProblem(
                    row=number,
                    column="",
                    detail=f"The row has {len(cells)} cells, and the header {len(header)} columns.",
                    fix="Put a text that holds the delimiter in double quotes.",
                )
            )
            continue
        rows.append(
            TableRow(number=number, cells={name: one for name, one in zip(header, cells, strict=False) if one != ""})
        )
    if not rows and not problems:
        raise MalformedInput("The table has no rows below its header.", fix="Add a row for each credential.")
    return Table(header=header, rows=tuple(rows), found=found, problems=tuple(problems))


def _header(line: Sequence[Cell]) -> tuple[str, ...]:
    names = [one.strip() if isinstance(one, str) else str(one) for one in line]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise MalformedInput("The table has no header.", fix="Name the columns in the first row; see --template.")
    for place, name in enumerate(names, 1):
        if not name:
            raise MalformedInput(f"Column {place} has no name.", fix="Name it, or remove it.")
        if name in names[: place - 1]:
            raise MalformedInput(f"Two columns are called {name[:60]!r}.", fix="Rename or remove one of them.")
    return tuple(names)
