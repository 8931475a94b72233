"""Lint of names: members that UNTP does not define and that its catch-all would swallow without a word.

Where a class has a ``@vocab``, a misspelt member is signed as a word nobody knows, and what it was to say is missing.
Other contexts may define words of their own, so beside them only a near miss of a UNTP word is told. VOC-02.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from contexts.library import BASE_CONTEXT
from contexts.notation import vocabulary
from credentials.encoding.document import Json, JsonObject, as_list, escape_pointer
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import CONTEXTS, TYPES
from credentials.untp.lint.rules import finding
from credentials.untp.lint.ways import Way, pointer_of

_NEAR: Final = 0.8  # difflib's ratio: one letter in five
_EVERYWHERE: Final = frozenset({"@context", "id", "type", "@value", "@language", "@direction"})
#: Members that VCDM 2.0 gives every credential.
_OF_CREDENTIALS: Final = frozenset(
    {"name", "description", "issuer", "credentialSubject", "validFrom", "validUntil", "credentialStatus", "proof"}
    | {"credentialSchema", "relatedResource", "refreshService", "termsOfUse", "evidence", "renderMethod"}
    | {"confidenceMethod", "vc"}  # the last is told by VCP-05
)
_KNOWN_CONTEXTS: Final = frozenset({BASE_CONTEXT, *CONTEXTS.values()})


class Class(NamedTuple):
    """The names an object of a class may have, and the class of each member that holds objects.

    ``names`` is None for classes whose names the schema holds closed, and for those that are open to any.
    """

    names: frozenset[str] | None
    ranges: Mapping[str, str]


#: An object with members that its class does not define, the names that it does define, and the way to it.
Misspelt: TypeAlias = tuple[JsonObject, frozenset[str], Way]


def check_spelling(document: JsonObject, misspelt: Sequence[Misspelt]) -> Iterator[LintFinding]:
    """VOC-02: every member of a UNTP object is one that UNTP defines."""
    if not misspelt:
        return
    extended = any(isinstance(url, str) and url not in _KNOWN_CONTEXTS for url in as_list(document.get("@context")))
    for value, names, way in misspelt:
        for key in sorted(value.keys() - names):
            yield from _told(key, pointer_of(way), names, extended)


def class_of(stated: Json, name: str, classes: Mapping[str, Class]) -> Class:
    """The class of UNTP that an object of type ``stated`` says it is of; else that of its place, ``name``."""
    for term in as_list(stated):
        if isinstance(term, str) and term in classes:
            return classes[term]
    return classes[name]


def _told(key: str, pointer: str, names: frozenset[str], extended: bool) -> Iterator[LintFinding]:
    if ":" in key:
        return
    near = get_close_matches(key, names - _EVERYWHERE, 1, _NEAR)
    if extended and not near:
        return
    cure = f"Write {near[0]}." if near else "Correct its name, or define it in a context of your own."
    yield finding("VOC-02", f"{pointer}/{escape_pointer(key)}", f"UNTP defines no member {key[:60]!r} here.", cure)


@lru_cache(maxsize=8)
def classes_of(version: str) -> Mapping[str, Class]:
    """The classes of a UNTP version by name."""
    table = vocabulary(f"untp-{version}")
    outer = {member.name for member in table.terms} | _OF_CREDENTIALS
    return {
        name: Class(
            names=_EVERYWHERE | {member.name for member in stated.members} | (outer if name in TYPES else set())
            if stated.members and not stated.closed
            else None,
            ranges={member.name: member.range for member in stated.members if member.range in table.classes},
        )
        for name, stated in table.classes.items()
    }
