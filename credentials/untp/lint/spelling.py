"""Lint of names: members that UNTP does not define and that its catch-all would swallow without a word.

Where a class has a ``@vocab``, a misspelt member is signed as a word nobody knows, and what it was to say is missing.
Other contexts may define words of their own, so beside them only a near miss of a UNTP word is told. VOC-02.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

from contexts.notation import vocabulary
from credentials.encoding.document import Json, JsonObject, escape_pointer, types_of
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import CONTEXTS, TYPES, CredentialType
from credentials.untp.lint.rules import finding

_BASE: Final = "https://www.w3.org/ns/credentials/v2"
_NEAR: Final = 0.8  # difflib's ratio: one letter in five
_EVERYWHERE: Final = frozenset({"@context", "id", "type", "@value", "@language", "@direction"})
#: Members that VCDM 2.0 gives every credential.
_OF_CREDENTIALS: Final = frozenset(
    {"name", "description", "issuer", "credentialSubject", "validFrom", "validUntil", "credentialStatus", "proof"}
    | {"credentialSchema", "relatedResource", "refreshService", "termsOfUse", "evidence", "renderMethod"}
    | {"confidenceMethod", "vc"}  # the last is told by VCP-05
)
_KNOWN_CONTEXTS: Final = frozenset({_BASE, *CONTEXTS.values()})


class _Class(NamedTuple):
    """The names an object of a class may have, and the class of each member that holds objects.

    ``ignored`` are classes whose names the schema holds closed, and those that are open to any.
    """

    names: frozenset[str]
    ranges: Mapping[str, str]
    ignored: bool


def check_spelling(document: JsonObject, kind: CredentialType, version: str | None) -> Iterator[LintFinding]:
    """VOC-02: every member of a UNTP object is one that UNTP defines."""
    if version is None:
        return
    classes = _classes(version)
    if _is_well_spelt(document, kind.name, classes):  # as most are; places cost more than looking
        return
    stated = document.get("@context")
    extended = not (isinstance(stated, list) and all(url in _KNOWN_CONTEXTS for url in stated if isinstance(url, str)))
    stack: list[tuple[Json, str, str]] = [(document, "", kind.name)]
    while stack:
        value, pointer, name = stack.pop()
        if isinstance(value, list):
            stack.extend((item, f"{pointer}/{index}", name) for index, item in enumerate(value))
        elif isinstance(value, dict):
            known = classes[_own_class(value, name, classes)]
            unknown = () if known.ignored else value.keys() - known.names
            for key in sorted(unknown):
                yield from _told(key, pointer, known, extended)
            stack.extend((value[key], f"{pointer}/{key}", holds) for key, holds in known.ranges.items() if key in value)


def _is_well_spelt(document: JsonObject, name: str, classes: Mapping[str, _Class]) -> bool:
    stack: list[tuple[Json, str]] = [(document, name)]
    while stack:
        value, name = stack.pop()
        if type(value) is list:
            stack.extend([(item, name) for item in value])
        elif type(value) is dict:
            known = classes[_own_class(value, name, classes)] if "type" in value else classes[name]
            if not known.ignored and not known.names.issuperset(value):
                return False
            for key, holds in known.ranges.items():
                if key in value:
                    stack.append((value[key], holds))
    return True


def _own_class(value: JsonObject, name: str, classes: Mapping[str, _Class]) -> str:
    """The class that the object says it is of, where that is one of UNTP's; else what its place asks for."""
    return next((term for term in types_of(value) if term in classes), name)


def _told(key: str, pointer: str, known: _Class, extended: bool) -> Iterator[LintFinding]:
    if ":" in key:
        return
    near = get_close_matches(key, known.names - _EVERYWHERE, 1, _NEAR)
    if extended and not near:
        return
    cure = f"Write {near[0]}." if near else "Correct its name, or define it in a context of your own."
    yield finding("VOC-02", f"{pointer}/{escape_pointer(key)}", f"UNTP defines no member {key[:60]!r} here.", cure)


@lru_cache(maxsize=8)
def _classes(version: str) -> Mapping[str, _Class]:
    table = vocabulary(f"untp-{version}")
    outer = {member.name for member in table.terms} | _OF_CREDENTIALS
    return {
        name: _Class(
            names=_EVERYWHERE | {member.name for member in stated.members} | (outer if name in TYPES else set()),
            ranges={member.name: member.range for member in stated.members if member.range in table.classes},
            ignored=stated.closed or not stated.members,
        )
        for name, stated in table.classes.items()
    }
