"""Loops: found in linear time, however deep, and nothing else is called one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from credentials.provenance.graph.loops import loops

graphs = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=4), max_size=8)


def reaches(edges: dict[int, list[int]], start: int, goal: int) -> bool:
    """Is there a way of at least one step? The slow answer to compare with."""
    waiting, seen = list(edges.get(start, [])), set()
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(edges.get(here, []))
    return False


def test_a_chain_has_no_loop() -> None:
    assert loops({"a": ["b"], "b": ["c"], "c": []}) == {}


def test_a_lot_made_of_itself_is_a_loop() -> None:
    assert set(loops({"a": ["a"]})) == {"a"}


def test_two_loops_are_told_apart() -> None:
    found = loops({"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]})

    assert found["a"] == found["b"] != found["c"] == found["d"]


def test_a_very_deep_chain_and_a_very_long_loop_do_not_exhaust_the_stack() -> None:
    deep = {number: [number + 1] for number in range(20_000)}

    assert loops(deep) == {}
    assert len(loops({**deep, 20_000: [0]})) == 20_001


@given(graphs)
def test_law_two_vertices_share_a_loop_exactly_when_each_reaches_the_other(edges: dict[int, list[int]]) -> None:
    found = loops(edges)

    for one in range(8):
        for other in range(8):
            together = reaches(edges, one, other) and reaches(edges, other, one)
            assert (one in found and found.get(one) == found.get(other)) == together
