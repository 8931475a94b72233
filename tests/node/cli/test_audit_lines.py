"""``tracenode audit``: who did what, filtered and by pages."""

from __future__ import annotations

import json
from pathlib import Path

from tests.node.cli.terminal import Terminal


def lines(terminal: Terminal, spinner: Path, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(terminal("audit", "--json", *words, data=spinner).out)["lines"]
    return found


def test_what_was_done_is_listed_by_whom_to_what_the_newest_first(terminal: Terminal, spinner: Path) -> None:
    draft = terminal("issue", "--example", "dpp", data=spinner).out.encode()
    issued = terminal("issue", "-", data=spinner, stdin=draft).out.strip()
    terminal("revoke", "--reason", "It was a test of Mr X", issued, data=spinner)
    terminal("trust", "pin", "did:web:accreditor.test", data=spinner)
    whole = lines(terminal, spinner)
    assert [int(one["seq"]) for one in whole] == list(range(len(whole), 0, -1))
    assert [one["action"] for one in whole[:1]] == ["trust.pin"]
    assert {one["object"] for one in lines(terminal, spinner, "--object", issued)} == {issued}
    assert [one["object"] for one in lines(terminal, spinner, "--action", "trust")] == ["did:web:accreditor.test"]
    assert lines(terminal, spinner, "--actor", "nobody") == []
    assert "Mr X" not in json.dumps(whole)
    assert "trust.pin  did:web:accreditor.test" in terminal("audit", data=spinner).out


def test_an_action_is_chosen_by_its_whole_words(terminal: Terminal, spinner: Path) -> None:
    terminal("trust", "pin", "did:web:accreditor.test", data=spinner)
    assert lines(terminal, spinner, "--action", "trus") == []
    assert lines(terminal, spinner, "--action", "trust.pi%") == []


def test_pages_follow_each_other_without_a_gap(terminal: Terminal, spinner: Path) -> None:
    for number in range(5):
        terminal("trust", "pin", f"did:web:a{number}.test", data=spinner)
    whole, paged, before = lines(terminal, spinner), list[dict[str, str]](), ""
    while True:
        words = ("--limit", "2", *(("--before", before) if before else ()))
        page = json.loads(terminal("audit", "--json", *words, data=spinner).out)
        paged += page["lines"]
        before = page.get("next", "")
        if not before:
            break
    assert paged == whole


def test_what_is_no_filter_is_named(terminal: Terminal, spinner: Path) -> None:
    said = terminal("audit", "--since", "yesterday", data=spinner)
    assert said.code != 0
    assert "/since" in said.err
