"""Where the vertices of a layered picture go: the one door to ``fast_sugiyama``.

The rule: the native code aborts the whole process on an arrow from a vertex to itself, so it only ever sees a graph
without loops, without repeats and within bounds; the same graph always gets the same places. Graphs beyond the
bounds get none: they would take seconds, and a picture of them says nothing. Method: Sugiyama, Tagawa and Toda 1981.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import fast_sugiyama

LARGEST: Final = 300  # vertices
LONGEST: Final = 3_000  # rows that all arrows cross together: half a second

Point = tuple[float, float]
Arrow = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The centre of each vertex and the bends of each arrow, in cells: x to the right, y down with the arrows."""

    places: tuple[Point, ...]
    bends: Mapping[Arrow, tuple[Point, ...]]
    width: float
    height: float


def layered(count: int, arrows: Iterable[Arrow]) -> Layout | None:
    """The layout of the vertices 0 … ``count`` - 1, arrows pointing down where they can; None when it is too large."""
    given = sorted({arrow for arrow in arrows if arrow[0] != arrow[1]})
    if count > LARGEST or len(given) > LONGEST:
        return None
    turned = _turned(count, given)
    acyclic = sorted({(end, start) if (start, end) in turned else (start, end) for start, end in given})
    if _crossed(count, acyclic) > LONGEST:
        return None
    places: dict[int, Point] = {}
    bends: dict[Arrow, tuple[Point, ...]] = {}
    for part in _parts(acyclic):
        more, bent = _place_part(part, max((x + 1 for x, _ in places.values()), default=0.0))
        places |= more
        bends |= bent
    _line_up(count, places)
    return Layout(
        places=tuple(places[vertex] for vertex in range(count)),
        bends={arrow: _along(arrow, bends) for arrow in given},
        width=max((x for x, _ in places.values()), default=0.0) + 1,
        height=max((y for _, y in places.values()), default=0.0) + 1,
    )


def _turned(count: int, arrows: Sequence[Arrow]) -> frozenset[Arrow]:
    """The arrows that close a loop, in the order of a depth-first walk."""
    onward: dict[int, list[int]] = {}
    for start, end in arrows:
        onward.setdefault(start, []).append(end)
    entered, left, back = set[int](), set[int](), set[Arrow]()
    for root in range(count):
        stack = [(root, iter(onward.get(root, ())))] if root not in entered else []
        entered.add(root)
        while stack:
            vertex, ends = stack[-1]
            end = next(ends, -1)
            if end < 0:
                left.add(vertex)
                stack.pop()
            elif end not in entered:
                entered.add(end)
                stack.append((end, iter(onward.get(end, ()))))
            elif end not in left:
                back.add((vertex, end))
    return frozenset(back)


def _crossed(count: int, arrows: Sequence[Arrow]) -> int:
    """How many rows the arrows cross together when every vertex stands as high as it can."""
    onward: dict[int, list[int]] = {}
    for start, end in arrows:
        onward.setdefault(start, []).append(end)
    waiting = [0] * count
    for _, end in arrows:
        waiting[end] += 1
    row = [0] * count
    ready = [vertex for vertex in range(count) if not waiting[vertex]]
    while ready:
        start = ready.pop()
        for end in onward.get(start, ()):
            row[end] = max(row[end], row[start] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    return sum(row[end] - row[start] for start, end in arrows)


def _parts(arrows: Sequence[Arrow]) -> list[list[Arrow]]:
    """The connected parts of the graph, by their smallest vertex."""
    near: dict[int, list[int]] = {}
    for start, end in arrows:
        near.setdefault(start, []).append(end)
        near.setdefault(end, []).append(start)
    part_of: dict[int, int] = {}
    for root in sorted(near):
        stack = [root] if root not in part_of else []
        while stack:
            vertex = stack.pop()
            if vertex not in part_of:
                part_of[vertex] = root
                stack.extend(near[vertex])
    parts: dict[int, list[Arrow]] = {root: [] for root in sorted(set(part_of.values()))}
    for arrow in arrows:
        parts[part_of[arrow[0]]].append(arrow)
    return list(parts.values())


def _place_part(arrows: Sequence[Arrow], right: float) -> tuple[dict[int, Point], dict[Arrow, tuple[Point, ...]]]:
    """Places and bends of one connected part, beginning at ``right``.

    One call for each part: given several, the library names a part's bends like another part's vertices.
    """
    names = sorted({vertex for arrow in arrows for vertex in arrow})
    number = {name: index for index, name in enumerate(names)}
    ((spots, _, _, steps),) = fast_sugiyama.from_edges(
        [(number[start], number[end]) for start, end in arrows],
        minimum_length=1,
        vertex_spacing=1,
        dummy_vertices=True,
        dummy_size=0.4,
        check_layout=False,
    )
    at = _upright({int(vertex): spot for vertex, spot in spots}, right)
    pairs = sorted((int(start), int(end)) for start, end in steps or ())
    onward = {start: end for start, end in pairs if start >= len(names)}
    bends: dict[Arrow, tuple[Point, ...]] = {}
    for start, end in pairs:
        passed = []
        while start < len(names) <= end:
            passed.append(at[end])
            end = onward[end]
        if start < len(names):
            bends[names[start], names[end]] = tuple(passed)
    return {names[vertex]: spot for vertex, spot in at.items() if vertex < len(names)}, bends


def _upright(spots: Mapping[int, Point], right: float) -> dict[int, Point]:
    """Origin at the top left and y down (the library counts up), beginning at ``right``."""
    left, top = min(x for x, _ in spots.values()), max(y for _, y in spots.values())
    return {vertex: (round(x - left + right, 3), round(top - y, 3)) for vertex, (x, y) in spots.items()}


def _line_up(count: int, places: dict[int, Point]) -> None:
    """Vertices without arrows stand in a last row, as wide as the picture."""
    loose = [vertex for vertex in range(count) if vertex not in places]
    below = max((y for _, y in places.values()), default=-1.0) + 1
    columns = max(4, int(max((x for x, _ in places.values()), default=0.0)) + 1)
    for index, vertex in enumerate(loose):
        places[vertex] = (float(index % columns), below + index // columns)


def _along(arrow: Arrow, bends: Mapping[Arrow, tuple[Point, ...]]) -> tuple[Point, ...]:
    start, end = arrow
    return bends[arrow] if arrow in bends else tuple(reversed(bends.get((end, start), ())))
