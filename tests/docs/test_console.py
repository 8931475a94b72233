"""What a page shows of a terminal is what the terminal says: python and console blocks run in order, in one folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import Block, blocks, name_of, pages_with
from tests.shared import ROOT


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment whose ``tracenode`` is this checkout's command, as the folder's own user would have it."""
    command = tmp_path / "bin" / "tracenode"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m node "$@"\n', "utf-8")
    command.chmod(0o755)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PATH": f"{command.parent}:{kept['PATH']}", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def commands(block: Block) -> list[tuple[str, str]]:
    """Each command of a block with the output that is shown below it."""
    parts = re.split(r"^\$ (.+)$", block.text, flags=re.MULTILINE)[1:]
    return [(command, shown.strip("\n")) for command, shown in zip(parts[::2], parts[1::2], strict=True)]


def running_pages() -> list[Any]:
    """The pages with blocks that run; those with many commands are slow."""
    pages = pages_with("python", "console")
    long = {page for page in pages if sum(len(commands(block)) for block in blocks(page, "console")) > 3}
    return [pytest.param(page, id=name_of(page), marks=pytest.mark.slow if page in long else ()) for page in pages]


@pytest.mark.parametrize("page", running_pages())
def test_what_a_page_runs_says_what_the_page_shows(page: Path, shell: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)

    for block in blocks(page, "python", "console"):
        if block.language == "console":
            for command, expected in commands(block):
                assert_alike(said(["bash", "-c", command], shell, folder), expected, command)
        elif not block.file:
            said([sys.executable, "-W", "error", "-c", block.text], shell, folder, must_work=True)


def said(command: list[str], environment: dict[str, str], folder: Path, *, must_work: bool = False) -> str:
    """What a command prints on stdout."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and (must_work or not done.stdout):
        pytest.fail(f"{command[-1]} left with {done.returncode}:\n{done.stderr}")
    return done.stdout


def assert_alike(output: str, shown: str, command: str) -> None:
    """``output`` is what is ``shown``, where "…" stands for anything, line ends included."""
    pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
    found = output.strip("\n")
    assert re.fullmatch(pattern, found, re.DOTALL), f"$ {command}\n{found}\n--- but the page shows\n{shown}"


def test_another_output_than_the_page_shows_is_seen() -> None:
    assert_alike("did:web:mill.example\n", "did:web:…", "tracenode whoami")

    with pytest.raises(AssertionError, match="but the page shows"):
        assert_alike("did:web:mill.example\nand more\n", "did:web:mill.example", "tracenode whoami")
