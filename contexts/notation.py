"""The notation of our vocabulary tables, and its reader.

The rule: a table states facts in our own words, and everything else (JSON-LD context, JSON Schema, reference page) is
built from it. One TOML file per vocabulary and version in ``contexts/tables``. A member is one line::

    name = "CARDINALITY RANGE [IRI] [OPTIONS]"

    CARDINALITY  1 required · ? optional · * any number · + at least one · 0 a list that is stated, if empty
    RANGE        text · string · uri · did · date · datetime · number · integer · boolean · base64 · index
                 node (an IRI or a node) · json · vocab · #CodeList · prefix:datatype
                 Class, or Class(id! name! other): a reference that shows these members, ! the required ones
    IRI          prefix:name, when it is not the class's base followed by the member's name
    OPTIONS      set, graph (containers) · @Class (its members are the scoped context) · node (the value is a node)
                 fresh (the scoped context is null) · elsewhere (another vocabulary defines it) · a..b (bounds)

Classes are ``[entity.X]`` (a type, with a type-scoped context), ``[value.X]`` (no type; its members are the
property-scoped context of every term that has it as range) or ``[outer.X]`` (another vocabulary's class; only its
shape is stated). Their settings start with ``@``: @vocab (catch-all), @closed, @extends, @base, @unprotected, @type,
@aliases, @some (at least one of), @one (exactly one of these classes), @needs (this member needs that one).
What another table states already is taken over whole: terms_from and classes_from name tables.
Specifications: JSON-LD 1.1 section 4; VCDM 2.0 appendix B; UNTP 0.7.0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from contexts.codes import codelists
from contexts.codes.countries import COUNTRIES
from contexts.vocabulary import CodeList, Kind, Member, TermClass, Vocabulary

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

# The words of the notation that name a literal, and the datatype a context gives it (None: an untyped string).
LITERALS: Final[Mapping[str, str | None]] = {
    "text": None,
    "string": XSD + "string",
    "uri": XSD + "anyURI",
    "did": XSD + "anyURI",
    "date": XSD + "date",
    "datetime": XSD + "dateTime",
    "number": XSD + "double",
    "integer": XSD + "integer",
    "index": None,
    "boolean": XSD + "boolean",
    "base64": XSD + "string",
}
# Closed lists that a table may name; each is stated once, in contexts.codes.
CODE_LISTS: Final[Mapping[str, Iterable[str]]] = {
    "AGGREGATION_METHODS": codelists.AGGREGATION_METHODS,
    "ASSESSMENT_LEVELS": codelists.ASSESSMENT_LEVELS,
    "ASSESSOR_LEVELS": codelists.ASSESSOR_LEVELS,
    "ATTESTATION_TYPES": codelists.ATTESTATION_TYPES,
    "COUNTRIES": COUNTRIES,
    "DISPOSITIONS": codelists.DISPOSITIONS,
    "GRANULARITIES": codelists.GRANULARITIES,
    "IMPROVEMENT_DIRECTIONS": codelists.IMPROVEMENT_DIRECTIONS,
    "PARTY_ROLES": codelists.PARTY_ROLES,
    "REGISTER_TYPES": codelists.REGISTER_TYPES,
    "STATUS_PURPOSES": codelists.STATUS_PURPOSES,
}
_ROW: Final = re.compile(r"([1?*+0]) +([^\s(]+)(?:\(([^)]*)\))?((?: +\S+)*)")
_OPTION: Final = re.compile(r"set|graph|node|fresh|elsewhere|@\w+|\S+:\S+|\S*\.\.\S*")
_BOUNDS: Final = re.compile(r"(-?[\d.]*?)\.\.(-?[\d.]*)")


class TableProblem(ValueError):
    """A vocabulary table that does not follow the notation: a fault of ours, found when it is read."""


@cache
def vocabulary(table: str) -> Vocabulary:
    """The vocabulary of one table, by file name without suffix, for example ``untp-0.7.0``.

    Raises:
        TableProblem: the table breaks the notation.
    """
    text = resources.files("contexts").joinpath("tables", f"{table}.toml").read_text("utf-8")
    return read_vocabulary(tomllib.loads(text))


def read_vocabulary(table: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary that a parsed table states.

    Raises:
        TableProblem: the table breaks the notation, or a line names what the table does not state.
    """
    stated = _Reader(table).read()
    for member in (*stated.terms, *(member for known in stated.classes.values() for member in known.members)):
        _refuse_dangling(stated, member)
    return stated


def _refuse_dangling(stated: Vocabulary, member: Member) -> None:
    known = stated.classes.get(member.range)
    words = {"node", "json", "vocab"} | stated.datatypes.keys() | {f"#{name}" for name in stated.codes}
    if known is None and member.range not in words and ":" not in member.range:
        raise TableProblem(f"{member.name}: nothing states {member.range!r}")
    if member.scope is not None and member.scope not in stated.classes:
        raise TableProblem(f"{member.name}: nothing states {member.scope!r}")
    shown = {name for name, _ in member.view or ()}
    if missing := shown - ({part.name for part in known.members} if known else set()):
        raise TableProblem(f"{member.name}: {member.range} has no {', '.join(sorted(missing))}")


