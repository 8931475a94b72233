"""RDFC-1.0: the W3C's own tests, two other implementations, and graphs that must not cost more than their budget."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.errors import LimitReached, MalformedInput
from credentials.rdf.canonical import BUDGET, MAX_BLANK_NODES, MAX_STATEMENTS, canonical_labels
from credentials.rdf.nquads import parse_nquads
from tests.credentials.rdf.graphs import alike_trees, clique, ring, two_roots
from tests.credentials.rdf.texts import canonicalize
from tests.shared import SHARED, needs_shared, shared_json, shared_path

VECTORS = SHARED / "vectors" / "rdf-canon"


def _entries() -> list[dict[str, Any]]:
    if not VECTORS.is_dir():
        return []
    entries: list[dict[str, Any]] = shared_json("vectors", "rdf-canon", "manifest.jsonld")["entries"]
    return [entry for entry in entries if (VECTORS / entry["action"].rsplit("/", 1)[1]).exists()]


def _read(path: str) -> str:
    return shared_path("vectors", "rdf-canon", path.rsplit("/", 1)[1]).read_bytes().decode("utf-8")


def _named(kind: str) -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in _entries() if entry["type"] == f"rdfc:{kind}"]


@needs_shared
@pytest.mark.parametrize("entry", _named("RDFC10EvalTest"))
def test_the_canonical_form_is_the_w3c_one(entry: dict[str, Any]) -> None:
    algorithm = entry.get("hashAlgorithm", "SHA256").lower()
    assert canonicalize(_read(entry["action"]), algorithm=algorithm) == _read(entry["result"])


@needs_shared
@pytest.mark.parametrize("entry", _named("RDFC10MapTest"))
def test_the_issued_identifiers_are_the_w3c_ones(entry: dict[str, Any]) -> None:
    expected = shared_json("vectors", "rdf-canon", entry["result"].rsplit("/", 1)[1])
    algorithm = entry.get("hashAlgorithm", "SHA256").lower()
    labels = canonical_labels(parse_nquads(_read(entry["action"])), algorithm=algorithm)
    assert {node[2:]: name[2:] for node, name in labels.items()} == expected


@needs_shared
def test_the_w3c_tests_are_there_in_number() -> None:
    assert len(_entries()) >= 40


POISON = [
    pytest.param(lambda: clique(6), id="clique of 6"),
    pytest.param(lambda: clique(8), id="clique of 8"),
    pytest.param(lambda: clique(10), id="clique of 10, the W3C's negative test"),
    pytest.param(lambda: two_roots(9), id="two roots over 9 children"),
    pytest.param(lambda: two_roots(300), id="two roots over 300 children"),
    pytest.param(lambda: alike_trees(5, 3), id="alike trees, 5 wide and 3 deep"),
    pytest.param(lambda: ring(200), id="ring of 200"),
    pytest.param(lambda: ring(999), id="ring of 999"),
]


@pytest.mark.parametrize("graph", POISON)
def test_a_poison_graph_is_refused_within_its_budget(graph: Callable[[], str]) -> None:
    text = graph()
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with pytest.raises(LimitReached) as caught:
            canonicalize(text)
    finally:
        sys.setprofile(before)
    assert caught.value.problem.code == "CANON_LIMIT"
    assert caught.value.problem.fix
    assert calls < 80 * BUDGET


def test_the_budget_is_what_decides() -> None:
    text = clique(4)
    assert canonicalize(text, budget=4000)
    with pytest.raises(LimitReached):
        canonicalize(text, budget=20)


def test_a_thousand_alike_leaves_are_no_poison() -> None:
    text = "".join(f'<urn:x:root> <urn:x:p> _:n{index} .\n_:n{index} <urn:x:q> "same" .\n' for index in range(1000))
    assert len(canonicalize(text).splitlines()) == 2000


def test_more_blank_nodes_than_the_limit_are_refused() -> None:
    lines = [f"<urn:x:s> <urn:x:p> _:n{index} .\n" for index in range(MAX_BLANK_NODES + 1)]
    assert canonicalize("".join(lines[:-1]))
    with pytest.raises(LimitReached):
        canonicalize("".join(lines))


def test_more_statements_than_the_limit_are_refused() -> None:
    lines = [f'<urn:x:s> <urn:x:p> "{index}" .\n' for index in range(MAX_STATEMENTS + 1)]
    assert canonicalize("".join(lines[:-1]))
    with pytest.raises(LimitReached):
        canonicalize("".join(lines))


def test_an_unknown_hash_algorithm_is_refused() -> None:
    with pytest.raises(MalformedInput):
        canonicalize("", algorithm="md5")


def test_labels_that_look_canonical_do_not_merge_with_fresh_ones() -> None:
    text = '_:c14n0 <urn:x:p> "a" .\n_:other <urn:x:p> "b" .\n_:b0 <urn:x:p> "c" .\n'
    assert len({line.split()[0] for line in canonicalize(text).splitlines()}) == 3


_NODES = st.sampled_from([f"_:n{index}" for index in range(5)])
_IRIS = st.sampled_from([f"<urn:x:{name}>" for name in "ab"])
_LITERALS = st.sampled_from(['"text"', '"5"^^<http://www.w3.org/2001/XMLSchema#integer>', '"hi"@en', '"\\n\\"\u2028"'])
_STATEMENTS = st.tuples(_NODES | _IRIS, _IRIS, _NODES | _IRIS | _LITERALS, st.just("") | _NODES | _IRIS)
_DATASETS = st.lists(_STATEMENTS, max_size=14).map(
    lambda rows: [" ".join(part for part in (*row, ".") if part) + "\n" for row in rows]
)


@given(_DATASETS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_and_labels_do_not_matter(lines: list[str], chance: random.Random) -> None:
    labels = [f"_:m{index}" for index in range(5)]
    chance.shuffle(labels)
    shuffled = list(lines)
    chance.shuffle(shuffled)
    renamed = "".join(shuffled)
    for index, label in enumerate(labels):
        renamed = renamed.replace(f"_:n{index}", label)
    assert canonicalize("".join(lines), budget=50_000) == canonicalize(renamed, budget=50_000)


@given(_DATASETS)
@settings(max_examples=60, deadline=None)
def test_the_canonical_form_is_that_of_pyoxigraph(lines: list[str]) -> None:
    text = "".join(lines)
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    theirs = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode("utf-8")
    assert canonicalize(text, budget=50_000).split("\n") == [*sorted(filter(None, theirs.split("\n"))), ""]


@given(_DATASETS)
@settings(max_examples=40, deadline=None)
def test_the_canonical_form_is_that_of_pyld(lines: list[str]) -> None:
    from pyld import jsonld

    # PyLD counts a statement twice for a blank node that stands in it twice, and ends lines at U+2028.
    usual = [line for line in lines if len(set(line.split())) == len(line.split()) and "\u2028" not in line]
    text = "".join(dict.fromkeys(usual))
    theirs = jsonld.normalize(
        text, {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    )
    assert canonicalize(text, budget=50_000) == theirs


@given(_DATASETS)
@settings(max_examples=30, deadline=None)
def test_canonicalising_twice_changes_nothing(lines: list[str]) -> None:
    once = canonicalize("".join(lines), budget=50_000)
    assert canonicalize(once, budget=50_000) == once
