"""A schema is a program that somebody else wrote: what keeps its work from being bounded is refused beforehand."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.schemas.evaluation import compiled, errors_of
from credentials.schemas.linting import PLACES_LIMIT, is_allowed_pattern, lint_schema


def _refusal(schema: dict[str, Any]) -> str:
    problems = lint_schema(schema)
    assert problems
    assert all(problem.code == "SCHEMA" and problem.detail and problem.fix for problem in problems)
    return problems[0].detail


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9]{14}$",
        "^[A-Z]{2}-\\d+$",
        "^did:",
        "colou?r",
        "^(?:kg|t|lb)$",
        "^(a|b)?$",
        "[^\\s]+",
        "^\\.x\\/y$",
        "é*",
        "",
    ],
)
def test_plain_patterns_are_allowed(pattern: str) -> None:
    assert is_allowed_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "(a*)*",
        "(a|a)*",
        "(?:x+y?)+",
        "(?=a)b",
        "(?<n>a)",
        "(a)\\1",
        "(a",
        "[",
        "a**",
        "((a))",
        "x" * 201,
        "a$b",
    ],
)
def test_patterns_whose_parts_repeat_each_other_or_look_around_are_refused(pattern: str) -> None:
    assert not is_allowed_pattern(pattern)
    assert "pattern" in _refusal({"properties": {"x": {"pattern": pattern}}})
    assert "pattern" in _refusal({"patternProperties": {pattern: {}}})


@pytest.mark.parametrize(
    "reference",
    ["https://evil.example/s.json", "http://127.0.0.1/", "other.json", "#name", "file:///etc/passwd", "//x"],
)
def test_a_reference_out_of_the_file_is_refused(reference: str) -> None:
    assert "leaves the file" in _refusal({"allOf": [{"$ref": reference}]})


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"properties": {"a": {"$ref": "#"}}},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"},
        {"items": {"anyOf": [{"not": {"$ref": "#/items"}}]}},
    ],
)
def test_a_schema_that_reaches_itself_is_refused(schema: dict[str, Any]) -> None:
    assert "refers to itself" in _refusal(schema)


def test_doubling_references_are_refused_by_the_places_they_open() -> None:
    levels = {f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(30)}

    assert str(PLACES_LIMIT) in _refusal({"$defs": {**levels, "l30": {}}, "$ref": "#/$defs/l0"})


def test_a_reference_that_points_at_nothing_is_refused() -> None:
    assert "points at nothing" in _refusal({"$ref": "#/$defs/x"})


@pytest.mark.parametrize("word", ["$dynamicRef", "$dynamicAnchor", "$anchor", "$recursiveRef", "$vocabulary"])
def test_words_that_move_meaning_are_refused(word: str) -> None:
    assert word in _refusal({"properties": {"a": {word: "#x"}}})


def test_a_second_id_inside_is_refused() -> None:
    assert "$id" in _refusal({"$id": "https://a.example/s", "$defs": {"x": {"$id": "https://b.example/t"}}})


def test_local_references_used_twice_are_fine() -> None:
    schema = {"$defs": {"t": {"type": "string"}}, "properties": {n: {"$ref": "#/$defs/t"} for n in "abc"}}

    assert lint_schema(schema) == ()


@given(
    st.from_regex(r"(\^?([a-c]|\[a-c\]|\\d)([+*?]|\{1,3\})?){1,6}\$?", fullmatch=True), st.text("abcd01", max_size=300)
)
def test_an_allowed_pattern_is_answered_at_once(pattern: str, text: str) -> None:
    if is_allowed_pattern(pattern):
        validator = compiled({"properties": {"a": {"pattern": pattern}}})
        before = time.process_time()
        list(errors_of(validator, {"a": text}))
        assert time.process_time() - before < 0.5


def test_unique_items_of_many_objects_take_no_quadratic_work() -> None:
    validator = compiled({"properties": {"a": {"uniqueItems": True}}})
    before = time.process_time()

    assert not list(errors_of(validator, {"a": [{"n": n, "l": [n]} for n in range(3000)]}))

    assert time.process_time() - before < 0.5
