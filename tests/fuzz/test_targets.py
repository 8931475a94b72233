"""Every target takes its corpus and any bytes at all; in CI each is fuzzed for half a minute as well."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.__main__ import CORPUS
from tests.fuzz.targets import TARGETS
from tests.shared import ROOT

SECONDS = 30


def files(name: str) -> list[Path]:
    return sorted((CORPUS / name).iterdir())


@pytest.mark.parametrize("name", TARGETS)
def test_the_saved_corpus_makes_no_target_fail(name: str) -> None:
    assert files(name)
    for file in files(name):
        TARGETS[name](file.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@given(raw=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_taken_or_refused_by_name(name: str, raw: bytes) -> None:
    TARGETS[name](raw)


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_half_a_minute_of_fuzzing_finds_nothing(name: str) -> None:
    if importlib.util.find_spec("atheris") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("atheris is not installed, and CI leaves nothing out")
        pytest.skip("atheris is not installed")
    words = [sys.executable, "-m", "tests.fuzz", name, str(SECONDS)]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stderr[-4000:]
    assert "stat::number_of_executed_units" in run.stderr
