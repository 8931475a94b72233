"""Pages as people see them: where the answers stand, what a checker of accessibility says, and pictures for docs.

The pictures in docs/screens are made here; they are written anew with TRACENODE_SCREENS=1 and compared by nobody but
people, because fonts differ between machines.
"""

from __future__ import annotations

import html as markup
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from credentials.provenance import Report
from credentials.trust import TrustList
from tests.node.season import TRUST
from tests.node.web.test_browser import browse
from tests.node.web.test_first_screen import WORLDS, world
from tests.node.web.test_report_page import html_of

ROOT = Path(__file__).parents[3]
AXE = ROOT / "tests" / "interop" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "docs" / "screens"
#: The first screen and a half of a window of 1280 by 800 pixels.
HALF_PAST_ONE = 1200
PLACES = ("short-wrong", "short-claims", "short-missing", "short-until", "short-auditor")
SIZES = (11, 60, 300)

pytestmark = pytest.mark.slow


def asked_of(page: str, script: str, folder: Path, *wishes: str) -> object:
    """What ``script`` comes to in the page: it sets ``answer`` and calls ``done()``."""
    running = (
        "<script>let answer=null;const done=()=>{const p=document.createElement('pre');p.id='answer';"
        "p.textContent=JSON.stringify(answer);document.documentElement.append(p)};"
        f"addEventListener('load',()=>{{{script}}});</script>"
    )
    file = folder / "asked.html"
    file.write_text(page.replace("</body>", f"{running}</body>"), "utf-8")
    seen = browse(file, "--dump-dom", "--virtual-time-budget=20000", *wishes, folder=folder / "profile").decode()
    found = re.search(r'<pre id="answer">(.*?)</pre>', seen, re.DOTALL)
    assert found is not None, "the page did not answer"
    return json.loads(markup.unescape(found[1]))


def with_cards(report: Report, count: int) -> Report:
    """The report with so many parts of its chain: its own, and lots of suppliers of suppliers."""
    vertices, links = list(report.chain["vertices"]), list(report.chain["links"])  # type: ignore[arg-type]
    goods = [one["id"] for one in vertices if one["kind"] == "product"]  # type: ignore[index]
    vertices, links = vertices[:count], links
    for number in range(count - len(vertices)):
        id = f"https://supplier.test/lots/{number}"
        vertices.append(
            {
                "id": id,
                "kind": "product",
                "label": f"Lot {number}",
                "issuer": "did:web:supplier.test",
                "word": "VERIFIED",
            }
        )
        links.append({"from": id, "to": goods[number // 3], "kind": "input"})
        goods.append(id)
    return replace(report, chain={"vertices": vertices, "links": links})


@pytest.mark.parametrize("of", WORLDS)
def test_every_answer_stands_on_the_first_screen_and_a_half(of: str, tmp_path: Path) -> None:
    script = f"answer={json.dumps(PLACES)}.map(id=>document.getElementById(id).getBoundingClientRect().bottom);done();"
    ends = asked_of(
        html_of(world(of), TRUST), script, tmp_path, "--window-size=1280,800", "--force-device-scale-factor=1"
    )
    assert isinstance(ends, list)
    assert len(ends) == len(PLACES)
    assert max(ends) <= HALF_PAST_ONE


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_never_wider_than_its_window(width: int, report: Report, trust: TrustList, tmp_path: Path) -> None:
    frame = (
        f'<!doctype html><html><body><iframe width="{width}" height="800" srcdoc="'
        f'{markup.escape(html_of(report, trust))}"></iframe></body></html>'
    )
    script = (
        "const d=document.querySelector('iframe').contentDocument.documentElement;"
        "answer=[d.scrollWidth-d.clientWidth,d.clientWidth];done();"
    )
    beyond, seen = asked_of(frame, script, tmp_path)  # type: ignore[misc]
    assert width - 20 <= seen <= width
    assert beyond == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("cards", SIZES)
def test_a_checker_of_accessibility_finds_nothing_serious(
    scheme: str, cards: int, report: Report, trust: TrustList, tmp_path: Path
) -> None:
    if not AXE.exists() and os.environ.get("CI") == "true":
        pytest.fail("axe-core is missing: run npm ci --ignore-scripts in tests/interop")
    if not AXE.exists():
        pytest.skip("axe-core is not here: run npm ci --ignore-scripts in tests/interop")
    page = html_of(with_cards(report, cards), trust).replace(
        "</head>", f"<script>{AXE.read_text('utf-8')}</script></head>"
    )
    script = (
        "for(const d of document.querySelectorAll('details'))d.open=true;"
        "const dark=matchMedia('(prefers-color-scheme: dark)').matches;"
        "axe.run(document).then(r=>{answer=[dark,r.violations.map(v=>[v.impact,v.id,v.nodes.length,"
        "v.nodes[0].html.slice(0,200),v.nodes[0].failureSummary])];done()})"
        ".catch(e=>{answer=[dark,[['critical',String(e)]]];done()});"
    )
    wishes = ("--blink-settings=preferredColorScheme=0",) if scheme == "dark" else ()
    is_dark, found = asked_of(page, script, tmp_path, *wishes)  # type: ignore[misc]
    assert is_dark is (scheme == "dark")
    assert [one for one in found if one[0] in ("serious", "critical")] == []


@pytest.mark.parametrize(("cards", "part"), [(11, "short"), (11, "chain"), (60, "chain"), (300, "chain")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_drawn_for_wide_and_narrow_windows_by_day_and_by_night(
    width: int, scheme: str, cards: int, part: str, report: Report, trust: TrustList, tmp_path: Path
) -> None:
    page, frame, picture = tmp_path / "page.html", tmp_path / "frame.html", tmp_path / "page.png"
    page.write_text(html_of(with_cards(report, cards), trust), "utf-8")
    inner = "page.html" if part == "short" else f"page.html#{part}"
    frame.write_text(  # a window of its own cannot be as narrow as a telephone
        f'<!doctype html><meta name="color-scheme" content="{scheme}"><body style="margin:0">'
        f'<iframe style="border:0" width="{width}" height="1200" src="{inner}"></iframe>',
        "utf-8",
    )
    wishes = ("--blink-settings=preferredColorScheme=0",) if scheme == "dark" else ()
    size = f"--window-size={max(width, 500)},1200"
    browse(frame, f"--screenshot={picture}", "--hide-scrollbars", size, *wishes, folder=tmp_path / "profile")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
    if os.environ.get("TRACENODE_SCREENS") == "1":
        SCREENS.mkdir(exist_ok=True)
        (SCREENS / f"{part}-{cards}-{width}-{scheme}.png").write_bytes(picture.read_bytes())
