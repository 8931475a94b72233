"""A terminal for tests: one command in, exit code and both streams out, in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from node.cli import main


@dataclass(frozen=True, slots=True)
class Said:
    """What came of one command."""

    code: int
    out: str
    err: str


Terminal = Callable[..., Said]


def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Call it with the words of a command line, ``data`` as the data folder, ``stdin`` as what is piped in."""

    def run(*words: str, data: Path | None = None, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "argv", ["tracenode", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        if data is not None:
            monkeypatch.setenv("TRACENODE_DATA", str(data))
        else:
            monkeypatch.delenv("TRACENODE_DATA", raising=False)
        capsys.readouterr()
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 0
        else:
            code = 0
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run
