"""``/check``: one file that checks a bundle, loads nothing and sends nothing."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from node.web.check_page import ROOM, check_page, check_policy
from tests.node.api.nodes import Served
from tests.shared import ROOT

NODE_JS = shutil.which("node") or ""
#: Ways out of the page, and ways to make markup or code of text.
CALLS = r"\b(?:eval|Function|fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|Worker|setTimeout|import)\s*\("
SINKS = rf"{CALLS}|innerHTML|outerHTML|insertAdjacent|document\.write|localStorage|location"


def test_the_page_in_the_docs_is_the_one_that_its_modules_make() -> None:
    assert (ROOT / "docs" / "check.html").read_text("utf-8") == check_page(), "python -m node.web.check_page"


def test_its_policy_lets_its_one_script_and_style_in_and_nothing_else() -> None:
    for element in ("script", "style"):
        (text,) = re.findall(f"<{element}>(.*?)</{element}>", check_page(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}';" in check_policy()
    assert check_policy().startswith("default-src 'none'; ")
    assert "unsafe" not in check_policy()
    assert check_policy().count("sha256-") == 2


def test_no_module_knows_a_way_out_or_makes_markup_of_text() -> None:
    found = [(path.name, re.findall(SINKS, path.read_text("utf-8"))) for path in sorted(ROOM.glob("*.js"))]
    assert [one for one in found if one[1]] == []
    assert not re.search(r"<(?:link|img|iframe|object|base)\b|\b(?:src|href)=", check_page().split("<script>")[0])


async def test_the_node_serves_it_under_that_policy(node: Served) -> None:
    answer = await node.ask("GET", "/check")
    assert (answer.status, answer.body.decode()) == (200, check_page())
    assert answer.headers["Content-Security-Policy"] == f"{check_policy()}; frame-ancestors 'none'"


def test_its_modules_do_what_they_say() -> None:
    if not NODE_JS and os.environ.get("CI") == "true":
        pytest.fail("node is missing")
    if not NODE_JS:
        pytest.skip("Node.js is not installed here")
    tests = sorted(str(path) for path in (Path(__file__).parent / "checker").glob("*.test.mjs"))
    ran = subprocess.run([NODE_JS, "--test", *tests], capture_output=True, check=False, timeout=120, text=True)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert len(tests) > 2
