"""``tracenode tokens`` on a folder on which no node runs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.node.cli.terminal import Terminal


def test_a_token_is_printed_alone_once_and_listed_without_itself(terminal: Terminal, spinner: Path) -> None:
    made = terminal("tokens", "make", "--role", "auditor", "--days", "7", "nightly report", data=spinner)
    listed = terminal("tokens", "list", data=spinner)

    assert made.code == 0
    (token,) = made.out.split()
    assert token.startswith("tn_")
    assert "auditor" in made.err
    newest = listed.out.splitlines()[0].split("  ")
    assert (newest[1], newest[2], newest[4]) == ("good", "auditor", "nightly report")
    assert token not in listed.out


def test_a_token_is_revoked_by_its_number(terminal: Terminal, spinner: Path) -> None:
    made = json.loads(terminal("tokens", "make", "--json", "laptop", data=spinner).out)

    said = terminal("tokens", "revoke", str(made["number"]), data=spinner)
    kept = json.loads(terminal("tokens", "list", "--json", data=spinner).out)["tokens"]

    assert said.code == 0
    assert next(one["state"] for one in kept if one["number"] == made["number"]) == "revoked"
    assert terminal("tokens", "revoke", "99", data=spinner).code == 2


def test_a_role_that_does_not_exist_is_a_usage_error(terminal: Terminal, spinner: Path) -> None:
    assert terminal("tokens", "make", "--role", "king", "x", data=spinner).code == 2
