"""Lint of the credential around the subject: type, required members, issuer, validity.

VCP-02 to VCP-05, VCP-19 and VOC-03; probes 1, 2 and 11.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject, as_list, types_of
from credentials.encoding.iri import is_did, is_iri
from credentials.untp.finding import LintFinding
from credentials.untp.json_reading import JsonPlace
from credentials.untp.kinds import CONTEXTS, TYPES, CredentialType
from credentials.untp.lint.rules import finding
from credentials.untp.lint.ways import objects, one, pointer_of, text


def check_type(document: JsonObject) -> Iterator[LintFinding]:
    """VCP-02: a document with a UNTP context says exactly one UNTP type, and VerifiableCredential."""
    terms = types_of(document)
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
    for key in ("name", "validFrom"):
        if text(document, key) is None:
            yield finding("VCP-03", f"/{key}", f"The credential has no {key}.", f"State {key}.")
    if not is_iri(text(document, "id")):
        yield finding("VCP-03", "/id", "The credential has no id that is a URI.", "Give it a resolvable URL.")
    issuer = one(document, "issuer")
    yield from _issuer({} if issuer is None else issuer[1])
    if "validUntil" in document and _is_never_valid(JsonPlace(document, "")):
        yield finding(
            "VCP-19",
            "/validUntil",
            "validUntil is not after validFrom, so the credential is never valid.",
            "Set validUntil to a later moment.",
        )
    if not kind.many_subjects:  # events say more with their type; see lint.events
        yield from _subject_types(document, kind)
    if "vc" in document:
        yield finding(
            "VCP-05", "/vc", "The credential is wrapped in a 'vc' claim.", "Sign the credential itself as the payload."
        )


def _issuer(issuer: JsonObject) -> Iterator[LintFinding]:
    if not is_did(text(issuer, "id")):
        yield finding(
            "VCP-04",
            "/issuer/id",
            "The issuer's id is not a DID.",
            "Use the issuer's DID, for example did:web:example.com, without path or query.",
        )
    if text(issuer, "name") is None:
        yield finding("VCP-04", "/issuer/name", "The issuer has no name.", "State the organisation's name.")
    if "CredentialIssuer" not in types_of(issuer):
        yield finding(
            "VCP-04", "/issuer/type", "The issuer's type lacks CredentialIssuer.", 'Set type to ["CredentialIssuer"].'
        )


def _is_never_valid(document: JsonPlace) -> bool:
    begin, end = document.moment("validFrom"), document.moment("validUntil")
    return begin is not None and end is not None and end <= begin


def _subject_types(document: JsonObject, kind: CredentialType) -> Iterator[LintFinding]:
    for index, subject in objects(document, "credentialSubject"):
        terms = types_of(subject)
        if terms and not any(term in terms for term in kind.subject_types):
            yield finding(
                "VOC-03",
                pointer_of((), "credentialSubject", index, "type"),
                f"The subject's type does not name {kind.subject_types[0]}.",
                "List the UNTP class beside your own, the parent first.",
            )


def _has_untp_context(document: JsonObject) -> bool:
    contexts = as_list(document.get("@context"))
    return any(url in contexts for url in CONTEXTS.values())
