"""Processed JSON-LD contexts turned into tables, each once, so that expanding a document is looking things up.

The rule: the compiler decides nothing about JSON-LD. What a context means, what a type opens, what is undefined or
ambiguous is asked of the processor (:mod:`credentials.rdf.processor`), once for each shape of object: its members in
order and its types, at one place. What the tables have no column for is :class:`Uncompilable`, and so is everything
the processor refuses: the document then goes to the processor whole, which names the problem.
Specification: JSON-LD 1.1 API section 5.1; the numbers in comments are the steps of 5.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Protocol, TypeVar

from credentials.encoding.document import Json, JsonObject, as_list
from credentials.encoding.iri import is_iri, is_language_tag
from credentials.errors import ContextProblem
from credentials.rdf.refusal import Refusal
from credentials.rdf.terms import XSD_STRING, iri_term

#: Tables of one library: contexts, places and shapes. Documents choose them, so the number is bounded: whoever holds
#: a full compiler throws it away and begins anew.
MAX_TABLES: Final = 8192
MAX_IRIS: Final = 4096
MAX_MEMBERS: Final = 128  # of an object, its types included; a larger one is not worth a table
MAX_KEPT: Final = 512  # characters of a text that is kept, so that few long ones do not fill the memory
_GRAPHS_AND_SETS: Final = frozenset({"@list", "@set", "@graph"})
_Table = TypeVar("_Table")


class Uncompilable(Exception):
    """Not decided by the tables: outside their subset, or in doubt. The reference decides."""


class Processor(Protocol):
    """What the compiler asks of the JSON-LD processor; every method may raise Refusal or ContextProblem."""

    def initial(self) -> Any: ...
    def process(self, active: Any, local: Any) -> Any: ...
    def enter(self, active: Any, element: JsonObject) -> tuple[Any, str | None, Any]: ...
    def refuse_undefined(self, active: Any, element: JsonObject, types: Any) -> None: ...
    def key(self, active: Any, name: str) -> Any: ...
    def iri(self, active: Any, value: str) -> str: ...


class Coercion(IntEnum):
    """What a text under a term becomes."""

    LITERAL = 0
    IRI = 1
    VOCABULARY = 2
    JSON = 3
    NUMBER = 4  # xsd:double, of which only a JSON number is a safe spelling


class Active:
    """One active context: the processor's own object, and the IRIs already found good under it."""

    __slots__ = ("iris", "places", "prefixes", "raw", "vocabulary")

    def __init__(self, raw: Any, prefixes: frozenset[str], iris: dict[str, str]) -> None:
        self.raw = raw
        self.prefixes = prefixes
        self.iris = iris  # shared by all contexts with these prefixes
        self.vocabulary: dict[str, str] = {}
        self.places: dict[str | None, Position] = {}


