from __future__ import annotations

import itertools
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from node.web.layout import LARGEST, layered

ARROWS = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=24)
    )
)
_PRINTED = "from node.web.layout import layered; print(layered(9, [(0, 3), (1, 3), (3, 4), (0, 4), (5, 6), (6, 5)]))"


@given(ARROWS)
@settings(max_examples=60, deadline=None)
def test_any_graph_gets_a_place_of_its_own_for_every_vertex(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, arrows = graph
    layout = layered(count, arrows)
    assert layout is not None
    assert len(layout.places) == count
    places = sorted((y, x) for x, y in layout.places)
    assert all(y1 != y2 or x2 - x1 > 0.99 for (y1, x1), (y2, x2) in itertools.pairwise(places))
    assert set(layout.bends) == {arrow for arrow in arrows if arrow[0] != arrow[1]}


@given(ARROWS)
@settings(max_examples=30, deadline=None)
def test_the_order_and_the_repetition_of_arrows_change_nothing(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, arrows = graph
    assert layered(count, arrows) == layered(count, [*reversed(arrows), *arrows])


def test_arrows_point_down() -> None:
    layout = layered(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    assert layout is not None
    assert [y for _, y in layout.places] == [0, 1, 2, 3]
    assert len(layout.bends[0, 3]) == 2


def test_an_arrow_from_a_vertex_to_itself_and_a_loop_do_no_harm() -> None:
    layout = layered(3, [(0, 0), (0, 1), (1, 2), (2, 0)])
    assert layout is not None
    assert sorted(y for _, y in layout.places) == [0, 1, 2]


def test_another_process_finds_the_same_places() -> None:
    runs = {subprocess.run([sys.executable, "-c", _PRINTED], capture_output=True, check=True).stdout for _ in range(3)}
    assert len(runs) == 1


def test_no_vertices_need_no_places() -> None:
    layout = layered(0, [])
    assert layout is not None
    assert layout.places == ()


def test_a_graph_too_large_to_read_gets_no_places() -> None:
    assert layered(LARGEST + 1, []) is None


def test_a_graph_whose_arrows_cross_too_many_rows_gets_no_places() -> None:
    chain = [(vertex, vertex + 1) for vertex in range(199)]
    assert layered(200, [*chain, *((vertex, 199) for vertex in range(100))]) is None
