from __future__ import annotations

import pytest

from node.web.pages import HEADERS, clickable, page, render, trace_path, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain shirt", "Plain shirt"),
        ("Fibre\u202eecnarussA", "Fibre[U+202E]ecnarussA"),
        ("Green\u200bSeal", "Green[U+200B]Seal"),
        ("bell\x07", "bell[U+0007]"),
        ("a\u2028b", "a[U+2028]b"),
        ("\u3164", "[U+3164]"),
        ("two\nlines", "two\nlines"),
        ("तिरुपुर", "तिरुपुर"),
    ],
)
def test_what_nobody_sees_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("url", ["https://farm.test/lots/1", "https://a.b:8443/x?y=1#z", "https://farm.test"])
def test_a_plain_https_address_may_be_clicked(url: str) -> None:
    assert clickable(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<b>",
        "vbscript:x",
        "http://farm.test/",
        "https://user@farm.test/",
        "https://farm.test\\@evil.test/",
        "https://farm.test/\u202e",
        'https://farm.test/"onclick="x',
        "//farm.test/",
        " https://farm.test/",
        "https://farm.test/\n",
        "",
        None,
        7,
        "https://farm.test/" + "a" * 3000,
    ],
)
def test_nothing_else_may_be_clicked(url: object) -> None:
    assert not clickable(url)


def test_the_policy_lets_in_the_one_style_sheet_and_nothing_else() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script" not in policy


def test_an_identifier_cannot_leave_its_place_in_an_address() -> None:
    assert trace_path("https://a.test/?x=1&y=2#z") == "/trace?identifier=https%3A%2F%2Fa.test%2F%3Fx%3D1%26y%3D2%23z"


def test_svg_is_escaped_like_html() -> None:
    svg = render("chain.svg", picture=_Empty(), target="</title><script>x</script>")
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_a_page_is_kept_by_nobody_unless_it_says_so() -> None:
    answer = page("problem.html", status=404, identity=_Identity(), problems=[_Problem()])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


class _Empty:
    width, height, card, cards, lines = 10, 10, (1, 1), (), ()


class _Identity:
    name, did = "Farm", "did:web:farm.test"


class _Problem:
    code, detail, fix, pointer = "NOT_FOUND", "Nothing is here.", "", ""
