"""What came of an import, for people and for programs: counts, problems, a file of results, and progress meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from node.cli.import_target import IssuedNow
    from node.flows.importing.filling import RowDraft
    from node.flows.importing.table import CellProblem

_EVERY: Final = 2.0  # seconds between two lines of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of a run: rows by state, and every problem."""

    job: str
    found: Sequence[str]
    rows: int
    done: str
    counts: dict[str, int]
    problems: Sequence[CellProblem]

    def lines(self) -> Iterable[str]:
        yield f"{self.rows} rows read: {', '.join(self.found)}."
        yield from (f"  {one}" for one in self.problems)
        yield f"Job {self.job}: {', '.join(f'{count} {state}' for state, count in self.counts.items())}."
        yield self.done

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job,
            "found": list(self.found),
            "rows": self.rows,
            **self.counts,
            "problems": [
                {"row": one.row, "column": one.column, "detail": one.detail, "fix": one.fix} for one in self.problems
            ],
        }


def results(
    drafts: Sequence[RowDraft],
    earlier: Mapping[str, str],
    now: Mapping[str, IssuedNow],
    failed: Sequence[CellProblem],
) -> str:
    """The file of results, a line a row: its state, the id, why it failed, and what is said of it beside.

    ``earlier`` are the ids of what was issued before, ``now`` what was just issued, both by the keys of rows.
    """
    from node.flows.importing.csv_file import written

    wrong = {one.row: one for one in failed}
    rows = [["row", "key", "state", "id", "problem", "notes"]]
    for one in drafts:
        if one.key in earlier:
            rows.append([str(one.row), one.key, "issued before", earlier[one.key], "", ""])
        elif one.key in now:
            rows.append([str(one.row), one.key, "issued", now[one.key].id, "", " ".join(now[one.key].notes)])
        else:
            rows.append([str(one.row), one.key, "failed", "", f"{wrong[one.row].detail} {wrong[one.row].fix}", ""])
    return written(rows)


class RowProgress:
    """How far it is, told on stderr every two seconds."""

    def __init__(self, what: str, whole: int) -> None:
        self._what, self._whole, self._done = what, whole, 0
        self._told = time.monotonic()

    def one(self) -> None:
        """One more is done."""
        self._done += 1
        if time.monotonic() - self._told >= _EVERY or (self._done == self._whole and self._whole >= 100):
            self._told = time.monotonic()
            click.echo(f"{self._done} of {self._whole} {self._what}", err=True)
