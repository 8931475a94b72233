"""A terminal, and a node of the spinner made with ``init``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node.cli.terminal import Terminal, terminal


@pytest.fixture(name="terminal")
def _terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def spinner(terminal: Terminal, tmp_path: Path) -> Path:
    """The data folder of a founded node."""
    folder = tmp_path / "spinner"
    said = terminal("init", "--data", str(folder), "--name", "Spinner", "--public-url", "https://spinner.test")
    assert said.code == 0, said.err
    return folder
