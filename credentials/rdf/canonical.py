"""RDF Dataset Canonicalization (RDFC-1.0) on strings, with a counted work budget.

The rule: the cost of a dataset is counted before it is paid. Every call of Hash N-Degree Quads, every permutation
and every 64 items they touch is one step; a dataset that needs more than its budget is refused (RDFC-1.0 section
7.1 asks for such a defence). UNTP documents need fewer than a hundred steps, the hardest positive W3C test fewer
than four thousand.
Specification: RDFC-1.0 section 4; the numbers in comments are its step numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Final

from credentials.errors import LimitReached, MalformedInput
from credentials.rdf.nquads import Quad

BUDGET: Final = 4000
MAX_DEPTH: Final = 256
MAX_STATEMENTS: Final = 5000
MAX_BLANK_NODES: Final = 1000
_CANONICAL: Final = "_:c14n"
_POSITIONS: Final = (("s", 0), ("o", 2), ("g", 3))
_ALGORITHMS: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}


def canonicalize_quads(quads: Sequence[Quad], *, algorithm: str = "sha256", budget: int = BUDGET) -> str:
    """The canonical N-Quads form of distinct statements: sorted lines, blank nodes named ``_:c14n0``, ``_:c14n1``, …

    ``algorithm`` is ``sha256`` or ``sha384``; ``budget`` is the number of steps that may be spent.

    Raises:
        MalformedInput: the algorithm is not one of RDFC-1.0's two. LimitReached: CANON_LIMIT.
    """
    labels = canonical_labels(quads, algorithm=algorithm, budget=budget)
    label = labels.get
    named = [(label(s, s), p, label(o, o), g and label(g, g)) for s, p, o, g in quads] if labels else quads
    return "".join(sorted(_lines(named)))


class _Issuer:
    """Issue Identifier algorithm (4.5): hands out ``prefix0``, ``prefix1``, … and remembers the order."""

    __slots__ = ("issued", "prefix")

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued if issued is not None else {}

    def issue(self, node: str) -> str:
        label = self.issued.get(node)
        if label is None:
            label = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return label

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.issued))


class _State:
    """Canonicalization state (4.2) and what is left of the budget."""

    def __init__(self, quads_of: dict[str, list[Quad]], algorithm: str, budget: int) -> None:
        self.algorithm = _ALGORITHMS[algorithm]
        self.quads_of = quads_of
        self.canonical = _Issuer(_CANONICAL)
        self.first_degree: dict[str, str] = {}
        self.budget = budget
        self.spent = 0

    def hash(self, text: str) -> str:
        return self.algorithm(text.encode("utf-8")).hexdigest()

    def spend(self, items: int) -> None:
        self.spent += 1 + items // 64
        if self.spent > self.budget:
            raise _too_much(f"The blank nodes need more than {self.budget} steps to be told apart.")


def canonical_labels(quads: Sequence[Quad], *, algorithm: str = "sha256", budget: int = BUDGET) -> dict[str, str]:
    """The issued identifiers map of distinct statements (4.4.3): each blank node (``_:x``) with its canonical name.

    Raises:
        MalformedInput, LimitReached: as :func:`canonicalize_quads`.
    """
    if algorithm not in _ALGORITHMS:
        raise MalformedInput(f"RDFC-1.0 has no hash algorithm {algorithm!r}.", fix="Use sha256 or sha384.")
    quads_of = _quads_of(quads)
    _refuse_large(len(quads), len(quads_of))
    if len(quads_of) < 2:  # whatever it hashes to, it is the first
        return dict.fromkeys(quads_of, f"{_CANONICAL}0")
    state = _State(quads_of, algorithm, budget)
    nodes_by_hash: dict[str, list[str]] = {}
    for node in state.quads_of:  # (3)
        nodes_by_hash.setdefault(_hash_first_degree(state, node), []).append(node)
    shared: list[list[str]] = []
    for _, nodes in sorted(nodes_by_hash.items()):  # (4)
        if len(nodes) > 1:
            shared.append(nodes)
        else:
            state.canonical.issue(nodes[0])
    for nodes in shared:  # (5)
        for _path_hash, issuer in sorted(_hash_paths(state, nodes), key=lambda result: result[0]):  # (5.3)
            for node in issuer.issued:
                state.canonical.issue(node)
    return state.canonical.issued  # (6)


def _quads_of(quads: Sequence[Quad]) -> dict[str, list[Quad]]:
    """The blank node to quads map (4.4.3 step 2)."""
    found: dict[str, list[Quad]] = {}
    for quad in quads:
        s, _, o, g = quad
        if s[0] == "_":
            found.setdefault(s, []).append(quad)
        if o[0] == "_" and o != s:
            found.setdefault(o, []).append(quad)
        if g and g[0] == "_" and g not in (s, o):
            found.setdefault(g, []).append(quad)
    return found


def _hash_paths(state: _State, nodes: Iterable[str]) -> list[tuple[str, _Issuer]]:
    """Steps 5.1 and 5.2 of the canonicalization algorithm."""
    paths: list[tuple[str, _Issuer]] = []
    for node in nodes:
        if node not in state.canonical.issued:  # (5.2.1)
            issuer = _Issuer("_:b")  # (5.2.2)
            issuer.issue(node)  # (5.2.3)
            paths.append(_hash_n_degree(state, node, issuer, 0))  # (5.2.4)
    return paths


def _hash_first_degree(state: _State, node: str) -> str:
    """Hash First Degree Quads (4.6.3)."""
    known = state.first_degree.get(node)
    if known is None:
        masked = [  # (3): every blank node is _:a or _:z
            (
                s if s[0] != "_" else "_:a" if s == node else "_:z",
                p,
                o if o[0] != "_" else "_:a" if o == node else "_:z",
                g if g[:1] != "_" else "_:a" if g == node else "_:z",
            )
            for s, p, o, g in state.quads_of[node]
        ]
        known = state.first_degree[node] = state.hash("".join(sorted(_lines(masked))))  # (4) to (6)
    return known


def _lines(quads: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """Statements as lines, in one go; :meth:`Quad.line` is for one that has its name."""
    return [f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n" for s, p, o, g in quads]


def _hash_related(state: _State, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
    """Hash Related Blank Node (4.7.3)."""
    text = position if position == "g" else position + quad.predicate  # (1), (2)
    label = state.canonical.issued.get(related) or issuer.issued.get(related)  # (3)
    return state.hash(text + (label or _hash_first_degree(state, related)))  # (3), (4)


def _hash_n_degree(state: _State, node: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
    """Hash N-Degree Quads (4.8.3)."""
    quads = state.quads_of[node]
    state.spend(len(quads))
    if depth > MAX_DEPTH:
        raise _too_much(f"Blank nodes that look alike are chained more than {MAX_DEPTH} deep.")
    related_by_hash: dict[str, list[str]] = {}  # (1) to (3)
    for quad in quads:
        for position, index in _POSITIONS:
            term = quad[index]
            if term.startswith("_:") and term != node:
                related_by_hash.setdefault(_hash_related(state, term, quad, issuer, position), []).append(term)
    data: list[str] = []  # (4)
    for related_hash, group in sorted(related_by_hash.items()):  # (5)
        path, issuer = _shortest_path(state, group, issuer, depth)
        data += (related_hash, path)  # (5.1), (5.5), (5.6)
    return state.hash("".join(data)), issuer  # (6)


def _shortest_path(state: _State, group: Sequence[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
    """Steps 5.2 to 5.4 of Hash N-Degree Quads: the least path over all orders of ``group``."""
    best: tuple[str, _Issuer] | None = None  # (5.2), (5.3)
    for order in permutations(group):  # (5.4)
        state.spend(len(group) + len(issuer.issued))
        found = _path(state, order, issuer.copy(), depth, best[0] if best else "")
        if found is not None and (best is None or found[0] < best[0]):  # (5.4.6)
            best = found
    assert best is not None  # the first order is never cut short
    return best


def _path(state: _State, order: Sequence[str], issuer: _Issuer, depth: int, best: str) -> tuple[str, _Issuer] | None:
    """Steps 5.4.1 to 5.4.5: the path of one order, or None as soon as it cannot beat ``best``."""
    path = ""  # (5.4.2)
    recursion: list[str] = []  # (5.4.3)
    for related in order:  # (5.4.4)
        label = state.canonical.issued.get(related)
        if label is None:
            if related not in issuer.issued:
                recursion.append(related)
            label = issuer.issue(related)
        path += label
        if best and len(path) >= len(best) and path > best:  # (5.4.4.3)
            return None
    for related in recursion:  # (5.4.5)
        result, deeper = _hash_n_degree(state, related, issuer, depth + 1)
        path += f"{issuer.issue(related)}<{result}>"
        issuer = deeper
        if best and len(path) >= len(best) and path > best:  # (5.4.5.6)
            return None
    return path, issuer


def _refuse_large(statements: int, blank_nodes: int) -> None:
    if statements > MAX_STATEMENTS:
        raise _too_much(f"The document makes {statements} statements; the limit is {MAX_STATEMENTS}.")
    if blank_nodes > MAX_BLANK_NODES:
        raise _too_much(f"The document has {blank_nodes} objects without an id; the limit is {MAX_BLANK_NODES}.")


def _too_much(detail: str) -> LimitReached:
    return LimitReached(detail, fix="Give the objects that look alike an id, or split the document.")
