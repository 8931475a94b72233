"""Lint of the credential around the subject: type, required members, issuer, validity.

VCP-02 to VCP-05, VCP-19 and VOC-03; probes 1, 2 and 11.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_absolute_iri, is_did
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import CONTEXTS, TYPES, CredentialType, type_terms
from credentials.untp.lint.rules import finding
from credentials.untp.reading import Place, place, subjects_of


def check_type(document: JsonObject) -> Iterator[LintFinding]:
    """VCP-02: a document with a UNTP context says exactly one UNTP type, and VerifiableCredential."""
    terms = type_terms(document)
    named = [term for term in terms if term in TYPES]
    if len(named) == 1 and "VerifiableCredential" not in terms:
        yield finding("VCP-02", "/type", "The type lacks VerifiableCredential.", "Add it to the type list.")
    elif len(named) > 1:
        yield finding(
            "VCP-02", "/type", f"The type names {len(named)} UNTP credential types.", "Issue one credential for each."
        )
    elif not terms and _has_untp_context(document):
        yield finding(
            "VCP-02",
            "/type",
            "The credential has no type.",
            'State it, for example ["DigitalProductPassport", "VerifiableCredential"].',
        )


def check_envelope(document: JsonObject, kind: CredentialType) -> Iterator[LintFinding]:
    """Every check of the envelope of a UNTP credential."""
    here = place(document)
    yield from _required(here)
    yield from _issuer(here)
    yield from _validity(here)
    yield from _subject_types(document, kind)
    if "vc" in document:
        yield finding(
            "VCP-05", "/vc", "The credential is wrapped in a 'vc' claim.", "Sign the credential itself as the payload."
        )


def _required(here: Place) -> Iterator[LintFinding]:
    for key in ("name", "validFrom"):
        if here.text(key) is None:
            yield finding("VCP-03", f"/{key}", f"The credential has no {key}.", f"State {key}.")
    if not is_absolute_iri(here.text("id")):
        yield finding("VCP-03", "/id", "The credential has no id that is a URI.", "Give it a resolvable URL.")


def _issuer(here: Place) -> Iterator[LintFinding]:
    issuer = here.at("issuer")
    if not is_did(issuer.text("id")):
        yield finding(
            "VCP-04",
            "/issuer/id",
            "The issuer's id is not a DID.",
            "Use the issuer's DID, for example did:web:example.com, without path or query.",
        )
    if issuer.text("name") is None:
        yield finding("VCP-04", "/issuer/name", "The issuer has no name.", "State the organisation's name.")
    if "CredentialIssuer" not in type_terms(issuer.value):
        yield finding(
            "VCP-04", "/issuer/type", "The issuer's type lacks CredentialIssuer.", 'Set type to ["CredentialIssuer"].'
        )


def _validity(here: Place) -> Iterator[LintFinding]:
    begin, end = here.moment("validFrom"), here.moment("validUntil")
    if begin is not None and end is not None and end <= begin:
        yield finding(
            "VCP-19",
            "/validUntil",
            "validUntil is not after validFrom, so the credential is never valid.",
            "Set validUntil to a later moment.",
        )


def _subject_types(document: JsonObject, kind: CredentialType) -> Iterator[LintFinding]:
    if kind.many_subjects:
        return  # events say more with their type; see lint.events
    for subject in subjects_of(document):
        terms = type_terms(subject.value)
        if terms and not set(kind.subject_types) & set(terms):
            yield finding(
                "VOC-03",
                subject.below("type"),
                f"The subject's type does not name {kind.subject_types[0]}.",
                "List the UNTP class beside your own, the parent first.",
            )


def _has_untp_context(document: JsonObject) -> bool:
    contexts = document.get("@context")
    listed = contexts if isinstance(contexts, (list, tuple)) else (contexts,)
    return any(url in listed for url in CONTEXTS.values())
