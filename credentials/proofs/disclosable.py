"""The statements of a document, each findable from the place in the JSON that makes it.

The rule: the same blank node has the same permanent label in the whole document and in every part of it. To see which
is which, objects without an id are given one for the time being, in the JSON itself; that this changed nothing else is
then checked, statement by statement, and every part must consist of statements of the whole. No expanding, compacting
or framing is needed (docs/requirements.md D18). Where ``id`` is an ordinary member, as in UNTP's
IdentifierScheme, its text is changed instead, and betrays the object that it belongs to.
Specification: ECDSA Cryptosuites 3.4.1 to 3.4.10 (skolemization, canonicalize and group, select canonical N-Quads).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import encode_base64url
from credentials.errors import ContextProblem, ProofProblem
from credentials.proofs.selection import part, resolve
from credentials.rdf.canonical import canonical_labels
from credentials.rdf.nquads import Quad

NAME: Final = "urn:bnid:"
_NODE: Final = re.compile(rf"<({NAME}[0-9]+)>")
_TEXT: Final = re.compile(rf'"({NAME}[0-9]+)"(?:\^\^<.*>|@.*)?')


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
        canonical = canonical_labels(quads)
        permanent = {label: hmac_label(canonical[label], key) for label in canonical}
        self.lines: Sequence[str] = relabelled(quads, permanent)
        self._index = {line: index for index, line in enumerate(self.lines)}
        self._named = _with_names(document, contexts)
        seen = _compare(quads, _statements(self._named, contexts))
        self._labels = {**seen.texts, **{name: permanent[blank] for name, blank in seen.nodes.items()}}
        self._owners = {text: permanent[blank] for text, blank in seen.owners.items()}

    def matching(self, pointers: Sequence[str]) -> list[int]:
        """The indexes of the statements that ``pointers`` select, ascending; no pointers select none.

        Raises:
            ProofProblem: PROOF_GENERATION_ERROR, a pointer points at nothing or at what has no statements of its own.
        """
        if not pointers:
            return []
        wanted = resolve(self._document, pointers)
        quads = _statements(part(self._named, wanted), self._contexts)
        owners = {quad.subject: self._owners[quad.object] for quad in quads if quad.object in self._owners}
        try:
            return sorted(self._index[line] for line in relabelled(quads, {**self._labels, **owners}))
        except KeyError as missing:
            raise _refused(f"What was selected says something else alone: {str(missing)[:80]}.") from missing


def _statements(document: JsonObject, contexts: ContextLibrary) -> list[Quad]:
    from credentials.rdf.jsonld import to_quads  # here, because PyLD is a third of a start that may not need it

    return to_quads(document, contexts=contexts)


def _with_names(document: JsonObject, contexts: ContextLibrary) -> JsonObject:
    """The document with a name for every blank node that can have one, and a text for those whose id is a text."""
    try:
        terms = {term for quad in _statements(_named(document, count(), None), contexts) for term in quad}
    except ContextProblem as problem:  # where ids are not defined, naming an object makes another document
        raise _refused("The objects of the document cannot be given an id.") from problem
    nodes = {found[1] for found in map(_NODE.fullmatch, terms) if found}
    texts = {found[1] for found in map(_TEXT.fullmatch, terms) if found}
    return dict(_named(document, count(), (nodes, texts)))


def _named(value: Json, numbers: count[int], chosen: tuple[set[str], set[str]] | None) -> Json:
    """``value`` with names as ids: of all objects, or of those chosen, without and with an id of their own."""
    if isinstance(value, list):
        return [_named(item, numbers, chosen) for item in value]
    if not isinstance(value, Mapping) or "@value" in value:
        return value
    name = f"{NAME}{next(numbers)}"
    inner = {key: item if key == "@context" else _named(item, numbers, chosen) for key, item in value.items()}
    return {**inner, "id": name} if chosen is None or name in chosen["id" in value] else inner


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands for what in a document with names: blank nodes, texts, and the blank nodes that own the texts."""

    nodes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)


def _compare(quads: Sequence[Quad], named: Sequence[Quad]) -> _Seen:
    """Both lists come from one walk over documents that differ in names only, so they must agree place by place."""
    seen, cells = _Seen(), dict[str, str]()
    if len(quads) != len(named):
        raise _refused("The objects of the document cannot be given an id.")
    for quad, other in zip(quads, named, strict=True):
        for term, stands in zip(quad, other, strict=True):
            if term[:1] == "_":
                known = seen.nodes if _NODE.fullmatch(stands) else cells
                agrees = known.setdefault(stands, term) == term
            elif _TEXT.fullmatch(stands):
                agrees = seen.texts.setdefault(stands, term) == term and quad.subject[0] == "_"
                seen.owners[stands] = quad.subject
            else:
                agrees = term == stands
            if not agrees or NAME in term:
                raise _refused("The objects of the document cannot be told apart by their places.")
    blanks = [*seen.nodes.values(), *cells.values()]
    if len(set(blanks)) != len(blanks):
        raise _refused("The objects of the document cannot be told apart by their places.")
    return seen


def _refused(detail: str) -> ProofProblem:
    return ProofProblem(
        detail,
        code="PROOF_GENERATION_ERROR",
        fix="Give the objects ids, point at a whole object, or secure the document with another suite.",
    )
