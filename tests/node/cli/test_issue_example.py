"""``tracenode issue --example``: the draft it prints issues as it is, without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from credentials.untp.kinds import TYPES
from node.flows.issuing.examples import EXAMPLES
from tests.node.cli.terminal import Terminal

SHORT = sorted(kind.short for kind in TYPES.values())


def test_every_kind_has_an_example() -> None:
    assert sorted(EXAMPLES) == SHORT


@pytest.mark.parametrize("kind", SHORT)
def test_an_example_issues_as_it_is_without_a_warning(kind: str, terminal: Terminal, spinner: Path) -> None:
    draft = terminal("issue", "--example", kind, data=spinner)

    issued = terminal("issue", "-", data=spinner, stdin=draft.out.encode())

    assert (draft.code, issued.code) == (0, 0), issued.err
    assert issued.err == ""
    assert kind in terminal("list", "--kind", kind, data=spinner).out


def test_printing_an_example_issues_nothing(terminal: Terminal, spinner: Path) -> None:
    terminal("issue", "--example", "dpp", data=spinner)

    assert terminal("list", data=spinner).out == ""


def test_without_a_file_the_example_is_pointed_at(terminal: Terminal, spinner: Path) -> None:
    said = terminal("issue", data=spinner)

    assert said.code == 2
    assert "--example KIND" in said.err
