"""RFC 8785 as published, and refused by name where it has no form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.jcs import canonical_json
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
