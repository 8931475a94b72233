"""A vocabulary as values: classes, members, code lists.

The rule: what a name means is stated once, in a table, and read into these values (:mod:`contexts.notation`); context,
schema and reference page are built from them and from nothing else. JSON-LD 1.1 section 4; UNTP 0.7.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["entity", "value", "outer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One line of a table; ``iri`` is None where this vocabulary defines no term for it."""

    name: str
    cardinality: str
    range: str
    iri: str | None
    view: tuple[tuple[str, bool], ...] | None = None  # of a reference: member name, whether it is required
    container: str | None = None
    scope: str | None = None
    node: bool = False
    fresh: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def many(self) -> bool:
        """Whether the member holds a list."""
        return self.cardinality in "*+0"

    @property
    def required(self) -> bool:
        """Whether the member must be there."""
        return self.cardinality in "1+0"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermClass:
    """A class with its own and inherited members; ``types`` are the names its ``type`` must hold."""

    name: str
    kind: Kind
    iri: str
    members: tuple[Member, ...]
    types: tuple[str, ...]
    vocab: str | None = None
    closed: bool = False
    single_type: bool = False
    unprotected: str = ""
    aliases: bool = True
    some: tuple[str, ...] = ()
    one: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """Values of a coded member: sorted ``values`` of a closed list, the ``form`` of an open one's codes, or neither."""

    name: str
    vocab: str
    values: tuple[str, ...] = ()
    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One vocabulary in one version, read from its table."""

    name: str
    version: str
    url: str
    extends: str | None
    aliases_everywhere: bool
    prefixes: Mapping[str, str]
    datatypes: Mapping[str, str | None]
    terms: tuple[Member, ...]
    classes: Mapping[str, TermClass]
    codes: Mapping[str, CodeList]
