"""A presentation: the rules of the W3C data model about it and what it contains.

The rule: each contained credential is a document of its own and is verified on its own; here only its form is
judged. One without a proof of its own is self-asserted, and then its issuer is the holder. VCDM 2.0 section 4.13;
docs/conformance/w3c.md A1.12 and A1.13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject, types_of
from credentials.errors import Problem
from credentials.model.context_terms import read_terms
from credentials.model.credential import check_model, id_of
from credentials.model.enveloped import ENVELOPED_PRESENTATION, check_enveloped, is_enveloped
from credentials.model.members import (
    check_id,
    check_not_empty,
    check_parts,
    check_party,
    check_types,
    listed,
    malformed,
)


def check_presentation(document: JsonObject, *, contexts: ContextLibrary) -> tuple[Problem, ...]:
    """Everything that keeps ``document`` from being a VCDM 2.0 presentation; empty when it conforms."""
    if is_enveloped(document, ENVELOPED_PRESENTATION):
        return tuple(check_enveloped(document, ENVELOPED_PRESENTATION))
    terms, problems = read_terms(document.get("@context"), contexts=contexts)
    found = [*problems, *check_types(document, terms, "")]
    if "VerifiablePresentation" not in types_of(document):
        found.append(
            malformed("/type", "The type lacks VerifiablePresentation.", "Add VerifiablePresentation to the type.")
        )
    found += check_id(document, "")
    found += check_party(document, "holder", required=False)
    found += check_not_empty(document, ("termsOfUse", "proof"), "")
    for key in ("termsOfUse", "proof"):
        found += check_parts(document, key, terms, contexts=contexts)
    found += _contained(document, contexts=contexts)
    return tuple(found)


def _contained(document: JsonObject, *, contexts: ContextLibrary) -> Iterator[Problem]:
    holder = id_of(document.get("holder"))
    for value, where in listed(document.get("verifiableCredential", ()), "/verifiableCredential"):
        if not isinstance(value, Mapping):
            yield malformed(
                where,
                "The presentation holds something that is no credential object.",
                "Put a secured JWT into an EnvelopedVerifiableCredential.",
            )
            continue
        for problem in check_model(value, contexts=contexts):
            yield replace(problem, pointer=where + problem.pointer)
        if not is_enveloped(value) and "proof" not in value and id_of(value.get("issuer")) != holder:
            yield malformed(
                f"{where}/issuer",
                "A credential without a proof of its own is not issued by the holder.",
                "Secure it, or let the holder be its issuer.",
            )
