"""The code stays small: small rooms, short functions, few dependencies, no forbidden names."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median

from tests.shared import ROOT

FLOORS = ("contexts", "credentials", "node")
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if path.stat().st_size)


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_the_median_module_has_under_200_lines_and_none_has_over_500() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): _lines(path) for path in MODULES}

    assert {name: n for name, n in lengths.items() if n > 500} == {}
    assert median(lengths.values()) < 200


def test_the_median_function_has_under_15_lines() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]

    assert median(lengths) < 15


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip()
    ]

    assert silent == []


def test_no_room_has_a_name_that_says_nothing() -> None:
    forbidden = re.compile(r"(?:^|_)(?:utils?|helpers?|common|manager|misc|base|core)$")

    assert [path.as_posix() for path in MODULES if forbidden.search(path.stem)] == []


def test_the_runtime_needs_at_most_40_distributions() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")

    distributions = re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE | re.IGNORECASE)

    assert len(distributions) <= 40


def test_the_locks_are_hashed_and_name_no_address() -> None:
    for name in ("requirements.lock", "tests/requirements.lock", ".ci/requirements.lock"):
        text = (ROOT / name).read_text("utf-8")

        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text)
