"""``tracenode run --profile conformance`` as a process: it needs nothing, answers, and ends on SIGTERM."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conformance.suite import NAMES
from tests.shared import ROOT


@contextmanager
def profile(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The profile on free ports, and the addresses that it prints."""
    command = [sys.executable, "-m", "node", "run", "--profile", "conformance", "--port", "0", *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        printed = ""
        while not printed.endswith("}\n"):
            line = process.stdout.readline()
            assert line, "it ended before it listened"
            printed += line
        yield process, json.loads(printed)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
@pytest.mark.w3c("C2.1")
def test_it_needs_nothing_answers_and_ends_in_order() -> None:
    with profile("--tls-port", "0") as (process, addresses):
        with urllib.request.urlopen(f"{addresses['plain']}/instances", timeout=10) as answer:
            listed = json.loads(answer.read())["instances"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert tuple(row["name"] for row in listed) == NAMES
    assert addresses["public"].startswith("https://127.0.0.1:")


@pytest.mark.slow
def test_without_a_tls_port_there_is_one_address() -> None:
    with profile() as (_, addresses):
        assert addresses["public"] == addresses["plain"]
