"""Graphs that are hard to canonicalise, as N-Quads."""

from __future__ import annotations


def clique(size: int) -> str:
    """Every blank node points at every other: nothing tells them apart."""
    pairs = ((a, b) for a in range(size) for b in range(size) if a != b)
    return "".join(f"_:n{a} <urn:x:p> _:n{b} .\n" for a, b in pairs)


def two_roots(children: int) -> str:
    """Two alike roots over the same alike children."""
    return "".join(f"_:r{root} <urn:x:p> _:c{child} .\n" for root in range(2) for child in range(children))


def alike_trees(width: int, depth: int) -> str:
    """A tree whose branches are all the same, as anonymous JSON objects make it."""
    lines: list[str] = []

    def grow(parent: str, left: int) -> None:
        for index in range(width if left else 0):
            child = f"{parent}x{index}"
            lines.append(f"{parent} <urn:x:p> {child} .\n")
            grow(child, left - 1)

    grow("_:t", depth)
    return "".join(lines)


def ring(size: int) -> str:
    """A ring of alike blank nodes."""
    return "".join(f"_:n{index} <urn:x:next> _:n{(index + 1) % size} .\n" for index in range(size))
