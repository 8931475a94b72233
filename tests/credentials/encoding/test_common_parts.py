"""Equal parts of documents are one in memory, and nothing else changes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.common_parts import CommonParts

_LEAVES = (
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, -0.0, 1.0, 2.5]) | st.text("ab", max_size=2)
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=12,
)


def text(value: object) -> str:
    """What a value is to the last sign: 1, 1.0, true and -0.0 differ, and so does the order of members."""
    return json.dumps(value)


def copy(value: Any) -> Any:
    return json.loads(json.dumps(value))


@given(st.lists(st.dictionaries(st.sampled_from("xyz"), _VALUES, max_size=3), max_size=6))
def test_what_comes_back_is_what_was_given(documents: list[dict[str, Any]]) -> None:
    parts = CommonParts()

    for document in [*documents, *copy(documents)]:
        assert text(parts.document(document)) == text(document)


def test_what_is_said_again_is_kept_once() -> None:
    party = {"id": "did:web:mill.test", "type": ["Party"], "share": 0.5}
    parts = CommonParts()

    first, second, third = (parts.document({"number": number, "issuer": copy(party)}) for number in range(3))

    assert first["issuer"]["id"] is second["issuer"]["id"]
    assert second["issuer"] is third["issuer"]


def test_numbers_that_are_equal_and_written_otherwise_stay_apart() -> None:
    parts = CommonParts()
    values = [{"a": [number]} for number in (1, 1.0, True, 0.0, -0.0)]

    assert [text(parts.document(value)) for value in values] == [text(value) for value in values]
