"""Both engines on one document, compared: the alarm that a node lets ring on a share of its live documents.

The rule: a difference is an alarm, never a verdict. The compiled engine is wrong when it accepts what PyLD refuses, or
when it makes other statements; leaving a document to PyLD is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass

from contexts.library import ContextLibrary, Processing
from credentials.encoding.document import JsonObject
from credentials.errors import CredentialsError, LimitReached
from credentials.rdf.canonical import canonicalize_quads
from credentials.rdf.compiler import Uncompilable
from credentials.rdf.jsonld import compiled_quads, to_quads
from credentials.rdf.nquads import Quad


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What each engine said: the first line the other does not have, or the code of a refusal."""

    compiled: str
    pyld: str


def shadow_check(document: JsonObject, *, contexts: ContextLibrary) -> Difference | None:
    """How the compiled engine departs from PyLD on ``document``; None where it does not."""
    try:
        compiled = compiled_quads(document, contexts=contexts)
    except Uncompilable:
        return None
    try:
        expected = to_quads(document, contexts=contexts.processed(Processing(engine="pyld")))
    except CredentialsError as error:
        return Difference(compiled=f"{len(compiled)} statements", pyld=error.problem.code)
    ours, theirs = _comparable(compiled, expected)
    if ours == theirs:
        return None
    return Difference(compiled=_first(ours, theirs), pyld=_first(theirs, ours))


def _comparable(ours: list[Quad], theirs: list[Quad]) -> tuple[list[str], list[str]]:
    """The canonical lines of both; where that costs too much, the lines with every blank node called alike."""
    try:
        return canonicalize_quads(ours).splitlines(), canonicalize_quads(theirs).splitlines()
    except LimitReached:
        return _masked(ours), _masked(theirs)


def _masked(quads: list[Quad]) -> list[str]:
    return sorted(" ".join("_:z" if term.startswith("_:") else term for term in quad) for quad in quads)


def _first(lines: list[str], others: list[str]) -> str:
    return next((line for line in lines if line not in set(others)), f"{len(lines)} lines")[:400]
