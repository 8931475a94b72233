"""A real browser looks at the page: it draws it, and nothing in it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from credentials.provenance import Report
from credentials.trust import TrustList
from tests.node.web.reading import poisoned
from tests.node.web.test_report_page import html_of

CHROMIUM = shutil.which("chromium") or ""
CANARY = "</title></style><img src=x onerror=\"document.documentElement.dataset.xss='1'\">"

pytestmark = pytest.mark.slow


def browse(page: Path, *wishes: str, folder: Path) -> bytes:
    """What chromium prints for ``page``, without a network of its own."""
    if not CHROMIUM and os.environ.get("CI") == "true":
        pytest.fail("chromium is missing")
    if not CHROMIUM:
        pytest.skip("chromium is not installed here")
    quiet = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    command = (CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *quiet, f"--user-data-dir={folder}", *wishes)
    return subprocess.run([*command, page.as_uri()], capture_output=True, check=True, timeout=60).stdout


def test_the_page_of_a_report_is_drawn(report: Report, trust: TrustList, tmp_path: Path) -> None:
    page, picture = tmp_path / "page.html", tmp_path / "page.png"
    page.write_text(html_of(report, trust), "utf-8")
    browse(page, f"--screenshot={picture}", "--window-size=1200,1500", folder=tmp_path / "profile")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 50_000


def test_nothing_in_a_report_full_of_markup_runs(report: Report, trust: TrustList, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html_of(replace(poisoned(report, CANARY), chain=report.chain), trust), "utf-8")
    seen = browse(page, "--dump-dom", "--virtual-time-budget=2000", folder=tmp_path / "profile").decode()
    assert "</html>" in seen
    assert '<html lang="en">' in seen
    assert "data-xss=" not in seen
