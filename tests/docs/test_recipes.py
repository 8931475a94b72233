"""The recipes of docs/architecture.md, followed to the letter in a copy of the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, Block, blocks
from tests.shared import ROOT

PAGE = DOCS / "architecture.md"
COPIED = (
    "contexts",
    "credentials",
    "tests/credentials/provenance",
    "tests/credentials/proofs",
    "tests/credentials/rdf",
    "tests/credentials/status",
)


class Unfitting(AssertionError):
    """A change whose old lines do not stand in their file exactly once."""


def changed(text: str, change: str) -> str:
    """``text`` with a diff block put in: parts divided by "@@", without line numbers, each found exactly once."""
    for part in change.split("@@\n"):
        lines = part.splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        if text.count(old) != 1:
            raise Unfitting(f"these lines stand in the file {text.count(old)} times:\n{old}")
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which every recipe of the page was followed."""
    copy = tmp_path_factory.mktemp("checkout")
    for part in COPIED:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("tests/__init__.py", "tests/shared.py", "tests/credentials/__init__.py"):
        shutil.copy(ROOT / part, copy / part)
    for block in recipe():
        file = copy / block.file
        before = file.read_text("utf-8") if block.language == "diff" else ""
        file.write_text(changed(before, block.text) if block.language == "diff" else block.text, "utf-8")
    return copy


def recipe() -> list[Block]:
    return [block for block in blocks(PAGE, "python", "diff") if block.file]


def pytest_says(copy: Path, *arguments: str) -> str:
    """What pytest says in the copy, which must be "all is well"."""
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", ".", *arguments]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return done.stdout


@pytest.mark.slow
def test_a_newcomer_adds_a_rule_and_its_mutation_turns_it_red(followed: Path) -> None:
    said = pytest_says(followed, "tests/credentials/provenance/rules", "-vv")

    assert "[PV-EVT-11: it is told months later] PASSED" in said
    assert "test_the_consistent_chain_yields_no_finding_at_all PASSED" in said


@pytest.mark.slow
def test_a_newcomer_adds_a_cryptosuite_that_signs_verifies_and_refuses(followed: Path) -> None:
    said = pytest_says(followed, "tests/credentials/proofs", "-vv")

    assert "test_what_it_signs_it_verifies PASSED" in said
    assert "test_a_changed_amount_is_refused PASSED" in said


def test_the_recipe_for_a_rule_touches_one_module_one_table_and_one_mutation() -> None:
    rule = [block.file for block in recipe() if "provenance" in block.file]

    assert rule[0] == "credentials/provenance/rules/timeliness.py"
    assert set(rule[1:]) == {
        "credentials/provenance/rules/__init__.py",
        "tests/credentials/provenance/rules/mutations.py",
    }


def test_a_change_whose_old_lines_are_not_there_is_refused() -> None:
    with pytest.raises(Unfitting, match="0 times"):
        changed("a\nb\n", "-c\n+d\n")


def test_a_change_whose_old_lines_are_there_twice_is_refused() -> None:
    with pytest.raises(Unfitting, match="2 times"):
        changed("a\nb\na\n", " a\n+c\n")
