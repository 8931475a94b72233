"""Rows as drafts: each cell is read as the JSON type that belongs in its place, and what cannot be is told by cell.

The rule: text stays text. A sheet that made a number of a code has lost its zeros, so that a number where text belongs
is a problem and never written out again; a decimal comma is read only where the caller says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.encoding.document import Json
from node.flows.importing.shape import KEY, DraftShape, Path
from node.flows.importing.table import Cell, CellProblem, Table, TableRow

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\Z")
_POINT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?\Z")
_COMMA: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14}),[0-9]{1,12}\Z")
#: What a spreadsheet shows for a number of many digits.
_SHORTENED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+\Z", re.IGNORECASE)
_WORDS: Final = {"true": True, "yes": True, "false": False, "no": False}
_LONGEST_KEY: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDraft:
    """The draft of one row, under the key that tells it from all others."""

    row: int
    key: str
    draft: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The drafts of all rows without a problem, and every problem of the others."""

    drafts: tuple[RowDraft, ...]
    problems: tuple[CellProblem, ...]


def fill(table: Table, shape: DraftShape, *, decimal: str) -> Filled:
    """Each row as a draft; ``decimal`` is ``point`` or ``comma``."""
    drafts, problems, keys = list[RowDraft](), [*table.problems], dict[str, int]()
    for row in table.rows:
        found = [*_of_key(row, keys)]
        values: dict[Path, Json] = {}
        for column, cell in row.cells.items():
            if column == KEY:
                continue
            read = _read(cell, shape.value_at(shape.leaves[column]), decimal)
            if isinstance(read, _Wrong):
                found.append(CellProblem(row=row.number, column=column, detail=read.detail, fix=read.fix))
            else:
                values[shape.leaves[column]] = read.value
        problems += found
        if not found:
            drafts.append(RowDraft(row=row.number, key=str(row.cells[KEY]), draft=_built(shape, values)))
    return Filled(drafts=tuple(drafts), problems=tuple(sorted(problems, key=lambda one: one.row)))


@dataclass(frozen=True, slots=True)
class _Read:
    value: Json


@dataclass(frozen=True, slots=True)
class _Wrong:
    detail: str
    fix: str


def _of_key(row: TableRow, keys: dict[str, int]) -> Iterator[CellProblem]:
    key = row.cells.get(KEY, "")
    if not isinstance(key, str):
        wrong: _Wrong | None = _as_number(key)
    elif not key:
        wrong = _Wrong("The row has no key.", "Give one that no other row has.")
    elif len(key) > _LONGEST_KEY or not key.isprintable():
        wrong = _Wrong(f"The key is not 1 to {_LONGEST_KEY} printable characters.", "Give a shorter one.")
    elif key in keys:
        wrong = _Wrong(f"Row {keys[key]} has the same key.", "Give one that no other row has.")
    else:
        wrong = None
        keys[key] = row.number
    if wrong is not None:
        yield CellProblem(row=row.number, column=KEY, detail=wrong.detail, fix=wrong.fix)


def _read(cell: Cell, sample: Json, decimal: str) -> _Read | _Wrong:
    """The value of a cell where the shape has ``sample``."""
    if isinstance(sample, bool):
        return _truth(cell)
    if isinstance(sample, int | float):
        return _number(cell, decimal)
    if not isinstance(cell, str):
        return _as_number(cell)
    if _SHORTENED.match(cell):
        return _Wrong(
            f"{cell!r} is a number that a spreadsheet has shortened.", "Format the column as text, and enter it anew."
        )
    if cell.startswith("=") or any(ord(char) < 32 and char not in "\n\t\r" for char in cell):
        return _Wrong("The cell holds a formula, or characters that are not printed.", "Enter the text itself.")
    return _Read(cell)


def _as_number(cell: Cell) -> _Wrong:
    kind = "a number" if isinstance(cell, int | float) and not isinstance(cell, bool) else "no text"
    return _Wrong(
        f"The sheet holds {kind} here, and zeros may be lost.", "Format the column as text, and enter it anew."
    )


def _truth(cell: Cell) -> _Read | _Wrong:
    if isinstance(cell, bool):
        return _Read(cell)
    known = _WORDS.get(cell.lower()) if isinstance(cell, str) else None
    return _Wrong("The cell is neither true nor false.", "Write true or false.") if known is None else _Read(known)


def _number(cell: Cell, decimal: str) -> _Read | _Wrong:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return _Wrong("The cell is no number.", "Write one such as 12.5.")
    if isinstance(cell, int | float):
        whole = isinstance(cell, int) or cell.is_integer()
        return _Read(int(cell) if whole else cell)
    if _COMMA.match(cell):
        if decimal != "comma":
            return _Wrong(
                f"{cell!r} has a comma, which may part thousands or decimals.",
                "Give --decimal comma, or write a point.",
            )
        return _Read(float(cell.replace(",", ".")))
    if _INTEGER.match(cell):
        return _Read(int(cell))
    if _POINT.match(cell) and decimal == "point":
        return _Read(float(cell))
    return _Wrong(f"{cell[:40]!r} is no number.", "Write digits alone, with a point before decimals.")


def _built(shape: DraftShape, values: Mapping[Path, Json]) -> dict[str, Json]:
    """The shape with ``values``; without ``constant`` objects and lists that nothing was filled into are left out."""
    built = _filled(shape.draft, (), values, shape.constant)
    return built if isinstance(built, dict) else {}


def _filled(part: Json, path: Path, values: Mapping[Path, Json], constant: bool) -> Json:
    if isinstance(part, dict):
        members: dict[str, Any] = {}
        for key, item in part.items():
            if key in ("@context", "type"):
                continue
            inner = _filled(item, (*path, key), values, constant)
            if inner is not None:
                members[key] = inner
        kept = {key: part[key] for key in ("@context", "type") if key in part}
        return {**kept, **members} if members or not path else None
    if isinstance(part, list):
        items: Iterable[Json] = (_filled(item, (*path, place), values, constant) for place, item in enumerate(part))
        return [item for item in items if item is not None] or None
    return values.get(path, part if constant else None)
