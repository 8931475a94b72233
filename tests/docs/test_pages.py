"""Every page: what it links and names exists, what it shows can be read, what it must not hold is not there."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema_rs import Draft202012Validator

from credentials.encoding.document import parse_json
from credentials.provenance import REPORT_SCHEMA, Word
from credentials.provenance.rules import RULES
from credentials.provenance.rules.rule import Rule
from credentials.trust import parse_trust_list
from credentials.trust.policy import parse_policy
from node.config import build_settings
from tests.docs.generated import GENERATED, module_of
from tests.docs.pages import DOCS, PAGES, anchors, blocks, code_words, links, name_of, pages_with, prose, table_rows
from tests.shared import ROOT

_OURS: Final = "contexts|credentials|node|tests|docs|docker|benchmarks"
_NAME: Final = re.compile(rf"(?:{_OURS})(?:\.[a-z_0-9]+)+(?::[A-Za-z_][\w.]*)?")
_PATH: Final = re.compile(rf"(?:{_OURS})/[\w./-]+")
_SUFFIXES: Final = (".md", ".toml", ".yaml", ".py", ".lock", ".db")
_VOCABULARY: Final = re.compile(r"/v[0-9]|VERSION")  # credentials/v2 is a context, untp-VERSION any version
_HOST: Final = re.compile(r"https?://([\w.-]+\w)", re.ASCII)
_EXAMPLES: Final = (".example", ".test", ".invalid", "example.com", "127.0.0.1", "localhost", "host")
_SPECIFICATIONS: Final = ("w3.org", "w3id.org", "rfc-editor.org", "uncefact.org", "unece.org", "gs1.org", "schema.org")
_MACHINE: Final = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w|[A-Z]:\\\w")
#: Second word of a json block → who must be able to read it.
READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "trust-list": parse_trust_list,
    "policy": parse_policy,
    "batch": list,  # read in full by test_federation
    "report": Draft202012Validator(REPORT_SCHEMA).validate,
}

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@every_page
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in links(page):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found), target


@every_page
def test_every_name_and_path_of_ours_exists(page: Path) -> None:
    for word in code_words(page):
        if _NAME.fullmatch(word) and not word.endswith(_SUFFIXES):
            assert exists(word), word
        elif _PATH.fullmatch(word) and not _VOCABULARY.search(word):
            assert (ROOT / word).exists(), word


@every_page
def test_no_page_names_a_host_but_examples_and_specifications_or_a_path_of_some_machine(page: Path) -> None:
    text = page.read_text("utf-8")

    assert [host for host in _HOST.findall(text) if not host.endswith(_EXAMPLES + _SPECIFICATIONS)] == []
    assert _MACHINE.findall(text) == []
    assert f"{ROOT.parent}/" not in text


@pytest.mark.parametrize("page", GENERATED, ids=name_of)
def test_a_generated_page_is_what_the_program_says(page: Path) -> None:
    assert page.read_text("utf-8") == GENERATED[page](), "renew it with: python -m tests.docs.generated"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_module_the_page_names_for_a_rule_is_where_the_rule_stands(rule: Rule) -> None:
    assert any(value is rule for value in vars(importlib.import_module(module_of(rule))).values())


@pytest.mark.parametrize("page", pages_with("json"), ids=name_of)
def test_the_json_of_a_page_is_what_it_says(page: Path) -> None:
    for block in blocks(page, "json"):
        value = parse_json(block.text.encode("utf-8"))
        for word in block.words:
            READERS[word](value)


@pytest.mark.parametrize("page", pages_with("toml"), ids=name_of)
def test_the_toml_of_a_page_is_a_node_s_settings(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, "toml"):
        build_settings(tomllib.loads(block.text), data=tmp_path)


def test_the_architecture_is_read_in_one_sitting() -> None:
    assert len((DOCS / "architecture.md").read_text("utf-8").splitlines()) < 250


@pytest.mark.parametrize("floor", ["node", "credentials", "credentials.provenance", "node.flows"])
def test_the_floor_picture_is_the_import_contract(floor: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == [floor])
    pictures = "".join(block.text for block in blocks(DOCS / "architecture.md", "text") if "→" in block.text)
    drawn = re.search(rf"^ {floor.rpartition('.')[2]} +(.*\n(?: +→.*\n)*)", pictures, re.MULTILINE)

    assert drawn is not None
    assert [re.findall(r"\w+", step) for step in drawn[1].split("→") if step.strip()] == [
        re.findall(r"\w+", layer) for layer in layers
    ]


def test_the_architecture_says_where_every_phrase_of_the_sentence_is_decided() -> None:
    page = DOCS / "architecture.md"
    (sentence,) = re.findall(r"^> (.+)$", page.read_text("utf-8"), re.MULTILINE)
    rows = list(table_rows(page, f"> {sentence}"))

    assert " ".join(phrase for phrase, _ in rows) == sentence
    assert [phrase for phrase, where in rows if not any(map(exists, _NAME.findall(where)))] == []


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    words = [row[0] for row in table_rows(DOCS / "glossary.md", "# Glossary: one word, one meaning")]

    assert words == sorted(set(words))
    assert next(
        row[1] for row in table_rows(DOCS / "glossary.md", "# Glossary: one word, one meaning") if row[0] == "word"
    ) == (", ".join(list(Word)[:-1]) + f" or {list(Word)[-1]}")


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=name_of)
def test_a_decision_is_short_and_says_what_it_costs(page: Path) -> None:
    text = page.read_text("utf-8")

    assert len(text.splitlines()) < 60
    assert [line for line in text.splitlines() if line.startswith("## ")][-1] == "## What it costs"


def test_every_page_below_docs_is_linked_from_another_one() -> None:
    linked = {(page.parent / target.partition("#")[0]).resolve() for page in PAGES for target in links(page)}
    alone = {name_of(page) for page in DOCS.glob("*.md")} - {name_of(page) for page in linked if page in PAGES}

    assert alone == set()


def test_a_dead_link_and_a_dead_name_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n[gone](gone.md) and `node.config:no_such_thing`, `node/gone.py`.\n", "utf-8")

    with pytest.raises(AssertionError, match="gone"):
        test_every_relative_link_leads_to_a_file_and_a_heading(page)
    with pytest.raises(AssertionError, match="no_such_thing"):
        test_every_name_and_path_of_ours_exists(page)
    assert "gone" in prose(page)


def exists(word: str) -> bool:
    """Is ``package.module`` or ``package.module:name.of.it`` really there?"""
    module, _, name = word.partition(":")
    try:
        found: Any = importlib.import_module(module)
    except ImportError:
        return False
    for part in name.split(".") if name else ():
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


@pytest.mark.parametrize("heading", ["## Try it", "## Test it"])
def test_readme_gives_one_line_under_each_of_its_two_commands(heading: str) -> None:
    section = (ROOT / "README.md").read_text("utf-8").partition(f"\n{heading}\n")[2].partition("\n## ")[0]

    fenced = re.findall(r"^```\w*\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)

    assert [block.count("\n") for block in fenced] == [1]
    assert ".venv" in fenced[0]
