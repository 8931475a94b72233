"""``tracenode qr`` and ``labels``: what a phone reads from them is the identifier's address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.web.label_sheet import symbol
from tests.node.cli.terminal import Terminal


@pytest.fixture
def lot(terminal: Terminal, spinner: Path) -> str:
    draft = terminal("issue", "--example", "dpp", data=spinner).out
    assert terminal("issue", "-", data=spinner, stdin=draft.encode()).code == 0
    return str(json.loads(draft)["credentialSubject"]["id"])


def test_the_symbol_is_that_of_the_address_in_both_forms(
    terminal: Terminal, spinner: Path, lot: str, tmp_path: Path
) -> None:
    for form in ("svg", "png"):
        assert terminal("qr", lot, "-o", str(tmp_path / f"label.{form}"), data=spinner).code == 0
        assert (tmp_path / f"label.{form}").read_bytes() == symbol(lot, form)
        assert symbol(lot, form) != symbol(f"{lot}0", form)

    assert symbol(lot, "svg").startswith(b"<svg")
    assert symbol(lot, "png").startswith(b"\x89PNG")


def test_a_sheet_names_each_lot_as_often_as_asked(terminal: Terminal, spinner: Path, lot: str, tmp_path: Path) -> None:
    page = tmp_path / "sheet.html"

    said = terminal("labels", lot, "--copies", "3", "-o", str(page), data=spinner)

    assert said.code == 0
    html = page.read_text()
    assert html.count("Cotton yarn, lot 1</bdi>") == html.count("data:image/svg+xml;base64,") == 3
    assert "<script" not in html
    assert 'src="http' not in html


def test_a_label_needs_something_behind_it(terminal: Terminal, spinner: Path, tmp_path: Path) -> None:
    out = tmp_path / "label.svg"
    unknown = terminal("qr", "https://spinner.test/lots/none", "-o", str(out), data=spinner)
    bare = terminal("qr", "not an identifier\x00", "-o", str(out), data=spinner)
    elsewhere = terminal("qr", "https://spinner.test/lots/none", "-o", str(tmp_path / "label.gif"), data=spinner)

    assert [unknown.code, elsewhere.code] == [2, 2]
    assert bare.code != 0
    assert "Issue a passport first" in unknown.err
    assert not out.exists()
