"""``tracenode revoke``, ``suspend``, ``reinstate``, ``list`` and ``show``, where no node runs and where one does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.node.cli.terminal import Terminal
from tests.node.issuer import draft


@pytest.fixture
def suspending(spinner: Path) -> Path:
    """The data folder of a node that can suspend what it issues."""
    with (spinner / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write('statuses = "suspension"\n')
    return spinner


def _issued(terminal: Terminal, data: Path, **members: str) -> str:
    said = terminal("issue", "-", data=data, stdin=json.dumps(draft() | members).encode())
    assert said.code == 0, said.err
    return said.out.strip()


def test_a_revoked_credential_is_listed_as_revoked_with_the_reason(terminal: Terminal, spinner: Path) -> None:
    revoked, good = _issued(terminal, spinner), _issued(terminal, spinner)

    said = terminal("revoke", revoked, "--reason", "wrong lot", data=spinner)

    assert (said.code, said.out.strip()) == (0, revoked)
    listed = terminal("list", "--status", "revoked", data=spinner).out
    assert revoked in listed
    assert good not in listed
    shown = json.loads(terminal("show", revoked, "--json", data=spinner).out)
    assert shown["status"] == "revoked"
    assert [(one["statusPurpose"], one["value"], one["reason"], one["by"]) for one in shown["history"]] == [
        ("revocation", 1, "wrong lot", "operator")
    ]


def test_a_suspended_credential_is_reinstated(terminal: Terminal, suspending: Path) -> None:
    url = _issued(terminal, suspending)

    assert terminal("suspend", url, "--reason", "audit", data=suspending).code == 0
    assert "suspended" in terminal("list", data=suspending).out
    assert terminal("reinstate", url, data=suspending).code == 0
    assert "good" in terminal("list", data=suspending).out
    assert "suspension 0" in terminal("show", url, data=suspending).out


def test_a_second_passport_of_a_lot_is_told_as_long_as_the_first_is_in_force(terminal: Terminal, spinner: Path) -> None:
    first = _issued(terminal, spinner)

    second = terminal("issue", "-", data=spinner, stdin=json.dumps(draft()).encode())
    terminal("revoke", first, data=spinner)
    third = terminal("issue", "-", data=spinner, stdin=json.dumps(draft()).encode())

    assert f"{first} is in force about the same subject" in second.err
    assert second.code == 0
    assert first not in third.err
    assert second.out.strip() in third.err


def test_doing_it_twice_changes_nothing_and_says_so(terminal: Terminal, spinner: Path) -> None:
    url = _issued(terminal, spinner)
    terminal("revoke", url, data=spinner)

    again = terminal("revoke", url, data=spinner)

    assert again.code == 0
    assert "nothing was changed" in again.err
    assert len(json.loads(terminal("show", url, "--json", data=spinner).out)["history"]) == 1


def test_what_cannot_be_done_is_told_with_its_cure(terminal: Terminal, spinner: Path) -> None:
    url = _issued(terminal, spinner)

    suspended = terminal("suspend", url, data=spinner)
    unknown = terminal("revoke", "https://spinner.test/credentials/none", data=spinner)
    long_winded = terminal("revoke", url, "--reason", "x" * 501, data=spinner)

    assert suspended.code == unknown.code == 2
    assert "was issued with a status for revocation, not for suspension" in suspended.err
    assert "setting statuses" in suspended.err
    assert "Check the id" in unknown.err
    assert long_winded.code == 1
    assert "/reason" in long_winded.err
    assert "good" in terminal("list", data=spinner).out


def test_a_list_goes_on_where_the_page_before_ended(terminal: Terminal, spinner: Path) -> None:
    made = {_issued(terminal, spinner) for _ in range(3)}
    first = json.loads(terminal("list", "--limit", "2", "--json", data=spinner).out)

    rest = json.loads(terminal("list", "--cursor", first["next"], "--json", data=spinner).out)

    assert {one["id"] for one in (*first["credentials"], *rest["credentials"])} == made
    assert "next" not in rest
