"""``tracenode import``: a credential for each row of a table, once, however often it is begun again.

The rule: nothing is issued before every row was read and checked. A row is known by its key within the job, so that
the same file issues nothing twice, and one that was changed since is refused. What the job issued can be revoked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from node.cli.import_results import ImportResult, RowProgress, results
from node.cli.options import answer, data_option, json_option

if TYPE_CHECKING:
    from node.cli.import_target import ImportTarget, IssuedBefore, IssuedNow
    from node.flows.importing.filling import RowDraft
    from node.flows.importing.shape import DraftShape
    from node.flows.importing.table import CellProblem, Table

_KINDS = ("dpp", "dcc", "dfr", "dia", "dte")  # node.flows.issuing.examples, not imported for the help
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_AT_ONCE: Final = 16  # rows that are issued together, so that one commit keeps several
_LONGEST_KEY: Final = 200  # characters of an idempotency key,
_LONGEST_JOB: Final = 64  # and of them for the job


@click.command("import")
@data_option
@json_option
@click.option("--template", "template", type=click.Choice(_KINDS), help="Print the columns of a kind, with an example.")
@click.option("--kind", type=click.Choice(_KINDS), help="What each row is; its columns are those of --template.")
@click.option("--draft", "draft_file", type=_FILE, help="A draft (JSON) that every row fills in, instead of --kind.")
@click.option("--columns", "columns_file", type=_FILE, help='Your own column names (TOML): "Lot" = "path.in.draft".')
@click.option("--encoding", type=click.Choice(["utf-8", "utf-16", "windows-1252"]), help="Of the file [found out].")
@click.option("--delimiter", type=click.Choice(["comma", "semicolon", "tab"]), help="Of the file [found out].")
@click.option("--decimal", type=click.Choice(["point", "comma"]), default="point", show_default=True)
@click.option("--job", default="", help="The name under which rows are known again [name of FILE].")
@click.option("--issue", "issues", is_flag=True, help="Issue them; without it the rows are only checked.")
@click.option("--undo", is_flag=True, help="Revoke everything that the job issued.")
@click.option("--reason", default="", help="Why, with --undo.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where results go [FILE.results.csv].")
@click.argument("file", type=_FILE, required=False)
def import_table(data: Path | None, as_json: bool, **options: Any) -> None:
    """Check the rows of FILE (CSV or XLSX), and issue a credential for each with --issue.

    Exit: 0 all is well, 1 some row is not.
    """
    import asyncio

    from node.config import load_settings

    settings = load_settings(data)
    if options["template"]:
        click.echo(_template(settings, options["template"]), nl=False)
        return
    file: Path | None = options["file"]
    if file is None or (options["kind"] is None) == (options["draft_file"] is None):
        raise click.UsageError("Name a FILE and either --kind or --draft; --template KIND prints a file to begin with.")
    result = asyncio.run(_run(settings, file, options))
    if as_json:
        answer(result.to_json())
    else:
        click.echo("\n".join(result.lines()))
    if result.problems:
        from node.cli.entry import NOT_VALID

        click.get_current_context().exit(NOT_VALID)


async def _run(settings: Any, file: Path, options: dict[str, Any]) -> ImportResult:
    from node.cli.import_target import target_of
    from node.flows.importing.filling import fill
    from node.flows.importing.shape import check_header

    table, shape = _table(file, options), _shape(settings, options)
    check_header(table.header, shape)
    filled = fill(table, shape, decimal=options["decimal"])
    job = _Job(options["job"] or file.stem)
    async with target_of(settings) as target:
        before = await target.issued(job.prefix)
        if options["undo"]:
            return await _undone(target, job, table, before, options["reason"])
        problems = [*filled.problems, *job.changed(filled.drafts, before)]
        waiting = [one for one in filled.drafts if job.key(one.key) not in before]
        problems += await _unfit(target, waiting, shape)
        counts = {"issued before": len(filled.drafts) - len(waiting), "issued": 0}
        if problems or not options["issues"]:
            how = "Mend the rows above, and begin again." if problems else "Issue them with --issue."
            return ImportResult(
                job=job.name,
                found=table.found,
                rows=len(table.rows) + len(table.problems),
                done=f"Nothing was issued. {how}",
                counts=counts | {"to issue": len(waiting)},
                problems=sorted(problems, key=lambda one: one.row),
            )
        now, failed = await _issued(target, job, waiting)
    output = options["output"] or file.with_name(f"{file.name}.results.csv")
    earlier = {one.key: before[job.key(one.key)].id for one in filled.drafts if job.key(one.key) in before}
    output.write_text(results(filled.drafts, earlier, now, failed), "utf-8", newline="")
    return ImportResult(
        job=job.name,
        found=table.found,
        rows=len(table.rows),
        done=f"Results: {output}" + (". Begin again for those that failed." if failed else ""),
        counts=counts
        | {"issued": len(now), "failed": len(failed), "with notes": sum(bool(one.notes) for one in now.values())},
        problems=failed,
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """A job and the idempotency keys of its rows."""

    name: str

    @property
    def prefix(self) -> str:
        return f"import:{_short(self.name, _LONGEST_JOB)}:"

    def key(self, row: str) -> str:
        return self.prefix + _short(row, _LONGEST_KEY - len(self.prefix))

    def changed(self, drafts: Sequence[RowDraft], before: dict[str, IssuedBefore]) -> Iterable[CellProblem]:
        """Rows that were issued with other content, and such that are gone: the file was edited since."""
        from node.flows.importing.table import CellProblem
        from node.flows.issuing.issuing import request_digest

        keys = {self.key(one.key): one for one in drafts}
        for key, earlier in before.items():
            row = keys.get(key)
            if row is None:
                detail, number = f"{earlier.id} was issued for a row that is not in the file any more.", 0
            elif request_digest(row.draft) != earlier.request:
                detail, number = f"{earlier.id} was issued for this row with other content.", row.row
            else:
                continue
            fix = "Undo the job, or give the new rows another --job."
            yield CellProblem(row=number, column="key", detail=detail, fix=fix)


def _short(text: str, most: int) -> str:
    """The text in so many characters of an idempotency key at most; what is longer by its SHA-256, never cut off."""
    quoted = quote(text, safe="")
    return quoted if len(quoted) <= most else hashlib.sha256(text.encode()).hexdigest()


def _table(file: Path, options: dict[str, Any]) -> Table:
    from node.flows.importing.csv_file import read_csv
    from node.flows.importing.table import MOST_BYTES
    from node.flows.importing.workbook_file import is_workbook, read_workbook

    with file.open("rb") as opened:
        raw = opened.read(MOST_BYTES + 1)
    if is_workbook(raw):
        return read_workbook(raw)
    return read_csv(raw, encoding=options["encoding"], delimiter=options["delimiter"])


def _shape(settings: Any, options: dict[str, Any]) -> DraftShape:
    from credentials.encoding.document import parse_document
    from node.flows.importing.shape import parse_columns, renamed, shape_of

    file: Path | None = options["draft_file"]
    draft = dict(parse_document(file.read_bytes()).value) if file is not None else _example(settings, options["kind"])
    shape, columns = shape_of(draft, constant=file is not None), options["columns_file"]
    return renamed(shape, parse_columns(columns.read_bytes())) if columns is not None else shape


def _example(settings: Any, kind: str) -> dict[str, Any]:
    from node.app import identity_of
    from node.cli.node_access import now
    from node.flows.issuing.examples import example

    return example(kind, identity_of(settings), at=now())


def _template(settings: Any, kind: str) -> str:
    from node.flows.importing.csv_file import written
    from node.flows.importing.shape import KEY, shape_of

    shape = shape_of(_example(settings, kind), constant=False)
    values = (shape.value_at(path) for path in shape.leaves.values())
    return written([[KEY, *shape.leaves], ["1", *(_cell(one) for one in values)]])


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


async def _unfit(target: ImportTarget, drafts: Sequence[RowDraft], shape: DraftShape) -> list[CellProblem]:
    """What the node says against the drafts, each at its column where there is one."""
    from node.flows.importing.table import CellProblem

    columns = {"/" + "/".join(map(str, path)): name for name, path in shape.leaves.items()}
    found, progress = list[CellProblem](), RowProgress("checked", len(drafts))
    for one in drafts:
        for problem in await target.problems(one.draft):
            pointer = (
                problem.pointer.removeprefix("/credential")
                if problem.pointer.startswith("/credential/")
                else problem.pointer
            )
            column = columns.get(pointer, pointer)
            found.append(CellProblem(row=one.row, column=column, detail=problem.detail, fix=problem.fix))
        progress.one()
    return found


async def _issued(
    target: ImportTarget, job: _Job, drafts: Sequence[RowDraft]
) -> tuple[dict[str, IssuedNow], list[CellProblem]]:
    import asyncio

    from credentials.errors import CredentialsError
    from node.cli.import_target import IssuedNow, problems_of
    from node.errors import NodeError
    from node.flows.importing.table import CellProblem

    now, failed, progress = dict[str, IssuedNow](), list[CellProblem](), RowProgress("issued", len(drafts))

    async def issue(one: RowDraft) -> None:
        try:
            now[one.key] = await target.issue(one.draft, job.key(one.key))
        except (NodeError, CredentialsError) as error:
            first = problems_of(error)[0]
            failed.append(CellProblem(row=one.row, column=first.pointer, detail=first.detail, fix=first.fix))
        progress.one()

    for start in range(0, len(drafts), _AT_ONCE):
        await asyncio.gather(*map(issue, drafts[start : start + _AT_ONCE]))
    return now, failed


async def _undone(
    target: ImportTarget, job: _Job, table: Table, before: dict[str, IssuedBefore], reason: str
) -> ImportResult:
    standing = [one.id for one in before.values() if not one.revoked]
    progress = RowProgress("revoked", len(standing))
    for id in standing:
        await target.revoke(id, reason or f"import {job.name} was undone")
        progress.one()
    return ImportResult(
        job=job.name,
        found=table.found,
        rows=len(table.rows),
        done="What the job issued does not stand any more.",
        counts={"revoked": len(standing), "revoked before": len(before) - len(standing)},
        problems=(),
    )
