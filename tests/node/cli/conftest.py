"""A terminal, and a node of the spinner as ``init`` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node.cli.terminal import Terminal, terminal
from tests.node.folders import lay_node


@pytest.fixture(name="terminal")
def _terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def spinner(tmp_path: Path) -> Path:
    """The data folder of an initialized node."""
    return lay_node(tmp_path / "spinner")
