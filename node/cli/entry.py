"""The command's front page: which commands there are, and what a failure means for the caller.

The rule: nothing heavy is imported before a command needs it, so that help is there at once. stdout is the answer
alone; everything else goes to stderr. Exit codes are a contract (docs/requirements.md D9): 0 good, 1 not valid, 2
usage, 3 could not tell, 70 our own crash.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from credentials.errors import Problem

NOT_VALID: Final = 1
USAGE: Final = 2
CANNOT_TELL: Final = 3
CRASH: Final = 70

#: Command → one line of help. Each lives in the module of its name and is called like it, or as ``_ELSEWHERE`` says.
COMMANDS: Final[Mapping[str, str]] = {
    "init": "Make a data folder: keys, settings, database. Prints a bearer token once.",
    "run": "Run the node until it is told to stop.",
    "issue": "Issue a credential from a draft.",
    "import": "Issue a credential for each row of a table.",
    "list": "What was issued, and in which state it is.",
    "show": "One issued credential and every change of its status.",
    "revoke": "Say that a credential does not stand any more.",
    "suspend": "Say that a credential does not stand for now.",
    "reinstate": "Say that a suspended credential stands again.",
    "verify": "Verify one credential.",
    "trace": "Judge the chain behind an identifier.",
    "bundle": "Trace an identifier and pack everything it was judged by into one file.",
    "verify-bundle": "Judge a bundle again, offline.",
    "check-report": "Replay what a report proves, from the documents.",
    "qr": "The QR symbol of an identifier.",
    "labels": "A sheet of labels to print, with a QR symbol each.",
    "keys": "The keys of this node.",
    "peers": "The nodes that this node speaks to.",
    "deliveries": "What goes out to peers, and why something does not.",
    "tokens": "Bearer tokens: who may ask this node for what.",
    "trust": "Whose trust lists are believed.",
    "audit": "Who did what with this node.",
    "check": "Check that everything kept is whole.",
    "backup": "Write everything that is kept into one file.",
    "restore": "Make a node of a backup, or begin anew after a rollback.",
    "takeover": "Let this one of two copies of a node go on.",
    "clock": "Go on after this machine's clock was ahead.",
    "whoami": "Who this node is.",
    "conformance": "What the W3C's command-line test suites call.",
    "demo": "A whole supply chain on this machine, traced by its buyer.",
}

_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "import": ("imports", "import_table"),
    "audit": ("audit_lines", "audit"),
    "list": ("issued_credentials", "list_issued"),
    "show": ("issued_credentials", "show_issued"),
    "verify-bundle": ("bundle", "verify_bundle"),
    "check-report": ("check_report", "check_report"),
    "qr": ("labels", "qr"),
    **{name: ("withdrawing", name) for name in ("revoke", "suspend", "reinstate")},
}

#: Code of a problem → exit code; what is not listed is NOT_VALID.
EXITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(
        ("SETTING_INVALID", "FOLDER_MISSING", "FOLDER_EXISTS", "FOLDER_IN_USE", "FILE_MODE", "BACKUP_FOREIGN"), USAGE
    ),
    **dict.fromkeys(("KEYRING_LOCKED", "KEYRING_DAMAGED", "KEY_UNKNOWN", "KEY_PUBLISHED"), USAGE),
    **dict.fromkeys(("ID_CHECK_DIGIT", "CLAIM_UNKNOWN"), USAGE),
    **dict.fromkeys(("NOT_HELD", "NOT_AUTHENTICATED", "NOT_ALLOWED", "UNKNOWN_PEER"), USAGE),
    **dict.fromkeys(
        ("STORE_UNAVAILABLE", "STORE_FULL", "STORE_DAMAGED", "SCHEMA_NEWER", "BACKUP_DAMAGED"), CANNOT_TELL
    ),
    **dict.fromkeys(("PEER_UNREACHABLE", "TOO_MANY", "CLOCK_BEHIND"), CANNOT_TELL),
    **dict.fromkeys(("SELF_CHECK_FAILED", "WORKERS_LOST", "INTERNAL", "NODE_ERROR"), CRASH),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command ``cmd_name``, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, name = _ELSEWHERE.get(cmd_name, (cmd_name, cmd_name))
        command = getattr(importlib.import_module(f"node.cli.{module}"), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _tell_version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from node.software import VERSION

        click.echo(VERSION)
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help="The version.")
def commands() -> None:
    """Issue, verify, exchange and judge ESG evidence along a supply chain."""


def main() -> None:
    """Run the command and leave with its exit code."""
    try:
        commands()
    except Exception as error:
        problems: tuple[Problem, ...] = getattr(error, "problems", ()) or _single(error)
        if not problems:
            _tell_crash(error)
            sys.exit(CRASH)
        for problem in problems:
            where = f" at {problem.pointer}" if problem.pointer else ""
            click.echo(f"{problem.code}{where}: {problem.detail} {problem.fix}".rstrip(), err=True)
        sys.exit(EXITS.get(problems[0].code, NOT_VALID))


def _single(error: Exception) -> tuple[Problem, ...]:
    problem = getattr(error, "problem", None)
    return (problem,) if problem is not None else ()


def _tell_crash(error: Exception) -> None:
    import traceback

    traceback.print_exception(error)
    click.echo("This is a fault of tracenode, not of yours. Please report the lines above.", err=True)
