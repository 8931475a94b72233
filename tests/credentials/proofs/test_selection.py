"""Selecting a part of a document by JSON pointers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.document import walk
from credentials.errors import ProofProblem
from credentials.proofs.selection import parse_pointer, select

DOCUMENT: dict[str, Any] = {
    "@context": ["urn:x:1", "urn:x:2"],
    "id": "urn:x:doc",
    "type": ["A", "B"],
    "name": "n",
    "subject": {
        "type": "S",
        "id": "urn:x:subject",
        "list": [{"type": "I", "x": 0}, {"y": {"type": ["Y"], "z": 1, "w": 2}}, 5],
        "hidden": True,
    },
    "a/b": {"~": [], "c": 1},
}
HEAD = {key: DOCUMENT[key] for key in ("@context", "id", "type")}
SUBJECT = {"type": "S", "id": "urn:x:subject"}


@pytest.mark.parametrize(
    ("pointers", "selected"),
    [
        ([], {}),
        ([""], DOCUMENT),
        (["/name"], {"name": "n"}),
        (["/name", "/name"], {"name": "n"}),
        (["/@context/1"], {}),
        (["/type/0", "/id"], {}),
        (["/subject"], {"subject": DOCUMENT["subject"]}),
        (["/subject/hidden"], {"subject": {**SUBJECT, "hidden": True}}),
        (["/subject/list/2"], {"subject": {**SUBJECT, "list": [5]}}),
        (["/subject/list/1/y/w"], {"subject": {**SUBJECT, "list": [{"y": {"type": ["Y"], "w": 2}}]}}),
        (["/subject/list/2", "/subject/list/0/x"], {"subject": {**SUBJECT, "list": [{"type": "I", "x": 0}, 5]}}),
        (["/subject/list/0", "/subject"], {"subject": DOCUMENT["subject"]}),
        (["/subject", "/subject/list/0"], {"subject": DOCUMENT["subject"]}),
        (["/a~1b/~0"], {"a/b": {"~": []}}),
    ],
)
def test_a_selection_is_what_is_pointed_at_with_every_id_and_type_on_the_way(
    pointers: list[str], selected: dict[str, Any]
) -> None:
    assert select(DOCUMENT, pointers) == {**HEAD, **selected}


@pytest.mark.parametrize(
    "pointer",
    [
        "/missing",
        "/subject/missing",
        "/subject/list/3",
        "/subject/list/-1",
        "/subject/list/-",
        "/subject/list/01",
        "/subject/list/1 ",
        "/subject/list/\uff11",
        "/subject/list/99999999999999999999",
        "/name/0",
        "/name/",
        "/subject/hidden/x",
        "/",
        "//name",
        "name",
        "#/name",
        "/a~b",
        "/a~2b",
    ],
)
def test_a_pointer_that_points_at_nothing_is_an_error(pointer: str) -> None:
    for pointers in ([pointer], ["/name", pointer], ["", pointer]):
        with pytest.raises(ProofProblem) as caught:
            select(DOCUMENT, pointers)
        assert caught.value.problem.code == "PROOF_GENERATION_ERROR"


@given(st.sets(st.sampled_from([pointer for pointer, _ in walk(DOCUMENT)]), min_size=1, max_size=4))
def test_a_selection_holds_what_was_pointed_at_and_nothing_that_the_document_does_not(pointers: set[str]) -> None:
    selected = select(DOCUMENT, pointers)
    leaves = [value for _, value in walk(selected) if not isinstance(value, (dict, list))]
    whole = [value for _, value in walk(DOCUMENT) if not isinstance(value, (dict, list))]
    assert all(leaf in whole for leaf in leaves)
    for pointer in pointers:
        wanted: Any = DOCUMENT
        for token in parse_pointer(pointer):
            wanted = wanted[int(token)] if isinstance(wanted, list) else wanted[token]
        assert any(value == wanted for _, value in walk(selected))
