"""Pages as tests read them. What is written here is also the convention for whoever writes one.

A fenced block runs, or is checked, by the first words after the fence::

    python             run, in an empty folder that all running blocks of the page share, in order
    console            run there: "$ " and a command, below it what it prints on stdout; "…" stands for anything
    json WORD          read by our strict reader; WORD says what it must be (trust-list, policy, report)
    toml               settings of a node
    python file=PATH   a file of a recipe, written into a copy of the checkout
    diff file=PATH     a change of a recipe: the lines with "-" or " " stand in PATH exactly once; "@@" divides
    anything else      is shown and not run (sh, text, http)

In prose, ``package.module:name`` in backticks must exist, a path in backticks that starts with one of our folders must
exist, and a relative link must lead to a file and a heading of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.shared import ROOT

DOCS: Final = ROOT / "docs"
#: Every page of the project.
PAGES: Final = tuple(
    sorted(
        [*ROOT.glob("*.md"), *(ROOT / "contexts").glob("*.md"), *(ROOT / "docker").glob("*.md"), *DOCS.rglob("*.md")]
    )
)
_FENCE: Final = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```", re.DOTALL | re.MULTILINE
)
_LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_CODE: Final = re.compile(r"`([^`\n]+)`")
_HEADING: Final = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: its ``language``, further ``words``, the ``file`` it names, and where it stands."""

    language: str
    words: tuple[str, ...]
    file: str
    text: str
    line: int


def name_of(page: Path) -> str:
    """A page as tests name it."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> tuple[Block, ...]:
    """The fenced blocks of a page, only those in ``languages`` when some are named."""
    text = page.read_text("utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        if languages and language not in languages:
            continue
        file = next((word.removeprefix("file=") for word in words if word.startswith("file=")), "")
        further = tuple(word for word in words if not word.startswith("file="))
        line = text.count("\n", 0, match.start()) + 1
        inner = "".join(row.removeprefix(match["indent"]) for row in match["text"].splitlines(keepends=True))
        found.append(Block(language=language, words=further, file=file, text=inner, line=line))
    return tuple(found)


def pages_with(*languages: str) -> list[Path]:
    """The pages that hold blocks in one of ``languages`` that are no files of a recipe."""
    return [page for page in PAGES if any(not block.file for block in blocks(page, *languages))]


def prose(page: Path) -> str:
    """The text of a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> list[str]:
    """Where the links of a page lead."""
    return [match["target"] for match in _LINK.finditer(prose(page))]


def code_words(page: Path) -> list[str]:
    """What stands in backticks in the prose of a page."""
    return _CODE.findall(prose(page))


def headings(page: Path) -> list[str]:
    """The headings of a page, marks of code left out."""
    return [heading.replace("`", "") for heading in _HEADING.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """The names under which the headings of a page are linked to."""
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings(page)}


def table_rows(page: Path, heading: str) -> Iterator[tuple[str, ...]]:
    """The rows of the first table below ``heading``, without head and rule, cells stripped."""
    _, _, below = page.read_text("utf-8").partition(f"{heading}\n")
    seen = 0
    for line in below.splitlines():
        if line.startswith("|"):
            seen += 1
            if seen > 2:
                yield tuple(cell.strip() for cell in line.strip("|").split("|"))
        elif seen or line.startswith("#"):
            return
