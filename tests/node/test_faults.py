"""node.faults: a node dies at the point it was told to, once, and at no other."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from node.config import build_settings
from node.errors import SettingsProblem
from node.faults import KILL_POINTS, NO_FAULTS, Faults, marker
from tests.shared import ROOT

_STATED = {"name": "Farm", "public_url": "https://farm.test"}


def _end_of(folder: Path, point: str) -> int:
    """The exit code of a process that is to die at ``issue.after-commit`` and comes by ``point``."""
    program = (
        "from pathlib import Path; from node.faults import Faults; "
        f"Faults(folder=Path({str(folder)!r}), kill_at='issue.after-commit').reach({point!r})"
    )
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode


def test_a_process_dies_at_its_point_and_only_the_first_time(tmp_path: Path) -> None:
    assert _end_of(tmp_path, "issue.before-commit") == 0
    assert _end_of(tmp_path, "issue.after-commit") == -signal.SIGKILL
    assert marker(tmp_path, "issue.after-commit").exists()
    assert _end_of(tmp_path, "issue.after-commit") == 0


def test_a_node_without_the_setting_passes_every_point_and_leaves_nothing(tmp_path: Path) -> None:
    for point in KILL_POINTS:
        NO_FAULTS.reach(point)
        Faults(folder=tmp_path).reach(point)

    assert list(tmp_path.iterdir()) == []


def test_a_point_can_be_set_for_trying_out(tmp_path: Path) -> None:
    stated = {**_STATED, "production": "false", "dev_kill_at": "inbox.after-store"}

    assert build_settings(stated, data=tmp_path).dev_kill_at == "inbox.after-store"


@pytest.mark.parametrize(
    "stated",
    [{"dev_kill_at": "inbox.after-store"}, {"production": "false", "dev_kill_at": "somewhere"}],
    ids=["in production", "no such point"],
)
def test_a_point_is_refused_in_production_and_when_there_is_none_by_that_name(
    stated: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(SettingsProblem) as refusal:
        build_settings({**_STATED, **stated}, data=tmp_path)

    assert refusal.value.problem.pointer == "/dev_kill_at"


def test_every_point_stands_in_the_program_exactly_once() -> None:
    text = "".join(
        path.read_text("utf-8") for path in (ROOT / "node").rglob("*.py") if path.name not in ("faults.py", "chaos.py")
    )

    assert {point: text.count(f'.reach("{point}")') for point in KILL_POINTS} == dict.fromkeys(KILL_POINTS, 1)