class _Reader:
    """Reads one parsed table; a class only to carry the prefixes along."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self.head: Mapping[str, Any] = table["vocabulary"]
        self.prefixes: Mapping[str, str] = table.get("prefixes", {})
        self.short: Mapping[str, str] = {**self.prefixes, **table.get("abbreviations", {})}

    def read(self) -> Vocabulary:
        typed = {word: self.expand(iri) for word, iri in self.table.get("datatypes", {}).items()}
        kinds: tuple[Kind, ...] = ("entity", "value", "outer")
        rows = {name: (kind, row) for kind in kinds for name, row in self.table.get(kind, {}).items()}
        return Vocabulary(
            name=self.head["name"],
            version=self.head["version"],
            url=self.head["url"],
            extends=self.head.get("extends"),
            aliases_everywhere=self.head["aliases"] == "everywhere",
            prefixes=self.prefixes,
            datatypes={**LITERALS, **typed},
            terms=tuple(self.terms()),
            classes={**self.included(), **{name: self.term_class(name, rows) for name in rows}},
            codes={name: self.code_list(name, row) for name, row in self.table.get("codes", {}).items()},
        )

    def terms(self) -> Iterator[Member]:
        for other in self.head.get("terms_from", ()):
            yield from vocabulary(other).terms
        for name, row in self.table.get("terms", {}).items():
            yield self.member(name, row, self.head["base"])

    def included(self) -> dict[str, TermClass]:
        others = [vocabulary(other).classes for other in self.head.get("classes_from", ())]
        return {name: term_class for classes in others for name, term_class in classes.items()}

    def term_class(self, name: str, rows: Mapping[str, tuple[Kind, Mapping[str, Any]]]) -> TermClass:
        kind, row = rows[name]
        base = self.expand(row.get("@base", self.head["base"]))
        parent = self.term_class(row["@extends"], rows) if "@extends" in row else None
        own = tuple(
            self.member(key, line, None if kind == "outer" else base)
            for key, line in row.items()
            if not key.startswith("@")
        )
        catch_all = row.get("@vocab")
        return TermClass(
            name=name,
            kind=kind,
            iri=base + name,
            members=(*(parent.members if parent else ()), *own),
            types=() if kind == "value" else (name, *(parent.types if parent else ())),
            vocab=f"{base}{name}#" if catch_all is True else catch_all,
            closed=row.get("@closed", False),
            single_type=row.get("@type") == "one",
            unprotected=row.get("@unprotected", ""),
            aliases=row.get("@aliases", True),
            some=tuple(row.get("@some", "").split()),
            one=tuple(row.get("@one", "").split()),
            needs=row.get("@needs", {}),
        )

    def member(self, name: str, line: str, base: str | None) -> Member:
        match = _ROW.fullmatch(line)
        if match is None:
            raise TableProblem(f"{name}: {line!r} does not follow the notation")
        cardinality, range_, view, rest = match.groups()
        options = rest.split()
        if strange := [option for option in options if not _OPTION.fullmatch(option)]:
            raise TableProblem(f"{name}: {strange[0]!r} is not an option")
        # id and type are keywords' aliases: only a stated IRI makes them ordinary terms.
        default = None if base is None or name in ("id", "type") or "elsewhere" in options else base + name
        stated = next((self.expand(option) for option in options if ":" in option), None)
        least, most = next((bounds(option) for option in options if ".." in option and ":" not in option), (None, None))
        return Member(
            name=name,
            cardinality=cardinality,
            range=self.expand(range_) if ":" in range_ else range_,
            iri=stated or default,
            view=None if view is None else tuple((part.rstrip("!"), part.endswith("!")) for part in view.split()),
            container=next((f"@{option}" for option in options if option in ("set", "graph")), None),
            scope=next((option[1:] for option in options if option.startswith("@")), None),
            node="node" in options,
            fresh="fresh" in options,
            least=least,
            most=most,
        )

    def code_list(self, name: str, row: Mapping[str, str]) -> CodeList:
        return CodeList(
            name=name,
            vocab=self.expand(row.get("vocab", f"{self.head['base']}{name}#")),
            values=tuple(sorted(CODE_LISTS[row["list"]])) if "list" in row else (),
            form=row.get("form"),
        )

    def expand(self, name: str) -> str:
        """``prefix:rest`` as a full IRI; full IRIs stay."""
        prefix, colon, rest = name.partition(":")
        if not colon or rest.startswith("//"):
            return name
        if prefix not in self.short:
            raise TableProblem(f"{name}: the prefix {prefix!r} is not stated")
        return self.short[prefix] + rest


def bounds(option: str) -> tuple[float | None, float | None]:
    """``a..b`` as two numbers, either of which may be left out."""
    match = _BOUNDS.fullmatch(option)
    if match is None:
        raise TableProblem(f"{option!r} is not a pair of bounds")
    least, most = match.groups()
    return (float(least) if least else None, float(most) if most else None)
