"""docs/conformance/w3c.md from the tests that name a line: ``python -m tests.conformance.report`` writes it anew.

Tests are read, not run or imported, so that the page is the same wherever it is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.conformance.lines import DEVIATIONS, LINES, PARTS
from tests.shared import ROOT

PAGE: Final = ROOT / "docs" / "conformance" / "w3c.md"
_LONGEST: Final = 6  # tests named per line; the rest are counted
_HEAD: Final = """# W3C requirements

Written by `python -m tests.conformance.report`; a test compares this page with the tests.
Each line of the requirements, the tests that hold it, and where we knowingly do otherwise."""


def marked_tests(root: Path = ROOT / "tests") -> Mapping[str, tuple[str, ...]]:
    """Line → the tests that name it, as ``file::test``, sorted."""
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("test_*.py")):
        for name, line in _marks(ast.parse(path.read_text("utf-8"))):
            found.setdefault(line, set()).add(f"{path.relative_to(root.parent).as_posix()}::{name}")
    return {line: tuple(sorted(tests)) for line, tests in found.items()}


def page() -> str:
    """The page as it should stand."""
    tests = marked_tests()
    parts = [_HEAD]
    for part, title in PARTS.items():
        parts += [f"\n## {part} {title}\n", *_whole(tests.get(part, ()))]
        for line, summary in LINES.items():
            if line.partition(".")[0] == part:
                parts += _entry(line, summary, tests.get(line, ()))
    return "\n".join(parts) + "\n"


def _whole(tests: tuple[str, ...]) -> Iterator[str]:
    """The modules whose tests go over a whole part."""
    for module in sorted({test.partition("::")[0] for test in tests}):
        yield f"- Over the whole part: `{module}`"


def _entry(line: str, summary: str, tests: tuple[str, ...]) -> Iterator[str]:
    yield f"- **{line}** {summary}"
    for test in tests[:_LONGEST]:
        yield f"  - `{test}`"
    if len(tests) > _LONGEST:
        yield f"  - and {len(tests) - _LONGEST} more"
    if not tests:
        yield "  - **Deviation.** No test names this line."
    for deviation in DEVIATIONS.get(line, ()):
        yield f"  - **Deviation.** {deviation}"


def _marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Every (test, line) of a module; ``pytestmark`` counts for each test in it."""
    everywhere = [line for node in module.body if isinstance(node, ast.Assign) for line in _of_module(node)]
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            for line in [*everywhere, *(line for mark in node.decorator_list for line in _lines(mark))]:
                yield node.name, line


def _of_module(node: ast.Assign) -> Iterator[str]:
    if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets):
        for mark in node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else [node.value]:
            yield from _lines(mark)


def _lines(mark: ast.expr) -> Iterator[str]:
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "w3c":
        yield from (str(item.value) for item in mark.args if isinstance(item, ast.Constant))


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
