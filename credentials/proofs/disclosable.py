"""The statements of a document, each findable from the place in the JSON that makes it.

The rule: the same blank node has the same permanent label in the whole document and in every part of it. To see which
is which, objects without an id are given one for the time being, in the JSON itself; that this changed nothing else is
then checked, statement by statement, and every part must consist of statements of the whole. No expanding, compacting
or framing is needed (performance.md section 8, item 9).
Specification: ECDSA Cryptosuites 3.4.1 to 3.4.10 (skolemization, canonicalize and group, select canonical N-Quads).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import encode_base64url
from credentials.errors import ContextProblem, ProofProblem
from credentials.proofs.selection import part, resolve
from credentials.rdf.canonical import canonical_labels_of
from credentials.rdf.nquads import Quad

NAME: Final = "urn:bnid:"
_NAME: Final = re.compile(rf"{NAME}([0-9]+)")
_NAME_TERM: Final = re.compile(rf"<{NAME}[0-9]+>")


def hmac_label(canonical: str, key: bytes) -> str:
    """The permanent label for a canonical one (``_:c14n0``): u and base64url of HMAC-SHA256 over ``c14n0`` (3.4.4)."""
    return "_:u" + encode_base64url(hmac.digest(key, canonical.removeprefix("_:").encode("utf-8"), "sha256"))


def relabelled(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[str]:
    """The statements as sorted N-Quads lines, with the terms in ``labels`` replaced."""
    label = labels.get
    return sorted([Quad(label(s, s), p, label(o, o), label(g, g)).line() for s, p, o, g in quads])


class Disclosable:
    """A document's statements under permanent labels: ``lines`` are sorted, and indexes are places in them."""

    def __init__(self, document: JsonObject, key: bytes, contexts: ContextLibrary) -> None:
        """``key`` is the HMAC key, 32 bytes. Raises ProofProblem, ContextProblem, LimitReached, MalformedInput."""
        self._document, self._contexts = document, contexts
        quads = _statements(document, contexts)
        canonical = canonical_labels_of(quads)
        permanent = {label: hmac_label(canonical[label], key) for label in canonical}
        self.lines: Sequence[str] = relabelled(quads, permanent)
        self._named, blanks = _give_names(document, quads, contexts)
        self._labels = {name: permanent[blank] for name, blank in blanks.items()}
        self._index = {line: index for index, line in enumerate(self.lines)}

    def matching(self, pointers: Sequence[str]) -> list[int]:
        """The indexes of the statements that ``pointers`` select, ascending; no pointers select none.

        Raises:
            ProofProblem: PROOF_GENERATION_ERROR, a pointer points at nothing or at what has no statements of its own.
        """
        if not pointers:
            return []
        wanted = resolve(self._document, pointers)
        quads = _statements(part(self._named, wanted), self._contexts)
        try:
            return sorted(self._index[line] for line in relabelled(quads, self._labels))
        except KeyError as missing:
            raise _refused(f"What was selected says something else alone: {str(missing)[:80]}.") from missing


def _statements(document: JsonObject, contexts: ContextLibrary) -> list[Quad]:
    from credentials.rdf.jsonld import to_quads  # here, because PyLD is a third of a start that may not need it

    return to_quads(document, contexts=contexts)


def _give_names(
    document: JsonObject, quads: Sequence[Quad], contexts: ContextLibrary
) -> tuple[JsonObject, dict[str, str]]:
    """The document with names for its blank nodes, and the blank node of ``quads`` behind each name (its term)."""
    nameless: set[str] = set()
    try:
        for _ in range(2):
            named = _named(document, count(), nameless)
            blanks, inside = _compare(quads, _statements(named, contexts))
            if not inside:
                return named, blanks
            nameless |= inside  # names of what is no node: the content of a JSON literal
    except ContextProblem as problem:  # where an id means something else, naming an object changes the document
        raise _refused("The objects of the document cannot be given an id.") from problem
    raise _refused("The document holds objects that cannot be told from texts.")


def _named(value: Json, numbers: count[int], nameless: set[str]) -> Json:
    if isinstance(value, list):
        return [_named(item, numbers, nameless) for item in value]
    if not isinstance(value, Mapping):
        return value
    name = None if "id" in value or "@value" in value else f"{NAME}{next(numbers)}"
    inner = {key: item if key == "@context" else _named(item, numbers, nameless) for key, item in value.items()}
    return inner if name is None or name in nameless else {**inner, "id": name}


def _compare(quads: Sequence[Quad], named: Sequence[Quad]) -> tuple[dict[str, str], set[str]]:
    """Which name stands for which blank node, and the names that stand within literals.

    Both lists come from one walk over documents that differ in ids only, so they agree place by place.
    """
    if len(quads) != len(named):
        raise _refused("The objects of the document cannot be given an id.")
    blanks: dict[str, str] = {}
    inside: set[str] = set()
    for quad, other in zip(quads, named, strict=True):
        for term, stands in zip(quad, other, strict=True):
            if term[:1] == "_" and blanks.setdefault(stands, term) == term:
                continue
            if term != stands and stands[:1] == '"':
                inside.update(NAME + number for number in _NAME.findall(stands))
            elif term != stands or _NAME_TERM.fullmatch(term):
                raise _refused("The objects of the document cannot be told apart by their places.")
    if len(set(blanks.values())) != len(blanks):
        raise _refused("The objects of the document cannot be told apart by their places.")
    return blanks, inside


def _refused(detail: str) -> ProofProblem:
    return ProofProblem(
        detail,
        code="PROOF_GENERATION_ERROR",
        fix="Give the objects ids, point at a whole object, or secure the document with another suite.",
    )
