"""Every source that a comment, a docstring or a page cites can be opened: the page is here, and the id stands in it.

What is cited of ours is ``docs/PAGE.md``, with a heading (``#going-out``) or with ids, one by one or as ranges; an id
of a rule, a requirement or an invariant may also stand alone. Public specifications are cited by name and section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest

from credentials.untp.lint import PROBES
from tests.corpus.cases import CASES
from tests.docs.pages import DOCS, PAGES, anchors, name_of, prose
from tests.shared import ROOT

_FOLDERS: Final = ("contexts", "credentials", "node", "tests", "benchmarks", "docker")
_SUFFIXES: Final = (".py", ".toml", ".html", ".yaml", ".mjs")
SOURCES: Final = tuple(
    sorted(
        [
            ROOT / "pyproject.toml",
            *(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _SUFFIXES),
        ]
    )
)
REQUIREMENTS, RULES, W3C = DOCS / "requirements.md", DOCS / "rules.md", DOCS / "conformance" / "w3c.md"

#: Notes that are no pages of this project, and the ways in which they could be cited.
ELSEWHERE: Final = re.compile(
    r"(?<![\w/-])(?:security|untp|performance|house|ecosystem|lives|soundness)\.md"
    r"|(?<![\w/-])(?:federation|w3c)\.md(?= (?:§|sections? |[A-C]?\d))"
    r"|\bSettled \d+|\b[Dd]esign (?:README|documents?)\b|(?<=[( ])design, [SITVJF]\w+|\binvariants? I\d|\([a-f]\)\.\d"
    r"|(?<![\w.])items? \d+(?= to \d|[),.:;]| and \d|, )"
)
_FAMILIES: Final = "VCP|VOC|DPP|CLM|DCC|DTE|DFR|DIA|IDR|TAX|RND"
_ID: Final = rf"(?:PV-[A-Z]+(?:-\d+)?|(?:{_FAMILIES})-\d+|[AC]\d(?:\.\d+)?|[ISRDT]\d+)(?![\w-])"
_LIST: Final = rf"{_ID}(?:(?:, | and | to ){_ID})*"
_CITED: Final = re.compile(rf"(?<![\w/])(?P<page>docs/[\w/-]+\.md)(?P<anchor>#[\w-]+)?(?: (?P<ids>{_LIST}))?")
_ALONE: Final = re.compile(rf"(?<![\w*`\"'/-])(?:PV-[A-Z]+-\d+|(?:{_FAMILIES})-\d+|[IS]\d{{1,3}})(?![\w.\"'/-]*\w)")
_NAMED: Final = re.compile(r"(?<![\w/.{-])(?!docs/)[\w/-]+\.md\b")
_RANGE: Final = re.compile(rf"({_ID}) to ({_ID})")
_COMMENT: Final = re.compile(r'"""(?P<text>.*?)"""|(?<=[ \n])#:? (?P<line>[^\n]*)', re.DOTALL)
_NOQA: Final = re.compile(r"# noqa: [A-Z\d, ]+")
_ENTRY: Final = re.compile(rf"^ *- \*\*({_ID})\*\*|^\| `({_ID})`|^## ([AC]\d) ", re.MULTILINE)


@lru_cache
def entries(page: Path) -> frozenset[str]:
    """The ids that stand in ``page``, each at its own place."""
    return frozenset(next(filter(None, found)) for found in _ENTRY.findall(page.read_text("utf-8")))


def spelt_out(ids: str) -> Iterator[str]:
    """Every id of a list as it is cited: "S1 to S3 and S7" is four."""
    for first, last in _RANGE.findall(ids):
        (head, low), (_, high) = (re.fullmatch(r"(.*?)(\d+)", end).groups() for end in (first, last))  # type: ignore[union-attr]
        yield from (f"{head}{number:0{len(low)}}" for number in range(int(low), int(high) + 1))
    yield from re.findall(_ID, ids)


def stands_in(id: str, page: Path) -> bool:
    """Is there an entry ``id``, or a family of rules of that name?"""
    return id in entries(page) or (id.startswith("PV-") and any(one.startswith(f"{id}-") for one in entries(page)))


def joined(text: str) -> str:
    """``text`` on one line, without the marks of comments."""
    return re.sub(r"\s*\n\s*(?:#:? )?", " ", text)


def told(path: Path) -> str:
    """What ``path`` tells people: the prose of a page, docstrings and comments of a module."""
    if path.suffix == ".md":
        return joined(prose(path))
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return joined(text)
    return joined("\n".join(found["text"] or found["line"] or "" for found in _COMMENT.finditer(_NOQA.sub("", text))))


def unresolved(text: str) -> list[str]:
    """The citations in ``text``, on one line, that lead nowhere."""
    dead = [found.group() for found in ELSEWHERE.finditer(text)]
    for cited in _CITED.finditer(text):
        page = ROOT / cited["page"]
        if not page.exists() or (cited["anchor"] and cited["anchor"][1:] not in anchors(page)):
            dead.append(cited.group())
        elif cited["ids"]:
            dead += [
                f"{cited['page']} {id}" for id in dict.fromkeys(spelt_out(cited["ids"])) if not stands_in(id, page)
            ]
    for named in dict.fromkeys(_NAMED.findall(ELSEWHERE.sub("", text))):
        if not any((folder / named).exists() for folder in (ROOT, DOCS, W3C.parent)):
            dead.append(named)
    alone = set(_ALONE.findall(_CITED.sub("", text)))
    return dead + sorted(id for id in alone if not stands_in(id, RULES) and not stands_in(id, REQUIREMENTS))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_citation_of_a_page_resolves(page: Path) -> None:
    assert unresolved(told(page)) == []


def test_every_citation_of_a_module_resolves() -> None:
    found = {name_of(path): unresolved(told(path)) for path in SOURCES if path != Path(__file__)}

    assert {name: dead for name, dead in found.items() if dead} == {}


def test_no_text_of_the_program_names_a_note_that_is_not_here() -> None:
    found = {
        name_of(path): [one.group() for one in ELSEWHERE.finditer(joined(path.read_text("utf-8")))]
        for path in SOURCES
        if path != Path(__file__)
    }

    assert {name: notes for name, notes in found.items() if notes} == {}


def test_every_bad_input_of_the_corpus_is_an_entry() -> None:
    assert {f"S{case.item}" for case in CASES} - entries(REQUIREMENTS) == set()


def test_every_probe_of_the_lint_is_on_the_list_of_what_the_schemas_let_through() -> None:
    _, _, below = REQUIREMENTS.read_text("utf-8").partition("### What the schemas let through\n")

    assert [int(number) for number in re.findall(r"^(\d+)\. ", below, re.MULTILINE)] == list(PROBES)


def test_an_id_has_one_entry() -> None:
    text = REQUIREMENTS.read_text("utf-8")

    assert len(_ENTRY.findall(text)) == len(entries(REQUIREMENTS))


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("See docs/requirements.md S44 to S46 and I3; docs/rules.md PV-ACC, VCP-02.", []),
        ("See docs/threat-model.md#going-out; docs/conformance/w3c.md A1.1 to A1.3 and C1.", []),
        ("See docs/gone.md.", ["docs/gone.md"]),
        ("See CHANGELOG.md and gone.md.", ["gone.md"]),
        ("See docs/threat-model.md#no-heading.", ["docs/threat-model.md#no-heading"]),
        ("See docs/requirements.md S1 and S999.", ["docs/requirements.md S999"]),
        ("See docs/requirements.md S159 to S161.", ["docs/requirements.md S159", "docs/requirements.md S161"]),
        ("See docs/conformance/w3c.md A1.99.", ["docs/conformance/w3c.md A1.99"]),
        ("See docs/rules.md PV-NONE.", ["docs/rules.md PV-NONE"]),
        ("as PV-CRED-99 and (I99) ask", ["I99", "PV-CRED-99"]),
        ("(security.md item 7; design, Settled 3)", ["security.md", "item 7", "design, Settled"]),
        ("federation.md §4.6 and w3c.md A1.4", ["federation.md", "w3c.md"]),
    ],
)
def test_a_dead_citation_would_be_seen(text: str, dead: list[str]) -> None:
    assert sorted(unresolved(text)) == sorted(dead)
