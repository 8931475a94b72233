"""``tracenode keys`` on a folder on which no node runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.node.cli.terminal import Terminal
from tests.node.issuer import draft


def _issued(terminal: Terminal, data: Path) -> dict[str, Any]:
    said = terminal("issue", "-", "--json", data=data, stdin=json.dumps(draft()).encode())
    assert said.code == 0, said.err
    value: dict[str, Any] = json.loads(said.out)
    return value


def test_a_rotated_key_says_from_when_it_signs(terminal: Terminal, spinner: Path) -> None:
    said = terminal("keys", "rotate", data=spinner)
    listed = json.loads(terminal("keys", "list", "--json", data=spinner).out)

    assert said.code == 0
    assert said.out.startswith("cred-2 is published and signs from ")
    names = [entry["id"].rpartition("#")[2] for entry in listed]
    assert names == ["cred-1", "cred-2", "auth-1"]
    assert listed[0]["expires"] == listed[1]["since"]


def test_a_compromise_prints_the_credentials_alone(terminal: Terminal, spinner: Path) -> None:
    url = _issued(terminal, spinner)["id"]

    said = terminal("keys", "compromised", "cred-1", "--since", "2026-01-01T00:00:00Z", data=spinner)

    assert said.code == 0
    (line,) = said.out.splitlines()
    assert line.split()[0] == "refused"
    assert line.endswith(url)
    assert "cred-2 signs from now on" in said.err


def test_the_wrong_key_time_or_purpose_is_a_usage_error(terminal: Terminal, spinner: Path) -> None:
    since = ("--since", "2026-01-01T00:00:00Z")

    assert terminal("keys", "compromised", "cred-9", *since, data=spinner).code == 2
    assert terminal("keys", "compromised", "cred-1", "--since", "yesterday", data=spinner).code == 1
    assert terminal("keys", "rotate", "--purpose", "log", data=spinner).code == 2


def test_a_second_rotation_before_the_first_begins_is_refused(terminal: Terminal, spinner: Path) -> None:
    terminal("keys", "rotate", data=spinner)

    said = terminal("keys", "rotate", data=spinner)

    assert said.code == 1
    assert said.err.startswith("CONFLICT")
