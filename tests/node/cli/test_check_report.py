"""``tracenode check-report``: what a report proves, gone through again from the documents by a second program."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from credentials.encoding.document import sha256_hex
from node.demo.offline import pinned_trust_list
from node.demo.season import target
from tests.node.cli.terminal import Said, Terminal
from tests.node.season import season_folder

MOMENT = ("--at", "2026-06-01T12:00:00Z")


@pytest.fixture
def trust(tmp_path: Path) -> str:
    path = tmp_path / "trust.json"
    path.write_text(json.dumps(pinned_trust_list()))
    return str(path)


@pytest.fixture
def report(terminal: Terminal, trust: str) -> dict[str, Any]:
    traced = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, "--json", target())
    found: dict[str, Any] = json.loads(traced.out)
    return found


def checked(terminal: Terminal, tmp_path: Path, report: Any, *options: str, folder: Path | None = None) -> Said:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report))
    return terminal("check-report", str(path), "--from", str(folder or season_folder()), *options)


def test_what_the_season_proves_is_proven(
    terminal: Terminal, tmp_path: Path, trust: str, report: dict[str, Any]
) -> None:
    said = checked(terminal, tmp_path, report, "--trust", trust, "--json")
    proven = [claim["id"] for claim in report["claims"] if claim["derivation"] is not None]
    answer = {"steps": len(report["derivation"]["steps"]), "shown": proven, "without": []}
    assert (said.code, json.loads(said.out)) == (0, answer)


def test_what_was_not_checked_is_said(terminal: Terminal, tmp_path: Path, report: dict[str, Any]) -> None:
    out = checked(terminal, tmp_path, report).out
    assert "--trust" in out
    assert "Not checked: upper bounds" in out


def test_a_number_that_was_talked_up_is_refused_at_its_step(
    terminal: Terminal, tmp_path: Path, report: dict[str, Any]
) -> None:
    steps = report["derivation"]["steps"]
    number = next(place for place, step in enumerate(steps) if step["rule"] == "mix" and step["value"] != "1")
    steps[number]["value"] = "1"
    said = checked(terminal, tmp_path, report)
    assert said.code == 1
    assert f"Step {number} (mix): 1 is written" in said.err


def test_a_document_that_was_changed_is_not_the_one_that_was_judged(
    terminal: Terminal, tmp_path: Path, report: dict[str, Any]
) -> None:
    folder = tmp_path / "documents"
    shutil.copytree(season_folder(), folder)
    named = report["derivation"]["documents"]
    path = next(one for one in sorted(folder.rglob("*")) if one.is_file() and sha256_hex(one.read_bytes()) in named)
    digest, raw = sha256_hex(path.read_bytes()), bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle] = ord("A") if raw[middle] != ord("A") else ord("B")
    path.write_bytes(raw)
    said = checked(terminal, tmp_path, report, folder=folder)
    assert said.code == 1
    assert f"The document {digest} is not in hand" in said.err


def test_what_is_no_report_is_said_so(terminal: Terminal, tmp_path: Path) -> None:
    said = checked(terminal, tmp_path, ["no", "report"])
    assert said.code != 0
    assert "The file is no report." in said.err


def test_a_good_word_without_a_derivation_could_not_be_told(
    terminal: Terminal, tmp_path: Path, report: dict[str, Any]
) -> None:
    for claim in report["claims"]:
        claim["derivation"] = None
    report["derivation"] = {"documents": [], "steps": []}
    said = checked(terminal, tmp_path, report)
    assert said.code == 3
    assert "its word has no derivation" in said.out
