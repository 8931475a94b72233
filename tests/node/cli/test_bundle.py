"""``tracenode bundle`` and ``verify-bundle``: one file, judged again by somebody else, somewhere else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from credentials.encoding.bundle_file import read_bundle, write_bundle
from node.demo.offline import pinned_trust_list
from node.demo.season import target
from tests.node.cli.terminal import Terminal
from tests.node.season import season_folder
from tests.node.serving.supervised import supervised

MOMENT = ("--at", "2026-06-01T12:00:00Z")


@pytest.fixture
def trust(tmp_path: Path) -> str:
    path = tmp_path / "trust.json"
    path.write_text(json.dumps(pinned_trust_list()))
    return str(path)


@pytest.fixture
def packed(terminal: Terminal, tmp_path: Path, trust: str) -> Path:
    path = tmp_path / "shirt.zip"
    said = terminal("bundle", "--from", str(season_folder()), "--trust", trust, *MOMENT, "-o", str(path), target())
    assert "PARTIALLY VERIFIED" in said.out
    return path


def test_a_bundle_holds_the_report_of_the_trace(terminal: Terminal, packed: Path, trust: str) -> None:
    traced = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, "--json", target())
    assert json.loads(read_bundle(packed.read_bytes())["report.json"]) == json.loads(traced.out)


def test_the_same_trace_is_the_same_file(terminal: Terminal, tmp_path: Path, packed: Path, trust: str) -> None:
    other = tmp_path / "again.zip"
    terminal("bundle", "--from", str(season_folder()), "--trust", trust, *MOMENT, "-o", str(other), target())
    assert other.read_bytes() == packed.read_bytes()
    again = terminal("bundle", "--from", str(season_folder()), "--trust", trust, *MOMENT, "-o", str(other), target())
    assert (again.code, other.read_bytes()) == (2, packed.read_bytes())


def test_it_is_judged_again_to_the_same_bytes(terminal: Terminal, packed: Path, trust: str) -> None:
    said = terminal("verify-bundle", str(packed), "--trust", trust, "--json")
    told = json.loads(said.out)
    assert (said.code, told["same"], told["underMyTrust"]["differences"]) == (0, True, [])


def test_under_a_trust_list_that_pins_nobody_less_is_shown(terminal: Terminal, tmp_path: Path, packed: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps({"entries": pinned_trust_list()["entries"]}))
    said = terminal("verify-bundle", str(packed), "--trust", str(mine))
    assert said.code == 3
    assert "under your trust list" in said.out
    assert "VERIFIED" in said.out


def _report(members: dict[str, bytes]) -> None:
    members["report.json"] = members["report.json"].replace(b"PARTIALLY VERIFIED", b"VERIFIED")


def _answers(members: dict[str, bytes]) -> None:
    answers = json.loads(members["answers.json"])
    answers["answers"] = [one for one in answers["answers"] if "status" not in one["id"]]
    members["answers.json"] = json.dumps(answers).encode()


def _question(members: dict[str, bytes]) -> None:
    members["question.json"] = members["question.json"].replace(b"2026-06-01", b"2027-06-01")


def _trust(members: dict[str, bytes]) -> None:
    members["trust.json"] = b'{"entries":[]}'


def _shape(members: dict[str, bytes]) -> None:
    members["answers.json"] = b'{"answers": [null], "arrived": {}}'


@pytest.mark.parametrize("edit", [_report, _answers, _question, _trust, _shape])
def test_an_edited_verdict_does_not_survive_a_manifest_that_fits_it(
    terminal: Terminal, tmp_path: Path, packed: Path, edit: Callable[[dict[str, bytes]], None]
) -> None:
    members = read_bundle(packed.read_bytes())
    edit(members)
    forged = tmp_path / "forged.zip"
    forged.write_bytes(write_bundle(members))
    assert terminal("verify-bundle", str(forged)).code == 1


def test_a_file_that_is_no_bundle_is_named(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")
    said = terminal("verify-bundle", str(tmp_path / "x.zip"))
    assert said.code == 1
    assert "BUNDLE_DAMAGED" in said.err


@pytest.mark.slow
def test_edits_of_each_member_are_refused_or_change_no_verdict(
    terminal: Terminal, tmp_path: Path, packed: Path
) -> None:
    """A hundred bytes of each member with a manifest that fits: the report in the file is not the one judged then."""
    members, chance = read_bundle(packed.read_bytes()), Random(7)
    path = tmp_path / "edited.zip"
    for name in ("question.json", "trust.json", "answers.json", "report.json"):
        for _ in range(25):
            part = bytearray(members[name])
            place = chance.randrange(len(part))
            part[place] ^= chance.randrange(1, 128)
            path.write_bytes(write_bundle(members | {name: bytes(part)}))
            said = terminal("verify-bundle", str(path), "--json")
            if said.code == 0:  # an edit of what nothing follows from, as where a document was found
                assert name == "answers.json"
                assert json.loads(said.out)["word"] == "PARTIALLY VERIFIED"


@pytest.mark.slow
def test_it_is_the_same_in_another_time_zone_and_locale_without_a_network(packed: Path) -> None:
    apart = ["unshare", "--map-root-user", "--net"] if _can_be_apart() else []
    said = subprocess.run(
        [*apart, sys.executable, "-m", "node", "verify-bundle", str(packed), "--json"],
        env={**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4711"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["same"] is True


def _can_be_apart() -> bool:
    if shutil.which("unshare") is None:
        return False
    return (
        subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True, check=False).returncode
        == 0
    )


def test_a_node_that_does_not_run_packs_what_it_has_only_as_private(
    terminal: Terminal, tmp_path: Path, spinner: Path
) -> None:
    words = ("bundle", "-o", str(tmp_path / "own.zip"), "https://spinner.test/lots/1")
    refused = terminal(*words, data=spinner)
    assert (refused.code, "--with-private" in refused.err) == (2, True)
    packed = terminal(*words, "--with-private", data=spinner)
    assert packed.code == 3
    said = terminal("verify-bundle", str(tmp_path / "own.zip"), "--json")
    assert (said.code, json.loads(said.out)["same"]) == (0, True)


@pytest.mark.slow
def test_a_running_node_packs_what_it_serves(terminal: Terminal, tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    with supervised(tmp_path / "node", workers=2) as node:
        draft.write_text(terminal("issue", "--example", "dpp", data=node.data).out)
        issued = json.loads(terminal("issue", "--json", str(draft), data=node.data).out)
        lot = json.loads(draft.read_text())["credentialSubject"]["id"]
        file = tmp_path / "own.zip"
        packed = terminal("bundle", "-o", str(file), lot, data=node.data)
    assert packed.code == 3, packed.err
    assert issued["id"].encode() in file.read_bytes()
    said = terminal("verify-bundle", str(file), "--json")
    assert (said.code, json.loads(said.out)["same"]) == (0, True)
