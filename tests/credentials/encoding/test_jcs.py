"""RFC 8785 as published, and refused by name where it has no form."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.encoding.jcs import _fast, canonical_json
from credentials.errors import MalformedInput
from tests.shared import shared_path


def test_the_published_pairs_come_out_byte_for_byte() -> None:
    folder = shared_path("vectors", "jcs")
    inputs = sorted(folder.rglob("input/*.json")) or sorted(folder.rglob("*input*.json"))
    assert inputs

    for path in inputs:
        expected = path.parent.parent / "output" / path.name
        assert canonical_json(json.loads(path.read_bytes())) == expected.read_bytes().strip(), path.name


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), {"a": "\ud800"}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(MalformedInput):
        canonical_json(value)


@given(st.dictionaries(st.text("abcé€", max_size=4), st.integers(-9, 9), max_size=6))
def test_the_order_of_members_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


_NUMBERS = (
    st.integers()
    | st.integers(-20, 20).map(float)
    | st.floats()
    | st.sampled_from([1e16, 1e-4, 1e-5, 1e21, 123456789012345680.0, -0.0, 2.5e-7, 2**53 - 1, 10**15, 1e15])
)
_TEXTS = st.text(max_size=6) | st.sampled_from(['"', "\\", "\x7f", "\u2028", "\ue000", "😀", "a:1.0,", "e-1", "1e+9]"])
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.slow
@given(st.dictionaries(_TEXTS, _VALUES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_the_quick_way_writes_what_the_library_writes_or_leaves_it_to_it(value: dict[str, object]) -> None:
    try:
        expected: bytes | None = rfc8785.dumps(value)  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError:
        expected = None

    if expected is None:
        with pytest.raises(MalformedInput):
            canonical_json(value)
    else:
        assert canonical_json(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"a": 5},
        {"a": 1.5, "b": ["x", False, True]},
        {"é": "1.0, and more", "f": "6e-0"},
        {"a": 5.0},
        {"a": [{"b": -0.0}, (40.0, 0.25)], "c": "5.0,"},
    ],
)
def test_usual_documents_take_the_quick_way(value: dict[str, object]) -> None:
    assert _fast(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [{"a": 1e15}, {"a": [1e-7]}, {"a": None}, {"a": 10**15}, {"\ue000": 1, "😀": 2}, {"a": float("nan")}]
)
def test_whatever_could_differ_is_left_to_the_library(value: dict[str, object]) -> None:
    assert _fast(value) is None
