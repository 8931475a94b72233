"""The JSON-LD context of a vocabulary, built from its table.

The rule: the same table gives the same bytes, and the meaning of the published context, oddities included. A value
class is stated once and nested by the builder wherever a term has it as range. IRIs are always written in full.
Specification: JSON-LD 1.1 section 4.1 (scoped contexts, protected terms).
"""

from __future__ import annotations

import json
from typing import Any

from contexts.vocabulary import Member, TermClass, Vocabulary

Context = dict[str, Any]


def context_document(vocabulary: Vocabulary) -> Context:
    """The document that the vocabulary's URL stands for: ``{"@context": {…}}``."""
    context: Context = {"@version": 1.1, "@protected": True, "id": "@id", "type": "@type"}
    context.update(vocabulary.prefixes)
    context.update(_terms(vocabulary, vocabulary.terms))
    for term_class in vocabulary.classes.values():
        if term_class.kind == "entity":
            context[term_class.name] = _type_term(vocabulary, term_class)
    return {"@context": context}


def context_bytes(vocabulary: Vocabulary) -> bytes:
    """The context document as compact UTF-8 JSON, the same every time."""
    return json.dumps(context_document(vocabulary), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _type_term(vocabulary: Vocabulary, term_class: TermClass) -> Context | str:
    scoped = _scoped_context(vocabulary, term_class)
    if not scoped.keys() - {"@protected", "id", "type"}:
        return term_class.iri
    definition: Context = {"@id": term_class.iri, "@context": scoped}
    if term_class.unprotected == "term":
        definition["@protected"] = False
    return definition


def _scoped_context(vocabulary: Vocabulary, term_class: TermClass) -> Context:
    context: Context = {} if term_class.unprotected == "context" else {"@protected": True}
    if term_class.vocab:
        context["@vocab"] = term_class.vocab
    if vocabulary.aliases_everywhere and term_class.aliases:
        context |= {"id": "@id", "type": "@type"}
    return context | _terms(vocabulary, term_class.members)


def _terms(vocabulary: Vocabulary, members: tuple[Member, ...]) -> Context:
    return {member.name: _term(vocabulary, member) for member in members if member.iri is not None}


def _term(vocabulary: Vocabulary, member: Member) -> Context | str:
    definition: Context = {"@id": member.iri}
    if (coercion := _coercion(vocabulary, member)) is not None:
        definition["@type"] = coercion
    if member.container:
        definition["@container"] = member.container
    if member.fresh:
        definition["@context"] = None
    elif (scoped := _scope(vocabulary, member)) is not None:
        definition["@context"] = scoped
    return str(member.iri) if len(definition) == 1 else definition


def _coercion(vocabulary: Vocabulary, member: Member) -> str | None:
    """What ``@type`` a term gives its values; an embedded value object has none."""
    if member.range in vocabulary.datatypes:
        return vocabulary.datatypes[member.range]
    if member.range.startswith("#"):
        return "@vocab"
    if (term_class := vocabulary.classes.get(member.range)) is not None:
        return "@id" if member.node or term_class.kind != "value" else None
    return {"node": "@id", "json": "@json", "vocab": "@vocab"}.get(member.range, member.range)


def _scope(vocabulary: Vocabulary, member: Member) -> Context | None:
    """The property-scoped context: a code list's catch-all, a stated class's terms, or the value class's."""
    if member.range.startswith("#"):
        return {"@protected": True, "@vocab": vocabulary.codes[member.range[1:]].vocab}
    name = member.scope or member.range
    term_class = vocabulary.classes.get(name)
    return _scoped_context(vocabulary, term_class) if term_class and term_class.kind == "value" else None
