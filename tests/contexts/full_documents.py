"""Credentials with every member that the UNTP table states filled in, so that no class goes untested."""

from __future__ import annotations

from typing import Any

from contexts.notation import vocabulary
from contexts.vocabulary import Member, TermClass

TABLE = vocabulary("untp-0.7.0")
LITERALS: dict[str, Any] = {
    "text": "some words",
    "string": "some words",
    "uri": "https://a.example/1",
    "did": "did:web:a.example",
    "date": "2026-03-01",
    "datetime": "2026-03-01T09:00:00Z",
    "number": 0.5,
    "integer": 3,
    "boolean": True,
    "base64": "AAAA",
    "index": 7,
}


def full_credential(name: str) -> dict[str, Any]:
    """A credential of type ``name`` with every member present and every list holding one entry."""
    return {"@context": [TABLE.extends, TABLE.url], **instance(TABLE.classes[name])}


def instance(term_class: TermClass) -> dict[str, Any]:
    if term_class.one:
        return instance(TABLE.classes[term_class.one[0]])
    types = term_class.name if term_class.single_type else list(term_class.types)
    return ({"type": types} if types else {}) | {member.name: value(member) for member in term_class.members}


def value(member: Member) -> Any:
    return [one(member)] if member.many else one(member)


def one(member: Member) -> Any:
    if member.range.startswith("#"):
        return (*TABLE.codes[member.range[1:]].values, "KGM")[0]
    term_class = TABLE.classes.get(member.range)
    if term_class is None:
        return LITERALS.get(member.range, "some words")
    if member.view is None:
        return instance(term_class)
    shown = {name for name, _ in member.view}
    return {"type": list(term_class.types)} | {m.name: value(m) for m in term_class.members if m.name in shown}
