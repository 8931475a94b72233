"""The demo as somebody runs it: real processes, one command, and the contract of its JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from node.demo.defects import NAMES
from tests.shared import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def _demo(*options: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "node", "demo", "--json", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    return done.returncode, json.loads(done.stdout or "{}")


def test_the_demo_finds_exactly_what_was_planted_and_says_so_in_its_contract() -> None:
    code, told = _demo()

    assert code == 0
    assert told["ok"] is True
    assert set(told) >= {"nodes", "credentials", "claims", "findings", "expected", "ok"}
    found = sorted((one["rule"], one["subject"]) for one in told["findings"])
    assert found == sorted((one["rule"], one["subject"]) for one in told["expected"])
    assert max(claim["grade"] for claim in told["claims"]) >= 4
    assert len(told["nodes"]) >= 10


@pytest.mark.parametrize("left_out", NAMES)
def test_without_one_defect_exactly_its_finding_is_gone(left_out: str) -> None:
    code, told = _demo("--without", left_out)

    assert code == 0
    assert len(told["findings"]) == len(NAMES) - 1


def test_a_defect_that_does_not_exist_is_a_usage_error() -> None:
    code, told = _demo("--without", "honesty")

    assert (code, told) == (2, {})
