"""``tracenode verify --many``: a line for every credential, figures on stderr, exit codes as ever."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.node.cli.terminal import Said, Terminal
from tests.node.season import season_folder

OPTIONS = ("verify", "--many", "--at", "2026-06-01T12:00:00Z", "--from", str(season_folder()))

pytestmark = pytest.mark.slow  # each run starts worker processes


def told(said: Said) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.out.splitlines()]


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    """The season's credentials that stand, in a folder of their own."""
    folder = tmp_path / "tokens"
    folder.mkdir()
    for key in ("yarn-passport", "spinner-facility"):
        file = next(season_folder().glob(f"*-{key}.jwt"))
        shutil.copy(file, folder / f"{key}.jwt")
    return folder


def test_a_folder_is_a_line_for_every_file_and_a_second_run_only_looks_up(
    terminal: Terminal, tokens: Path, spinner: Path
) -> None:
    first = terminal(*OPTIONS, str(tokens), data=spinner)
    assert first.code == 0, first.err
    assert [(line["name"], line["verified"]) for line in told(first)] == [
        ("spinner-facility.jwt", True),
        ("yarn-passport.jwt", True),
    ]
    assert "2 judged (2 read, 2 signatures checked): 2 PASSED" in first.err
    second = terminal(*OPTIONS, str(tokens), data=spinner)
    assert "2 judged (0 read, 0 signatures checked): 2 PASSED" in second.err
    assert [line["known"] for line in told(second)] == [True, True]


def test_lines_of_stdin_are_judged_and_one_bad_line_is_1(terminal: Terminal, tokens: Path) -> None:
    good = json.dumps((tokens / "yarn-passport.jwt").read_text().strip())
    said = terminal(*OPTIONS, "-", stdin=f"{good}\n{{\n{good}\n".encode())
    assert said.code == 1
    assert [line["verified"] for line in told(said)] == [True, False, True]


def test_a_silent_issuer_is_3(terminal: Terminal, tokens: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = terminal(*OPTIONS[:-1], str(tmp_path / "empty"), str(tokens))
    assert said.code == 3


@pytest.mark.parametrize("words", [("/nowhere",), ("--trust", __file__, "-")])
def test_what_cannot_be_is_a_question_of_usage(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal(*OPTIONS, *words).code == 2
