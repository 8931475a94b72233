"""``tracenode import``: a credential for each row, once, however often it is begun again."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.node.cli.terminal import Terminal
from tests.node.serving.supervised import supervised


def rows_of(terminal: Terminal, spinner: Path, count: int, file: Path) -> Path:
    """A table of so many passports, from the template."""
    header, example = csv.reader(terminal("import", "--template", "dpp", data=spinner).out.splitlines())
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(header)
        for number in range(count):
            row = dict(zip(header, example, strict=True))
            row["key"] = row["credentialSubject.batchNumber"] = f"L-{number}"
            row["credentialSubject.id"] = f"https://spinner.test/lots/{number}"
            row["credentialSubject.performanceClaim.0.id"] = f"https://spinner.test/claims/{number}"
            table.writerow(row.values())
    return file


def said(terminal: Terminal, spinner: Path, *words: str) -> tuple[int, dict[str, object]]:
    came = terminal("import", "--kind", "dpp", "--json", *words, data=spinner)
    return came.code, json.loads(came.out)


def issued(terminal: Terminal, spinner: Path, status: str) -> list[str]:
    found = json.loads(terminal("list", "--status", status, "--limit", "200", "--json", data=spinner).out)
    return [one["id"] for one in found["credentials"]]


def test_a_table_is_checked_first_issued_once_and_revoked_as_a_whole(
    terminal: Terminal, spinner: Path, tmp_path: Path
) -> None:
    file = str(rows_of(terminal, spinner, 3, tmp_path / "lots.csv"))
    code, checked = said(terminal, spinner, file)
    assert (code, checked["to issue"], checked["issued"], issued(terminal, spinner, "good")) == (0, 3, 0, [])
    code, done = said(terminal, spinner, "--issue", file)
    assert (code, done["issued"], len(issued(terminal, spinner, "good"))) == (0, 3, 3)
    code, again = said(terminal, spinner, "--issue", file)
    assert (code, again["issued"], again["issued before"]) == (0, 0, 3)
    with Path(f"{file}.results.csv").open(encoding="utf-8", newline="") as results:
        told = list(csv.DictReader(results))
    assert sorted(one["id"] for one in told) == sorted(issued(terminal, spinner, "good"))
    other = terminal("issue", "-", data=spinner, stdin=terminal("issue", "--example", "dpp", data=spinner).out.encode())
    code, undone = said(terminal, spinner, "--undo", file)
    assert (code, undone["revoked"], len(issued(terminal, spinner, "revoked"))) == (0, 3, 3)
    assert issued(terminal, spinner, "good") == [other.out.strip()]


def test_a_row_that_was_changed_or_taken_out_since_is_refused_and_nothing_is_issued(
    terminal: Terminal, spinner: Path, tmp_path: Path
) -> None:
    file = rows_of(terminal, spinner, 2, tmp_path / "lots.csv")
    assert said(terminal, spinner, "--issue", str(file))[0] == 0
    first, second, third = file.read_text().splitlines()
    file.write_text("\n".join([first, second.replace("Ring-spun", "Open-end"), third.replace("L-1", "L-7")]))
    code, edited = said(terminal, spinner, "--issue", str(file))
    assert (code, edited["issued"]) == (1, 0)
    assert ["other content" in one["detail"] for one in edited["problems"]] == [False, True]  # type: ignore[attr-defined]
    code, renamed = said(terminal, spinner, "--issue", "--job", "anew", str(file))
    assert (code, renamed["issued"], renamed["with notes"]) == (0, 2, 2)
    with Path(f"{file}.results.csv").open(encoding="utf-8", newline="") as results:
        notes = [one["notes"] for one in csv.DictReader(results)]
    assert ["is in force about the same subject" in one for one in notes] == [True, True]


def test_every_row_that_cannot_be_issued_is_told_and_none_is(terminal: Terminal, spinner: Path, tmp_path: Path) -> None:
    file = rows_of(terminal, spinner, 3, tmp_path / "lots.csv")
    text = file.read_text().replace("false", "perhaps", 1).replace(",IN,manufacturer", ",Indiaa,manufacturer", 3)
    file.write_text(text)
    came = terminal("import", "--kind", "dpp", "--issue", str(file), data=spinner)
    assert came.code == 1
    assert "row 2, column credentialSubject.materialProvenance.0.hazardous:" in came.out
    assert "row 3, column credentialSubject.countryOfProduction.countryCode:" in came.out
    assert "row 4, column" in came.out
    assert "Nothing was issued." in came.out
    assert issued(terminal, spinner, "good") == []


def test_a_file_needs_a_kind_or_a_draft(terminal: Terminal, spinner: Path, tmp_path: Path) -> None:
    file = str(rows_of(terminal, spinner, 1, tmp_path / "lots.csv"))
    assert terminal("import", file, data=spinner).code == 2
    draft = tmp_path / "draft.json"
    draft.write_text(terminal("issue", "--example", "dpp", data=spinner).out)
    few = tmp_path / "few.csv"
    few.write_text("key,credentialSubject.id\nA,https://spinner.test/lots/A\n")
    assert terminal("import", "--draft", str(draft), "--issue", str(few), data=spinner).code == 0
    assert len(issued(terminal, spinner, "good")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dpp", "dcc", "dfr", "dia", "dte"])
def test_the_template_of_each_kind_is_issued_as_it_is(
    terminal: Terminal, spinner: Path, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "template.csv"
    file.write_text(terminal("import", "--template", kind, data=spinner).out, newline="")
    assert terminal("import", "--kind", kind, "--issue", str(file), data=spinner).code == 0
    (line,) = json.loads(terminal("list", "--json", data=spinner).out)["credentials"]
    assert line["kind"] == kind


@pytest.mark.slow
def test_an_import_that_is_killed_twice_issues_each_row_once(terminal: Terminal, spinner: Path, tmp_path: Path) -> None:
    count = 150
    file = rows_of(terminal, spinner, count, tmp_path / "lots.csv")
    words = [sys.executable, "-m", "node", "import", "--data", str(spinner), "--kind", "dpp", "--issue", str(file)]
    for part in (40, 90):
        process = subprocess.Popen(words, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while rows_in(spinner, "credential") < part and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, "it was done before it could be killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert 0 < rows_in(spinner, "credential") < count
    assert subprocess.run(words, env=os.environ, check=False, capture_output=True).returncode == 0
    assert rows_in(spinner, "credential") == count
    assert rows_in(spinner, "outbox_event") == count
    assert said(terminal, spinner, "--issue", str(file))[1]["issued before"] == count


@pytest.mark.slow
def test_a_running_node_issues_for_an_import(terminal: Terminal, tmp_path: Path) -> None:
    with supervised(tmp_path / "node", workers=2) as node:
        file = str(rows_of(terminal, node.data, 40, tmp_path / "lots.csv"))
        assert said(terminal, node.data, "--issue", file)[1]["issued"] == 40
        assert said(terminal, node.data, "--issue", file)[1]["issued before"] == 40
        assert len(issued(terminal, node.data, "good")) == 40
        assert said(terminal, node.data, "--undo", file)[1]["revoked"] == 40
        assert issued(terminal, node.data, "good") == []


def rows_in(data: Path, table: str) -> int:
    """How many rows a table of the node's database has."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(f"file:{data / 'node.db'}?mode=ro", uri=True, timeout=30)) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0])


def test_a_job_is_no_other_one_that_is_spelt_alike(terminal: Terminal, spinner: Path, tmp_path: Path) -> None:
    file = rows_of(terminal, spinner, 1, tmp_path / "lots.csv")
    long = "a job of which the name is as long as names of files may well be, "
    jobs = ("Lots", "lots", "lot_", "lots:1", f"{long}first half", f"{long}second half")
    for number, job in enumerate(jobs):
        code, done = said(terminal, spinner, "--issue", "--job", job, str(file))
        assert (code, done["issued"], len(issued(terminal, spinner, "good"))) == (0, 1, number + 1), job
    code, undone = said(terminal, spinner, "--undo", "--job", "lots", str(file))
    assert (code, undone["revoked"], len(issued(terminal, spinner, "good"))) == (0, 1, len(jobs) - 1)
