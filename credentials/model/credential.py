"""The credential itself, whatever it says: the rules of the W3C data model about it.

The rule: the model judges form, never time, trust or truth. Validity *now* is another check (docs/requirements.md D1),
but a validFrom after validUntil can never hold and is refused here. VCDM 2.0 section 4; docs/conformance/w3c.md A1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject, types_of
from credentials.errors import Problem
from credentials.model.context_terms import Terms, extend, read_terms
from credentials.model.enveloped import check_enveloped, is_enveloped
from credentials.model.members import (
    check_id,
    check_not_empty,
    check_parts,
    check_party,
    check_texts,
    check_types,
    check_url,
    check_validity,
    listed,
    malformed,
)
from credentials.model.resources import check_digests, check_resources

#: A1.10: members that hold one object or several, each with a type; True where an id is demanded too.
TYPED_PARTS: dict[str, bool] = {
    "credentialStatus": False,
    "credentialSchema": True,
    "refreshService": False,
    "termsOfUse": False,
    "evidence": False,
    "proof": False,
}


def id_of(party: Json) -> str | None:
    """The id of an issuer or holder, written as a URL or as an object with an id."""
    return _text(party.get("id")) if isinstance(party, Mapping) else _text(party)


def check_model(document: JsonObject, *, contexts: ContextLibrary) -> tuple[Problem, ...]:
    """Everything that keeps ``document`` from being a VCDM 2.0 credential; empty when it conforms.

    An enveloped credential is checked as an envelope only; what it carries is another document.
    """
    if is_enveloped(document):
        return tuple(check_enveloped(document))
    terms, problems = read_terms(document.get("@context"), contexts=contexts)
    return (*problems, *_members(document, terms, contexts=contexts))


def _members(document: JsonObject, terms: Terms, *, contexts: ContextLibrary) -> Iterator[Problem]:
    yield from check_types(document, terms, "")
    if "VerifiableCredential" not in types_of(document):
        yield malformed("/type", "The type lacks VerifiableCredential.", "Add VerifiableCredential to the type.")
    yield from check_id(document, "")
    yield from check_party(document, "issuer", required=True)
    yield from _subjects(document)
    yield from check_texts(document, "")
    yield from check_validity(document)
    yield from check_not_empty(document, (*TYPED_PARTS, "relatedResource"), "")
    stated = [key for key in TYPED_PARTS if key in document]
    inner = _inner(document, terms, contexts) if stated else terms
    for key in stated:
        yield from check_parts(document, key, terms, scopes=inner, contexts=contexts, id_required=TYPED_PARTS[key])
        for part, where in listed(document[key], f"/{key}"):
            if isinstance(part, Mapping):
                yield from check_digests(part, where, contexts=contexts)
    if "relatedResource" in document:
        yield from check_resources(document, contexts=contexts)


def _inner(document: JsonObject, terms: Terms, contexts: ContextLibrary) -> Terms:
    """The terms by which the members of a credential of these types are read; inside its objects ``terms`` count."""
    inner = terms.copy()
    for scoped in list(terms.scoped(*types_of(document))):
        # A document that breaks protection has been told so at /@context; scoped contexts are published ones.
        list(extend(inner, scoped, contexts=contexts, pointer="/@context", override=True))
    return inner


def _subjects(document: JsonObject) -> Iterator[Problem]:
    """A1.6: present, and every subject says something."""
    stated = document.get("credentialSubject")
    if not stated:
        yield malformed("/credentialSubject", "The credential has no subject.", "Say something about a subject.")
        return
    for subject, where in listed(stated, "/credentialSubject"):
        if not isinstance(subject, Mapping) or not subject:
            yield malformed(where, "A subject is no object with a claim.", "Write at least one claim about it.")
        elif "id" in subject:
            yield from check_url(subject["id"], f"{where}/id")


def _text(item: Json) -> str | None:
    return item if isinstance(item, str) and item else None
