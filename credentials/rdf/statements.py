"""From expanded JSON-LD to statements, in one pass.

The rule: every member of an expanded document becomes a statement or the document is refused. No node map is built:
a dataset is a set, so merging nodes is left to the set (and costs what it must, where a node map is quadratic).
Specification: JSON-LD 1.1 API sections 7.1 and 8.1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final

from credentials.encoding.document import Json
from credentials.encoding.iri import is_iri, is_language_tag
from credentials.encoding.jcs import canonical_json
from credentials.rdf.nquads import Quad
from credentials.rdf.refusal import Refusal
from credentials.rdf.terms import XSD_STRING, iri_term, literal_term

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DOUBLE: Final = _XSD + "double"
TYPE, FIRST, REST, NIL = (iri_term(_RDF + name) for name in ("type", "first", "rest", "nil"))
JSON: Final = _RDF + "JSON"
_LARGEST_INTEGER: Final = 10**21
_POINTLESS: Final = 1e-6  # below it JavaScript writes exponents
_NODE_KEYWORDS: Final = frozenset({"@id", "@type", "@graph", "@reverse"})
_VALUE_KEYWORDS: Final = frozenset({"@value", "@type", "@language"})


class StatementBuilder:
    """Turns expanded nodes into quads; IRIs below ``base`` were relative and are refused, blank nodes are numbered."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._numbers = count()
        self._iris: dict[str, str] = {}

    def of(self, nodes: Sequence[Json], graph: str = "") -> Iterator[Quad]:
        """The statements of top-level expanded ``nodes`` in ``graph``.

        Raises:
            Refusal: TERM_INVALID or DATA_LOSS_DETECTION_ERROR.
        """
        for node in nodes:
            said = self._node(node, self._subject(node), graph)
            first = next(said, None)
            if first is not None:
                yield first
                yield from said
            elif graph:  # the node's id would stand in no statement
                raise Refusal.lost("An object in a graph of its own says nothing.", node.get("@id", {}))

    def _subject(self, node: Mapping[str, Json]) -> str:
        return self._iri(node["@id"]) if "@id" in node else self._blank()

    def _node(self, node: Mapping[str, Json], subject: str, graph: str) -> Iterator[Quad]:
        for key, values in node.items():
            if key == "@type":
                yield from (Quad(subject, TYPE, self._iri(kind), graph) for kind in values)
            elif key == "@graph":
                yield from self.of(values, subject)
            elif key == "@reverse":
                yield from self._reversed(values, subject, graph)
            elif key not in _NODE_KEYWORDS:
                if key.startswith("@"):
                    raise Refusal.lost(f"{key} has no form in RDF.", values)
                predicate = self._iri(key)
                for value in values:
                    term, deeper = self._object(value, graph)
                    yield Quad(subject, predicate, term, graph)
                    yield from deeper

    def _reversed(self, properties: Mapping[str, Json], target: str, graph: str) -> Iterator[Quad]:
        for key, nodes in properties.items():
            for node in nodes:
                subject = self._subject(node)
                yield Quad(subject, self._iri(key), target, graph)
                yield from self._node(node, subject, graph)

    def _object(self, value: Mapping[str, Json], graph: str) -> tuple[str, Iterator[Quad]]:
        """The term of a value, and the statements that come with it."""
        if "@value" in value:
            return self._literal(value), iter(())
        if "@list" in value:
            if len(value) > 1:
                raise Refusal.lost("The index of a list has no form in RDF.", value.get("@index"))
            cells = [self._blank() for _ in value["@list"]]
            return (cells[0] if cells else NIL), self._list(cells, value["@list"], graph)
        subject = self._subject(value)
        return subject, self._node(value, subject, graph)

    def _list(self, cells: Sequence[str], values: Sequence[Json], graph: str) -> Iterator[Quad]:
        for cell, value, rest in zip(cells, values, [*cells, NIL][1:], strict=True):
            term, deeper = self._object(value, graph)
            yield Quad(cell, FIRST, term, graph)
            yield Quad(cell, REST, rest, graph)
            yield from deeper

    def _literal(self, value: Mapping[str, Json]) -> str:
        """Object to RDF conversion (section 8.2.2)."""
        for key in value:
            if key not in _VALUE_KEYWORDS:
                raise Refusal.lost(f"{key} has no form in RDF.", value["@value"])
        content, datatype, language = value["@value"], value.get("@type"), value.get("@language")
        if datatype == "@json":
            return literal_term(canonical_json(content).decode("utf-8"), JSON)
        if language is not None and not is_language_tag(language):
            raise Refusal(f"{language[:40]!r} is not a language tag.", language, fix="Write a BCP 47 tag such as en.")
        if datatype is not None:
            self._iri(datatype)
        if isinstance(content, str):
            if datatype == _DOUBLE:  # read as a number elsewhere, so that " 5" and "5.0" would share one signature
                raise Refusal(f"The double {content[:40]!r} is written as text.", content, fix="Write a JSON number.")
            return literal_term(content, datatype or XSD_STRING, language)
        text, usual = number_form(content, datatype)
        return literal_term(text, datatype or usual)

    def _blank(self) -> str:
        return f"_:b{next(self._numbers)}"

    def _iri(self, text: str) -> str:
        term = self._iris.get(text)
        if term is None:
            if text.startswith(self._base) or not is_iri(text):
                raise Refusal(f"{text[:80]!r} is not an absolute IRI.", text)
            term = self._iris[text] = iri_term(text)
        return term


def number_form(content: float, datatype: str | None) -> tuple[str, str]:
    """The lexical form of a boolean or number and the datatype it has when none is stated.

    Raises:
        Refusal: JSON_NUMBER_RANGE, a number for which processors of JSON-LD have different forms.
    """
    if isinstance(content, bool):
        return ("true" if content else "false"), _XSD + "boolean"
    if datatype != _DOUBLE and float(content).is_integer() and abs(content) < _LARGEST_INTEGER:
        return str(int(content)), _XSD + "integer"
    if _is_read_otherwise(content, datatype):
        raise Refusal(
            f"The number {content!r} means 0 to other processors.",
            content,
            code="JSON_NUMBER_RANGE",
            fix="State 0, or a number of this size in a smaller unit; or secure the document as JSON.",
        )
    mantissa, _, exponent = f"{content:.15E}".partition("E")
    digits = mantissa.rstrip("0")
    return f"{digits}0E{int(exponent)}" if digits.endswith(".") else f"{digits}E{int(exponent)}", _DOUBLE


def _is_read_otherwise(content: float, datatype: str | None) -> bool:
    """Is this -0.0, whose sign JavaScript leaves out, or 1e-7, which it writes without a point, like an integer?"""
    if datatype == _DOUBLE:
        return content == 0 and math.copysign(1, content) < 0
    return abs(content) < _POINTLESS and "." not in repr(content)