class Position:
    """Where an object may stand: below the member ``name`` under ``active``; the shapes met there."""

    __slots__ = ("active", "contexts", "name", "shapes")

    def __init__(self, active: Active, name: str | None) -> None:
        self.active = active
        self.name = name
        self.shapes: dict[tuple[Any, ...], Shape] = {}
        self.contexts: dict[tuple[str, ...], Position] = {}  # the same place under contexts of an object's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do with the value of one member; texts are N-Quads terms or parts of them."""

    key: str
    predicate: str
    coercion: Coercion
    suffix: str
    datatype: str | None
    is_list: bool
    is_graph: bool
    is_single: bool  # neither of both
    place: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Objects with the same members in the same order and the same types."""

    id_key: str | None
    named_id: bool  # ``id`` is a member like any other here, but still holds an IRI
    active: Active
    types: tuple[str, ...]
    plans: tuple[Plan, ...]
    members: int  # with every type
    levels: int  # of nesting that its own members add for sure


class Compiler:
    """The tables of one library, made when they are first needed."""

    def __init__(self, processor: Processor) -> None:
        self._processor = processor
        self._actives: dict[int, Active] = {}
        self._iris: dict[frozenset[str], dict[str, str]] = {}
        self.tables = 0
        self.top = self._place(self._active(processor.initial()), None)

    @property
    def full(self) -> bool:
        """Is it time to begin anew?"""
        return self.tables > MAX_TABLES

    def under(self, place: Position, urls: tuple[str, ...]) -> Position:
        """``place`` for objects that name the contexts ``urls``, which the caller has found pinned; kept there."""
        made = place.contexts[urls] = self._count(Position(place.active, place.name))
        return made

    def shape(self, place: Position, element: JsonObject, key: tuple[Any, ...]) -> Shape:
        """The shape of ``element`` at ``place``, kept there under ``key``. Raises Unsupported."""
        try:
            made = self._shape(place, element)
        except (Refusal, ContextProblem) as refused:
            raise Uncompilable from refused
        place.shapes[key] = self._count(made)
        return made

    def vocabulary_iri(self, active: Active, value: str) -> str:
        """The term of a text that stands for an IRI of the vocabulary. Raises Unsupported."""
        try:
            term = iri_term(self._processor.iri(active.raw, value))
        except (Refusal, ContextProblem) as refused:
            raise Uncompilable from refused
        if len(value) <= MAX_KEPT:
            if len(active.vocabulary) >= MAX_IRIS:
                active.vocabulary.clear()
            active.vocabulary[value] = term
        return term

    def _shape(self, place: Position, element: JsonObject) -> Shape:
        ask = self._processor
        raw, type_key, types = ask.enter(self._entered(place, element), element)  # 9 to 11
        ask.refuse_undefined(raw, element, types)
        active, id_key, plans = self._active(raw), None, []
        for key in element:  # 13
            if key == "@context":
                continue
            _refuse_name(key)
            meaning = ask.key(raw, key)  # 13.2
            if meaning == "@id" and id_key is None:
                id_key = key
            elif meaning == "@type" and key == "type" == type_key:
                pass
            elif isinstance(meaning, str) and is_iri(meaning):
                plans.append(self._plan(active, key, meaning))
            else:
                raise Uncompilable
        named = [] if type_key is None else _listed(element[type_key])
        if len(element) + len(named) > MAX_MEMBERS or any(len(name) > MAX_KEPT for name in (*element, *named)):
            raise Uncompilable
        return Shape(
            id_key=id_key,
            named_id="id" in element and id_key != "id",
            active=active,
            types=tuple(iri_term(ask.iri(types, name)) for name in named),  # 13.4.4
            plans=tuple(plans),
            members=len(element) + len(named),
            levels=int(type_key is not None and isinstance(element[type_key], list)),
        )

    def _entered(self, place: Position, element: JsonObject) -> Any:
        """Steps 7 and 8: leave what a type opened further up, then apply what the member itself opens."""
        raw = place.active.raw
        scoped = _definition(raw, place.name).get("@context")
        if "previousContext" in raw:
            meanings = {self._processor.key(raw, key) for key in element} if len(element) <= 2 else set()
            if "@value" in meanings:  # under another name
                raise Uncompilable
            if meanings != {"@id"}:
                raw = raw["previousContext"]
        return raw if scoped is None else self._processor.process(raw, scoped)

    def _plan(self, active: Active, key: str, predicate: str) -> Plan:
        definition = _definition(active.raw, key)
        scoped = definition.get("@context")
        inner = active if scoped is None else self._active(self._processor.process(active.raw, scoped))  # 13.5 ff.
        below = _definition(inner.raw, key)
        container = frozenset(definition.get("@container") or ())
        if not container <= _GRAPHS_AND_SETS or definition.get("reverse") or below.get("reverse"):
            raise Uncompilable
        if ("@list" in container) != ("@list" in (below.get("@container") or ())) or container >= {"@list", "@graph"}:
            raise Uncompilable
        coercion, suffix, datatype = _coercion(definition, below, inner.raw)
        if coercion is Coercion.JSON and container & {"@list", "@graph"}:
            raise Uncompilable
        return Plan(
            key=key,
            predicate=iri_term(predicate),
            coercion=coercion,
            suffix=suffix,
            datatype=datatype,
            is_list="@list" in container,
            is_graph="@graph" in container,
            is_single=not container & {"@list", "@graph"},
            place=self._place(inner, key),
        )

    def _active(self, raw: Any) -> Active:
        known = self._actives.get(id(raw))
        if known is None:
            terms = raw["mappings"].items()
            prefixes = frozenset(name for name, definition in terms if definition and definition["_prefix"])
            iris = self._iris.setdefault(prefixes, {})
            known = self._actives[id(raw)] = self._count(Active(raw, prefixes, iris))
        return known

    def _place(self, active: Active, name: str | None) -> Position:
        known = active.places.get(name)
        if known is None:
            known = active.places[name] = self._count(Position(active, name))
        return known

    def _count(self, table: _Table) -> _Table:
        self.tables += 1
        return table


def good_iri(active: Active, value: str, *, base: str) -> str:
    """The term of a text that must be one absolute IRI, written out (step 4.2 of 5.3.2 decides nothing then).

    Raises:
        Unsupported: it is not, or a prefix of the contexts would change it, or it lies below ``base``.
    """
    scheme, _, rest = value.partition(":")
    if not is_iri(value) or value.startswith(base) or (scheme in active.prefixes and not rest.startswith("//")):
        raise Uncompilable
    term = iri_term(value)
    if len(value) <= MAX_KEPT:
        if len(active.iris) >= MAX_IRIS:
            active.iris.clear()
        active.iris[value] = term
    return term


def _coercion(definition: JsonObject, below: JsonObject, raw: JsonObject) -> tuple[Coercion, str, str | None]:
    """How texts are read under a term, what follows their quotes, and the datatype that is stated."""
    stated = below.get("@type")
    if (definition.get("@type") == "@json") != (stated == "@json"):
        raise Uncompilable
    if stated == "@json":
        return Coercion.JSON, "", None
    if stated == "@id":
        return Coercion.IRI, "", None
    if stated == "@vocab":
        return Coercion.VOCABULARY, "", None
    if stated is None or stated == "@none":
        return Coercion.LITERAL, _language(below, raw), None
    if not is_iri(stated):
        raise Uncompilable
    suffix = "" if stated == XSD_STRING else f"^^{iri_term(stated)}"
    return (Coercion.NUMBER if stated.endswith("XMLSchema#double") else Coercion.LITERAL), suffix, stated


def _language(definition: JsonObject, raw: JsonObject) -> str:
    direction = definition.get("@direction", raw.get("@direction"))
    language = definition.get("@language", raw.get("@language"))
    if direction is not None or (language is not None and not is_language_tag(language)):
        raise Uncompilable
    return "" if language is None else f"@{language}"


def _refuse_name(key: str) -> None:
    """Names that the guard refuses wherever they stand."""
    if key.startswith(("@", "_:")) or not (key.isascii() and key.isprintable()):
        raise Uncompilable


def _definition(raw: Any, name: str | None) -> JsonObject:
    return (raw["mappings"].get(name) or {}) if name is not None else {}


def _listed(value: Json) -> list[Json]:
    listed = list(as_list(value))
    if not all(isinstance(name, str) for name in listed):
        raise Uncompilable
    return listed
