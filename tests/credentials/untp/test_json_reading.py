"""Reading JSON never raises, and what it reads it can point to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.untp.json_reading import JsonPlace, only_subject_of, place, subjects_of, to_decimal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=6), children, max_size=3),
    max_leaves=10,
)


def _self(here: JsonPlace) -> JsonPlace:
    return here


def test_numbers_are_exactly_what_was_written() -> None:
    assert place({"n": 0.1}).number("n") == Decimal("0.1")
    assert place({"n": 12}).number("n") == Decimal(12)


@pytest.mark.parametrize("number", [True, None, "1", float("nan"), float("inf"), [1]])
def test_what_is_no_finite_number_is_none(number: object) -> None:
    assert to_decimal(number) is None


def test_one_object_reads_as_a_list_of_one() -> None:
    assert place({"a": {"x": 1}}).many("a", _self) == (({"x": 1}, "/a"),)
    assert place({"a": [{"x": 1}]}).many("a", _self) == (({"x": 1}, "/a/0"),)


def test_one_reads_nothing_where_there_are_two() -> None:
    assert place({"a": [{}, {}]}).one("a", _self) is None
    assert place({"a": [{}]}).one("a", _self) == ({}, "/a/0")


def test_pointers_are_escaped() -> None:
    assert place({}, "/x").below("a/b~c") == "/x/a~1b~0c"


def test_a_blank_text_is_no_text() -> None:
    assert place({"t": "  "}).text("t") is None
    assert place({"t": ["a", "", 7]}).texts("t") == ("a",)


def test_several_subjects_are_no_only_subject() -> None:
    assert only_subject_of({"credentialSubject": [{}, {}]}) is None
    assert only_subject_of({"credentialSubject": "x"}) is None
    assert [subject.pointer for subject in subjects_of({"credentialSubject": [{}, 7, {}]})] == [
        "/credentialSubject/0",
        "/credentialSubject/2",
    ]


@given(value=st.dictionaries(st.just("k"), JSON))
def test_no_member_makes_reading_raise(value: dict[str, Any]) -> None:
    here = JsonPlace(value, "")

    here.text("k")
    here.texts("k")
    here.number("k")
    here.flag("k")
    here.moment("k")
    here.one("k", _self)
    here.many("k", _self)
    here.at("k").at("k").text("k")
