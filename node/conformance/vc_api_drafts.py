"""What a caller of the VC API sends to be secured: completed where that is asked for, refused if it is no credential.

The rule: the W3C's data model and nothing beyond it; every problem is told at once. Pure.
Specifications: VCDM 2.0; Bitstring Status List 1.0 section 2.1; docs/conformance/w3c.md A1, A2.2, A2.3, A5.1 and A7.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.envelopes.pinning import check_contexts
from credentials.errors import CredentialsError, Problem, StatusProblem
from credentials.model.credential import check_model, id_of
from credentials.proofs.coverage import proofs_of, without_proof
from credentials.rdf.jsonld import to_nquads
from credentials.status.entries import entries_of, parse_entry

_BASE: Final = "https://www.w3.org/ns/credentials/v2"


def with_context(draft: JsonObject) -> dict[str, Json]:
    """The draft with the base context where it has none at all."""
    return {"@context": [_BASE], **draft}


def problems_of(document: JsonObject, *, did: str, contexts: ContextLibrary) -> Iterator[Problem]:
    """Everything for which ``document`` must not be signed by ``did``."""
    yield from check_model(document, contexts=contexts)
    yield from _issuer_problems(document, did)
    yield from _proof_problems(document)
    yield from _status_problems(document)
    try:
        unsecured = without_proof(document)
        check_contexts(unsecured, contexts)
        to_nquads(unsecured, contexts=contexts)
    except CredentialsError as error:
        yield error.problem


def _issuer_problems(document: JsonObject, did: str) -> Iterator[Problem]:
    stated = id_of(document.get("issuer"))
    if stated is not None and stated != did:
        yield Problem(
            code="DRAFT_ISSUER",
            pointer="/issuer",
            detail=f"This instance issues as {did} only.",
            fix="Name that DID as the issuer.",
        )


def _proof_problems(document: JsonObject) -> Iterator[Problem]:
    """Proofs that it comes with are kept beside ours, and must be some (A7.3)."""
    try:
        proofs_of(document)
    except CredentialsError as error:
        yield error.problem


def _status_problems(document: JsonObject) -> Iterator[Problem]:
    """Entries of the one status type that is known here must be whole; other types are the caller's own matter."""
    try:
        entries = entries_of(document)
    except CredentialsError as error:
        yield error.problem
        return
    for pointer, entry in entries:
        try:
            parse_entry(entry, pointer=pointer)
        except StatusProblem:
            continue  # a type of somebody else
        except CredentialsError as error:
            yield error.problem
