"""Other people's implementations, in a process of their own: npm packages as package-lock.json pins them.

Where Node or the packages are missing the tests are skipped; CI has both and fails instead.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contexts.library import standard_library

HERE = Path(__file__).parent


@cache
def _missing() -> str:
    if shutil.which("node") is None:
        return "Node is not on this machine"
    if not (HERE / "node_modules" / "jose").is_dir():
        return "the npm packages are not here: run npm ci --ignore-scripts in tests/interop"
    return ""


def ask(*questions: dict[str, Any]) -> list[Any]:
    """The answers of one run of peer.mjs, one a question; its own faults fail the test."""
    if _missing() and os.environ.get("CI") == "true":
        pytest.fail(f"{_missing()}, and CI leaves nothing out")
    if _missing():
        pytest.skip(_missing())
    run = subprocess.run(
        ["node", "peer.mjs"],
        cwd=HERE,
        input=json.dumps(questions).encode(),
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    return [_answer(answer) for answer in json.loads(run.stdout)]


def _answer(answer: dict[str, Any]) -> Any:
    assert "ok" in answer, answer["error"]
    return answer["ok"]


def documents(*urls: str, **others: Any) -> dict[str, Any]:
    """The contexts at ``urls`` as we pin them, by URL."""
    library = standard_library()
    return {url: library.document(url) for url in urls} | others
