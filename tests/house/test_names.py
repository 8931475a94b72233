"""One name, one meaning: no two public classes and no two modules share a name unless a row here says why."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.shared import ROOT

PACKAGES: Final = ("contexts", "credentials", "node")
#: Classes of one name → why both keep it.
CLASSES: Final[dict[str, str]] = {}
#: Modules of one name → what they have in common.
MODULES: Final[dict[str, str]] = {
    "__init__": "Python's",
    "__main__": "Python's",
    "anchors": "identity anchors: walked, and linted",
    "bulk": "many credentials: verified, over HTTP, by command",
    "claim": "a UNTP claim: read, and asked about",
    "claims": "UNTP claims: linted, and made for the demo",
    "conformity": "a UNTP attestation: read, and linted",
    "credential": "a credential: its model, and the rules asked of it",
    "demo": "the demo: run, and its command",
    "document": "a JSON document: parsed, and linted",
    "errors": "what can go wrong on each floor",
    "events": "UNTP events: read, and linted",
    "facility": "a UNTP facility: read, and asked about",
    "identity": "who a party is: ours, and the rules about others",
    "instances": "issuer instances: made, and listed over HTTP",
    "issue": "securing a draft: the library's door, and the command",
    "jose": "JOSE envelopes: made, and shown to their test suite",
    "judging": "judging a credential: what is decided, and where it runs",
    "keys": "the node's keys: replaced, over HTTP, by command",
    "naming": "what a credential speaks about: in the store, and in a folder",
    "outbox": "deliveries: sent, and stored",
    "pages": "HTML pages: rendered, and where an address asks for one",
    "peers": "the peer book: kept, stored, over HTTP, by command",
    "presentation": "a presentation: its model, and its verdict",
    "products": "UNTP products: linted, and made for the demo",
    "routes": "the addresses of a room",
    "schemas": "JSON Schemas: built, registered, and shown to their test suite",
    "tokens": "bearer tokens: made, stored, over HTTP, by command",
}
#: Words of no specification that once stood here, and what is said instead.
GONE: Final = {
    "crew": "worker",
    "hearsay": "authority",
    "errand": "task",
    "errands": "tasks",
    "footing": "relevance",
    "manners": "profile",
    "nursery": "launcher",
    "tally": "counter",
    "drawer": "holder store",
    "drawers": "holder stores",
    "shelf": "shared files",
    "bell": "wakeup",
    "townsman": "participant",
    "rehearsal": "offline season",
}
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@cache
def _sources() -> dict[Path, ast.Module]:
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {path: ast.parse(path.read_text("utf-8")) for path in files if "versions" not in path.parts}


def _public_classes() -> dict[str, list[str]]:
    found = defaultdict(list)
    for path, tree in _sources().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(path.relative_to(ROOT)))
    return found


def _modules() -> dict[str, list[str]]:
    found = defaultdict(list)
    for path in _sources():
        found[path.stem].append(str(path.relative_to(ROOT)))
    return found


def test_no_two_public_classes_share_a_name_without_a_reason() -> None:
    twice = {name: places for name, places in _public_classes().items() if len(places) > 1}

    assert len(_public_classes()) > 200
    assert {name: places for name, places in twice.items() if name not in CLASSES} == {}
    assert CLASSES.keys() - twice.keys() == set(), "a row for names that are not twice any more: take it out"


def test_no_two_modules_share_a_name_without_a_reason() -> None:
    twice = {stem: places for stem, places in _modules().items() if len(places) > 1}

    assert {stem: places for stem, places in twice.items() if stem not in MODULES} == {}
    assert MODULES.keys() - twice.keys() == set(), "a row for names that are not twice any more: take it out"


@cache
def _parts() -> Counter[str]:
    """The words that every name of the program is made of."""
    named = [path.stem for path in _sources()]
    for tree in _sources().values():
        for node in ast.walk(tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                named.append(node.name)
            elif isinstance(node, ast.arg):
                named.append(node.arg)
            elif isinstance(node, (ast.Name, ast.Attribute)):
                named.append(node.id if isinstance(node, ast.Name) else node.attr)
    return Counter(part.lower() for name in set(named) for part in _WORDS.findall(name))


@pytest.mark.parametrize("word", GONE)
def test_no_name_needs_a_legend(word: str) -> None:
    assert _parts()["worker"]
    assert _parts()[word] == 0, f"say {GONE[word]}"


def test_the_glossary_has_each_word_once_in_the_order_of_the_alphabet() -> None:
    rows = re.findall(r"(?m)^\| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text("utf-8"))[1:]

    assert rows == sorted(set(rows), key=str.lower)
    assert {"authority", "network", "profile", "relevance", "supervisor", "task group", "wakeup", "worker"} <= set(rows)
    assert not {*rows} & {*GONE}
