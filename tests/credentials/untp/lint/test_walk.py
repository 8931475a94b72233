"""The one walk of the lint meets every member that it should, however a document is nested."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from credentials.untp.lint.codes import READ, is_odd
from credentials.untp.lint.spelling import classes_of
from credentials.untp.lint.walk import picked_out
from credentials.untp.lint.ways import pointer_of

_TOPIC = "https://vocabulary.uncefact.org/conformity-{}/decent-work-conditions"
_TEXTS = st.sampled_from(
    ["KGM", "kilos", "ZM", "zz", "2026-01-31", "soon", "urn:x:1", _TOPIC.format("topic"), _TOPIC.format("topics")]
)
_NAMES = st.sampled_from(["id", "unit", "countryCode", "validFrom", "claimDate", "type", "characteristics", "x/~y"])
_VALUES = st.recursive(
    _TEXTS | st.integers(0, 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


def _odd_below(value: Any, steps: tuple[str | int, ...]) -> set[tuple[str, str]]:
    """The same by the plainest recursion: each odd text of a member, by its object's pointer and its name."""
    if isinstance(value, list):
        return {odd for index, item in enumerate(value) for odd in _odd_below(item, (*steps, index))}
    if not isinstance(value, dict):
        return set()
    found = {(pointer_of(steps), key) for key in READ & value.keys() if _is_odd(key, value[key])}
    for key, item in value.items():
        names_only = key == "type" and isinstance(item, list)
        if not names_only and not (key == "characteristics" and isinstance(item, dict)):
            found |= _odd_below(item, (*steps, key))
    return found


def _is_odd(key: str, item: Any) -> bool:
    on_the_host = key != "id" or str(item).startswith("https://vocabulary.uncefact.org/")
    return isinstance(item, str) and on_the_host and is_odd(key, item)


@given(st.dictionaries(_NAMES | st.just("credentialSubject"), _VALUES, max_size=5))
def test_every_odd_code_date_and_iri_is_picked_out_wherever_it_stands(document: dict[str, Any]) -> None:
    odd, _ = picked_out(document, "DigitalProductPassport", classes_of("0.7.0"))

    assert {(pointer_of(way), key) for _, key, way in odd} == _odd_below(document, ())


def test_objects_are_of_the_class_they_name_else_of_their_members_in_lists_of_lists_too() -> None:
    claim, product = {"type": ["Claim"], "claimedPerformance": []}, {"type": ["Product"], "name": "x"}
    document = {"credentialSubject": [[{"nam": "x"}], product, claim]}

    _, misspelt = picked_out(document, "DigitalProductPassport", classes_of("0.7.0"))

    assert {pointer_of(way) for _, _, way in misspelt} == {"/credentialSubject/0/0"}
