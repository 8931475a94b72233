"""node.cli.entry: help at once, exit codes as agreed, the answer alone on stdout."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from node.cli.entry import COMMANDS, EXITS, commands
from tests.node.cli.terminal import Terminal
from tests.shared import ROOT

HEAVY = (
    "aiohttp",
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "pyld",
    "cryptography",
    "jinja2",
    "structlog",
    "biip",
    "alembic",
)


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["issue", "--help"], ["init", "--help"], ["peers", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys; from node.cli import main\n"
        f"sys.argv = ['tracenode', *{words}]\n"
        "try: main()\n"
        "except SystemExit as leaving: assert not leaving.code\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert done.stderr.strip() == "[]"
    assert done.stdout.startswith("Usage: ")


def test_every_command_of_the_table_is_there_and_has_help() -> None:
    for name, line in COMMANDS.items():
        command = commands.get_command(click.Context(commands), name)
        assert isinstance(command, click.Command)
        assert command.name == name
        assert command.help
        assert line.endswith(".")


def test_python_m_node_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "node", "--version"], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert done.returncode == 0
    assert done.stdout.strip()


@pytest.mark.parametrize(
    "words", [("nonsense",), ("issue",), ("issue", "no-such-file.json"), ("init",), ("whoami", "--colour")]
)
def test_a_mistake_in_the_command_line_is_usage(terminal: Terminal, words: tuple[str, ...]) -> None:
    said = terminal(*words)

    assert (said.code, said.out) == (2, "")
    assert "Usage" in said.err


def test_a_named_problem_is_one_line_with_code_cause_and_cure(terminal: Terminal) -> None:
    said = terminal("whoami")

    assert (said.code, said.out) == (2, "")
    assert said.err == ("SETTING_INVALID at /data: No data folder is named. Give --data DIR or set TRACENODE_DATA.\n")


def test_a_crash_of_ours_says_so(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("node.cli.entry.commands", broken)

    said = terminal("whoami")

    assert said.code == 70
    assert "fault of tracenode" in said.err


def test_exit_codes_are_the_agreed_ones() -> None:
    assert set(EXITS.values()) <= {1, 2, 3, 70}


def test_words_that_a_command_repeats_to_help_quickly_are_those_of_the_program() -> None:
    from node.cli import issue, issued_credentials, tokens
    from node.flows.identity.tokens import DAYS, TokenRole
    from node.flows.issuing.examples import EXAMPLES
    from node.store.shown_credentials import STATES

    assert tuple(TokenRole) == tokens._ROLES
    assert tokens._DAYS == DAYS
    assert issued_credentials._STATES == STATES
    assert sorted(issue._KINDS) == sorted(EXAMPLES)
