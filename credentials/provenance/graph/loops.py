"""Loops: which lots are made, directly or by others, of themselves.

The rule: strongly connected components in linear time (Tarjan, 1972), without recursion, so that a chain as deep as
the policy allows and a hostile circle cost the same.
See docs/requirements.md T5.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def loops(edges: Mapping[T, Iterable[T]]) -> dict[T, int]:
    """For each vertex on a loop the number of its loop; vertices on one loop share it, others are left out."""
    found: dict[T, int] = {}
    for number, component in enumerate(components(edges)):
        first = component[0]
        if len(component) > 1 or first in edges.get(first, ()):
            found |= dict.fromkeys(component, number)
    return found


def components(edges: Mapping[T, Iterable[T]]) -> list[list[T]]:
    """The vertices by loop, one that is on none alone; each after everything that it leads to."""
    order: dict[T, int] = {}  # vertex -> when it was first met
    low: dict[T, int] = {}  # vertex -> the earliest vertex it can reach that is still open
    open_vertices: list[T] = []
    is_open: set[T] = set()
    done: list[list[T]] = []
    for root in edges:
        if root in order:
            continue
        path = [(root, iter(tuple(edges.get(root, ()))))]
        order[root] = low[root] = len(order)
        open_vertices.append(root)
        is_open.add(root)
        while path:
            vertex, following = path[-1]
            step = next(following, None)
            if step is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[vertex])
                if low[vertex] == order[vertex]:
                    done.append(_close(vertex, open_vertices, is_open))
            elif step not in order:
                order[step] = low[step] = len(order)
                open_vertices.append(step)
                is_open.add(step)
                path.append((step, iter(tuple(edges.get(step, ())))))
            elif step in is_open:
                low[vertex] = min(low[vertex], order[step])
    return done


def _close(vertex: T, open_vertices: list[T], is_open: set[T]) -> list[T]:
    component: list[T] = []
    while not component or component[-1] != vertex:
        component.append(open_vertices.pop())
        is_open.discard(component[-1])
    return component
