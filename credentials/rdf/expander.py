"""From parsed JSON to statements in one pass, by the compiler's tables.

The rule: what the guard or the processor would refuse is not decided here. Every doubt ends the pass with
:class:`Uncompilable`, so that the reference path names the problem; what the pass does return, it returns for good.
The checks of :mod:`credentials.rdf.guard` are therefore all made again, in the cheapest place for each: names once a
shape, contexts once a list, texts and numbers where they are written, lengths and depth as they are met.
Specification: JSON-LD 1.1 API sections 5.1, 5.3 and 8.1; the numbers in comments are step numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import SAFE_INTEGER, Json, JsonObject, walk
from credentials.encoding.iri import is_iri, is_language_tag
from credentials.encoding.jcs import canonical_json
from credentials.errors import CredentialsError
from credentials.rdf.canonical import MAX_STATEMENTS
from credentials.rdf.compiler import Active, Coercion, Compiler, Plan, Position, Shape, Uncompilable, good_iri
from credentials.rdf.guard import MAX_ARRAY, MAX_DEPTH, MAX_SCALARS, check_contexts, check_part
from credentials.rdf.nquads import Quad
from credentials.rdf.refusal import Refusal
from credentials.rdf.statements import FIRST, JSON, NIL, REST, TYPE, number_form
from credentials.rdf.terms import XSD_STRING, literal_term

#: What cannot be written between quotes as it stands, and the surrogates, which cannot be written at all.
_SPECIAL: Final = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff]')
_QUAD: Final = partial(tuple.__new__, Quad)  # Quad(…) would check its arguments by name, once a statement
_VALUE_KEYS: Final = frozenset({"@value", "@language"})
_SCALARS: Final = (int, float)  # booleans are integers


def expand(document: JsonObject, compiler: Compiler, contexts: ContextLibrary, *, base: str) -> list[Quad]:
    """The distinct statements of ``document``; IRIs below ``base`` stand for relative ones.

    Raises:
        Unsupported: the reference path must decide.
    """
    found = _Pass(document, compiler, contexts, base)
    found.node(compiler.top, document, "", 1)
    if not 0 < len(found.statements) <= MAX_STATEMENTS:
        raise Uncompilable
    return list(map(_QUAD, dict.fromkeys(found.statements)))


class _Pass:
    """One document on its way: its statements so far, the number of blank nodes and of values met."""

    __slots__ = ("base", "blanks", "compiler", "contexts", "document", "emit", "statements", "values")

    def __init__(self, document: JsonObject, compiler: Compiler, contexts: ContextLibrary, base: str) -> None:
        self.document, self.compiler, self.contexts, self.base = document, compiler, contexts, base
        self.statements: list[tuple[str, str, str, str]] = []
        self.emit: Callable[[tuple[str, str, str, str]], None] = self.statements.append
        self.blanks = 0
        self.values = 0

    def node(self, place: Position, element: JsonObject, graph: str, depth: int) -> str:
        """Write the statements of a node object (5.1.2 steps 9 to 13); its own term is the answer."""
        shape = self._shape(place, element)
        self._count(shape.members, depth + shape.levels)
        subject = self.blank() if shape.id_key is None else self._iri(shape.active, element[shape.id_key])
        if shape.named_id and type(element["id"]) is str and not is_iri(element["id"]):
            raise Uncompilable
        emit = self.emit
        for term in shape.types:
            emit((subject, TYPE, term, graph))
        for plan in shape.plans:
            value = element[plan.key]
            if plan.is_single and type(value) is str:
                plain = plan.coercion is Coercion.LITERAL and _SPECIAL.search(value) is None  # half of all statements
                term = f'"{value}"{plan.suffix}' if plain else self._text(plan, value)
                emit((subject, plan.predicate, term, graph))
            else:
                self._member(plan, subject, value, graph, depth)
        return subject

    def blank(self) -> str:
        """A new blank node."""
        self.blanks += 1
        return f"_:b{self.blanks}"

    def _count(self, values: int, depth: int) -> None:
        self.values += values
        if depth > MAX_DEPTH or self.values > MAX_SCALARS:
            raise Uncompilable

    def _shape(self, place: Position, element: JsonObject) -> Shape:
        if "@context" in element:
            place = self._under(place, element)
        types = element.get("type")
        try:
            key = (*element, tuple(types) if type(types) is list else types)
            known = place.shapes.get(key)
        except TypeError as error:  # an unhashable type is none
            raise Uncompilable from error
        return known or self.compiler.shape(place, element, key)

    def _under(self, place: Position, element: JsonObject) -> Position:
        """``place`` under the contexts of an object: pinned ones, at the top or where a document is embedded."""
        if element is not self.document and not any(element is embedded for embedded in self._embedded()):
            raise Uncompilable
        stated = element["@context"]
        listed = (stated,) if type(stated) is str else tuple(stated) if type(stated) is list else ()
        try:
            known = place.contexts.get(listed)
        except TypeError as error:  # not a list of texts
            raise Uncompilable from error
        if known is not None:
            return known
        try:
            check_contexts(stated, self.contexts, "")
        except CredentialsError as refused:
            raise Uncompilable from refused
        return self.compiler.under(place, listed)

    def _embedded(self) -> list[Json]:
        """The credentials in a presentation, the proofs of either (see the guard)."""
        documents = [self.document, *_listed(self.document.get("verifiableCredential"))]
        holders = [document for document in documents if isinstance(document, dict)]
        return [*documents, *(proof for holder in holders for proof in _listed(holder.get("proof")))]

    def _member(self, plan: Plan, subject: str, value: Json, graph: str, depth: int) -> None:
        """The statements of one member whose value is more than a text (13.4 to 13.13)."""
        if plan.coercion is Coercion.JSON:
            self.emit((subject, plan.predicate, self._json(value, depth), graph))
            return
        if type(value) is list:
            depth += 1
            self._count(len(value), depth)
            if len(value) > MAX_ARRAY:
                raise Uncompilable
        if plan.is_list:
            self.emit((subject, plan.predicate, self._list(plan, _listed(value), graph, depth), graph))
            return
        for item in _listed(value):
            if not plan.is_graph:
                term = self._object(plan, item, graph, depth)
            else:  # 13.13: each item in a graph of its own
                term = self.blank()
                self._in_graph(plan, item, term, depth)
            self.emit((subject, plan.predicate, term, graph))

    def _in_graph(self, plan: Plan, item: Json, graph: str, depth: int) -> None:
        said = len(self.statements)
        if type(item) is dict and "@value" not in item:
            self.node(plan.place, item, graph, depth + 1)
        if len(self.statements) == said:  # its id would stand in no statement
            raise Uncompilable

    def _object(self, plan: Plan, item: Json, graph: str, depth: int) -> str:
        """The term of one value; objects write their own statements on the way."""
        if type(item) is str:
            return self._text(plan, item)
        if type(item) is dict:
            if "@value" not in item:
                return self.node(plan.place, item, graph, depth + 1)
            self._count(len(item), depth + 1)
            return _value_object(item)
        if plan.is_list and type(item) is list:  # a list in a list keeps its order
            self._count(len(item), depth + 1)
            if len(item) > MAX_ARRAY:
                raise Uncompilable
            return self._list(plan, item, graph, depth + 1)
        return _number(item, plan.datatype)

    def _list(self, plan: Plan, items: Sequence[Json], graph: str, depth: int) -> str:
        """List conversion (8.3): the term of the first cell."""
        cells = [self.blank() for _ in items]
        for cell, item, rest in zip(cells, items, [*cells, NIL][1:], strict=True):
            self.emit((cell, FIRST, self._object(plan, item, graph, depth), graph))
            self.emit((cell, REST, rest, graph))
        return cells[0] if cells else NIL

    def _text(self, plan: Plan, value: str) -> str:
        """Value expansion of a text (5.3.2) and its conversion to a term (8.2)."""
        coercion = plan.coercion
        if coercion is Coercion.LITERAL:
            return _quoted(value) + plan.suffix
        active = plan.place.active
        if coercion is Coercion.IRI:
            return active.iris.get(value) or good_iri(active, value, base=self.base)
        if coercion is Coercion.VOCABULARY:
            return active.vocabulary.get(value) or self.compiler.vocabulary_iri(active, value)
        if coercion is Coercion.JSON:
            return self._json(value, 0)
        raise Uncompilable

    def _iri(self, active: Active, value: Json) -> str:
        if type(value) is not str:
            raise Uncompilable
        return active.iris.get(value) or good_iri(active, value, base=self.base)

    def _json(self, value: Json, depth: int) -> str:
        try:
            check_part(value, depth)
            self._count(sum(1 for _ in walk(value)), depth)
            return literal_term(canonical_json(value).decode("utf-8"), JSON)
        except CredentialsError as refused:
            raise Uncompilable from refused


def _value_object(value: JsonObject) -> str:
    """A text with a language, or a plain value written at length."""
    content, language = value["@value"], value.get("@language")
    if not value.keys() <= _VALUE_KEYS:
        raise Uncompilable
    if "@language" not in value:
        return _quoted(content) if type(content) is str else _number(content, None)
    if type(content) is not str or type(language) is not str or not is_language_tag(language):
        raise Uncompilable
    return f"{_quoted(content)}@{language.lower()}"


def _number(value: Json, datatype: str | None) -> str:
    """The term of a boolean or number; anything else is not one."""
    if not isinstance(value, _SCALARS):
        raise Uncompilable
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise Uncompilable
    elif float(f"{value:.15E}") != value or value in (float("inf"), float("-inf")):
        raise Uncompilable
    try:
        text, usual = number_form(value, datatype)
    except Refusal as refusal:
        raise Uncompilable from refusal
    return literal_term(text, datatype or usual)


def _quoted(text: str) -> str:
    return f'"{text}"' if _SPECIAL.search(text) is None else _escaped(text)


def _escaped(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise Uncompilable from error
    return literal_term(text, XSD_STRING)


def _listed(value: Json) -> Sequence[Json]:
    return value if type(value) is list else (value,)
