"""Statements from expanded JSON-LD: the same as PyLD's, without its silences and without its quadratic cost."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.library import standard_library
from credentials.rdf.canonical import canonicalize_quads
from credentials.rdf.jsonld import to_nquads, to_quads
from credentials.rdf.nquads import Quad, write_nquads
from credentials.rdf.refusal import Refusal
from credentials.rdf.statements import StatementBuilder
from tests.credentials.rdf.test_jsonld import credential
from tests.credentials.rdf.texts import canonicalize

BASE = "https://relative.invalid/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def statements(*nodes: dict[str, Any]) -> list[Quad]:
    return list(StatementBuilder(BASE).of(list(nodes)))


def literal_of(value: dict[str, Any]) -> str:
    return statements({"@id": "urn:x:s", "urn:x:p": [value]})[0].object


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"@value": True}, f'"true"^^<{XSD}boolean>'),
        ({"@value": 5}, f'"5"^^<{XSD}integer>'),
        ({"@value": 5.0}, f'"5"^^<{XSD}integer>'),
        ({"@value": -0.0}, f'"0"^^<{XSD}integer>'),
        ({"@value": 5.5}, f'"5.5E0"^^<{XSD}double>'),
        ({"@value": 1e21}, f'"1.0E21"^^<{XSD}double>'),
        ({"@value": 0.00012}, f'"1.2E-4"^^<{XSD}double>'),
        ({"@value": 5, "@type": XSD + "double"}, f'"5.0E0"^^<{XSD}double>'),
        ({"@value": 5, "@type": XSD + "decimal"}, f'"5"^^<{XSD}decimal>'),
        ({"@value": "x", "@type": XSD + "string"}, '"x"'),
        ({"@value": "x", "@language": "en"}, '"x"@en'),
        (
            {"@value": {"b": 1.0, "a": [None]}, "@type": "@json"},
            '"{\\"a\\":[null],\\"b\\":1}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>',
        ),
    ],
)
def test_a_value_becomes_its_literal(value: dict[str, Any], expected: str) -> None:
    assert literal_of(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"@value": "x", "@direction": "rtl"},
        {"@value": "x", "@index": "a"},
        {"@value": "x", "@language": "en x"},
        {"@value": "x", "@type": "relative"},
        {"@value": " 5", "@type": XSD + "double"},
        {"@id": BASE + "x"},
        {"@id": "urn:x y"},
        {"@id": "_:b0"},
        {"@list": [], "@index": "a"},
        {"@index": "a", "urn:x:q": []},
        {"@included": []},
        {"_:q": [{"@value": "x"}]},
        {"@type": ["Bogus Type"]},
        {"@graph": [{"@id": "urn:x:a"}]},
        {"@graph": [{"@id": "urn:x:a", "urn:x:q": []}]},
        {"@graph": [{}]},
    ],
)
def test_what_has_no_form_in_rdf_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        statements({"@id": "urn:x:s", "urn:x:p": [value]})
    assert caught.value.code in {"TERM_INVALID", "DATA_LOSS_DETECTION_ERROR"}


@pytest.mark.parametrize(
    "value",
    [{"@value": 1e-7}, {"@value": -5e-324}, {"@value": -0.0, "@type": XSD + "double"}],
)
def test_a_number_that_means_zero_to_other_processors_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        literal_of(value)
    assert caught.value.code == "JSON_NUMBER_RANGE"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"@value": 1.5e-7}, f'"1.5E-7"^^<{XSD}double>'),
        ({"@value": 1e-6}, f'"1.0E-6"^^<{XSD}double>'),
        ({"@value": 1e-7, "@type": XSD + "double"}, f'"1.0E-7"^^<{XSD}double>'),
    ],
)
def test_its_neighbours_are_kept(value: dict[str, Any], expected: str) -> None:
    assert literal_of(value) == expected


_IRIS = st.sampled_from([f"urn:x:{letter}" for letter in "abc"])
_VALUES = st.builds(
    lambda content: {"@value": content},
    st.text('xyz\n"', max_size=3) | st.booleans() | st.integers(-99, 99) | st.sampled_from([0.5, 1e22, 2.0]),
)


def _nodes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    values = st.lists(inner, max_size=3)
    properties = st.dictionaries(_IRIS, values, max_size=3)
    saying = st.dictionaries(_IRIS, st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3)
    graphs = st.lists(saying, max_size=2).map(lambda nodes: {"@graph": nodes})
    lists = st.lists(inner.filter(lambda value: "@list" not in value), max_size=3).map(lambda items: {"@list": items})
    named = st.tuples(_IRIS, st.lists(_IRIS, max_size=2), properties)
    return (
        properties
        | graphs
        | lists
        | named.map(lambda parts: {"@id": parts[0], **({"@type": parts[1]} if parts[1] else {}), **parts[2]})
    )


_EXPANDED = st.dictionaries(_IRIS, st.lists(st.recursive(_VALUES, _nodes, max_leaves=6), max_size=3), max_size=3)


@given(_EXPANDED)
@settings(max_examples=100, deadline=None)
def test_random_documents_make_the_statements_that_pyld_makes(node: dict[str, Any]) -> None:
    from pyld import jsonld

    theirs = jsonld.to_rdf(json.loads(json.dumps([node])), {"format": "application/n-quads"})
    ours = write_nquads(statements(*jsonld.expand([node])))
    assert canonicalize(ours, budget=50_000) == canonicalize(theirs, budget=50_000)


@given(_EXPANDED)
@settings(max_examples=30, deadline=None)
def test_statements_need_no_detour_over_text(node: dict[str, Any]) -> None:
    quads = list(dict.fromkeys(statements(node)))
    assert canonicalize_quads(quads, budget=50_000) == canonicalize(write_nquads(quads), budget=50_000)


def _calls(document: dict[str, Any]) -> int:
    calls = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        canonicalize_quads(to_quads(document, contexts=standard_library()))
    finally:
        sys.setprofile(before)
    return calls


def _crowded(names: int) -> dict[str, Any]:
    """Five nodes of one id, so that all their values meet on one subject."""
    rows = [{"id": "urn:x:1", "name": [f"{row}-{index}" for index in range(names)]} for row in range(5)]
    return credential(credentialSubject=rows)


def test_the_work_grows_with_the_document_and_not_with_its_square() -> None:
    to_nquads(_crowded(1), contexts=standard_library())
    assert _calls(_crowded(800)) < 10 * _calls(_crowded(100))
