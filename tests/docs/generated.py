"""The pages that are written from the program: ``python -m tests.docs.generated`` writes them anew."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click

from credentials.provenance.rules import RULES
from credentials.provenance.rules.rule import Rule
from credentials.untp.lint.rules import REQUIREMENTS
from node.cli.entry import commands
from node.config import settings_reference
from tests.docs.pages import DOCS
from tests.shared import ROOT

_RENEW: Final = "Written by `python -m tests.docs.generated`; a test compares this page with the program."


def rules_page() -> str:
    """docs/rules.md: what a trace asks, and what the lint demands."""
    return "\n".join(
        [
            "# Rules",
            "",
            _RENEW,
            "",
            "## Rules of provenance",
            "",
            "A rule asks one question of a chain and answers once per subject: pass, fail, unknown or n/a.",
            "A fail or unknown at block or warn is a finding, at info a note; a milder case may lower the severity.",
            "How to read a finding is in [reading-a-report.md](reading-a-report.md), how to add a rule in "
            "[architecture.md](architecture.md#add-a-rule).",
            "",
            "| rule | asks | severity | module |",
            "|---|---|---|---|",
            *(f"| `{rule.id}` | {rule.asks} | {rule.severity} | `{module_of(rule)}` |" for rule in RULES),
            "",
            "## Requirements of the lint",
            "",
            "UNTP's prose demands more than its schemas check.",
            "When issuing, an error refuses the draft; when verifying, it is a finding (error: warn, warn: info)",
            "under the requirement's own id. TAX-01 is a finding at warn: another spelling is another name to others.",
            "",
            "| requirement | demands | weight |",
            "|---|---|---|",
            *(f"| `{id}` | {one.demands} | {one.severity} |" for id, one in REQUIREMENTS.items()),
            "",
        ]
    )


def module_of(rule: Rule) -> str:
    """Where the function of a rule is written; what is bound to a fit or a family is looked through."""
    answers = rule.answers
    while isinstance(answers, partial):
        answers = answers.func
    return answers.__module__


def problem_types() -> str:
    """The served page of problem types, below its heading: docs/problems.md as HTML, each code an anchor."""
    lines = ["{# " + _RENEW.replace("`", "") + " #}"]
    for line in (DOCS / "problems.md").read_text("utf-8").splitlines()[2:]:
        if code := re.fullmatch(r"### `(.+)`", line):
            lines.append(f'<h3 id="{code[1]}"><code>{code[1]}</code></h3>')
        elif line:
            level = "h2" if line.startswith("## ") else "p"
            lines.append(f"<{level}>{_inline(line.removeprefix('## ').removeprefix('- '))}</{level}>")
    return "\n".join(lines) + "\n"


def _inline(text: str) -> str:
    """Code, bold words and links of one line of Markdown; pages of ours are named, since a node serves none."""
    text = re.sub(r"\[([^]]+)\]\((?!https:)[^)]*\)", r"\1", html.escape(text, quote=False))
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)


def commands_page() -> str:
    """docs/commands.md: the help of every command."""
    lines = [
        "# Commands",
        "",
        _RENEW,
        "What a command prints on stdout is its answer alone; all else goes to stderr.",
        "",
    ]
    lines += ["Exit codes: 0 good, 1 not valid, 2 usage or settings, 3 could not tell, 70 a fault of ours.", ""]
    context = click.Context(
        commands,
        info_name="tracenode",
        max_content_width=100,
        terminal_width=100,
        help_option_names=["-h", "--help"],
    )
    for name, command, inside in _walk("tracenode", commands, context):
        lines += [f"## {name}", "", "```text", command.get_help(inside), "```", ""]
    return "\n".join(lines)


def _walk(
    name: str, command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield name, command, context
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            inner = command.get_command(context, part)
            if inner is not None:
                below = click.Context(inner, parent=context, info_name=part, max_content_width=100, terminal_width=100)
                yield from _walk(f"{name} {part}", inner, below)


GENERATED: Final[Mapping[Path, Callable[[], str]]] = {
    DOCS / "settings.md": settings_reference,
    DOCS / "rules.md": rules_page,
    DOCS / "commands.md": commands_page,
    ROOT / "node/web/templates/problem_types.html": problem_types,
}


def main() -> None:
    """Write every generated page."""
    for page, made in GENERATED.items():
        page.write_text(made(), "utf-8")


if __name__ == "__main__":
    main()
