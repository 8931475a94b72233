"""Canonical forms of N-Quads documents, as the W3C's vectors and other libraries have them: as texts."""

from __future__ import annotations

from credentials.rdf.canonical import BUDGET, canonicalize_quads
from credentials.rdf.nquads import parse_nquads


def canonicalize(nquads: str, *, algorithm: str = "sha256", budget: int = BUDGET) -> str:
    """The canonical form of an N-Quads document."""
    return canonicalize_quads(parse_nquads(nquads), algorithm=algorithm, budget=budget)
