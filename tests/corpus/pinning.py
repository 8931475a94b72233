"""Contexts that are not pinned, not in order or not at the top (docs/requirements.md S25 to S28)."""

from __future__ import annotations

from tests.corpus.case import JWT, Case, case
from tests.corpus.making import V2, signed_with

UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"

CONTEXTS: tuple[Case, ...] = (
    *tuple(
        case(item, name, JWT, "CONTEXT_NOT_ALLOWED", signed_with(**{"@context": value}), "contexts")
        for name, item, value in (
            ("a known context over http", 26, [V2.replace("https", "http")]),
            ("a known context with a query", 26, [V2 + "?x"]),
            ("the contexts in another order", 28, ["https://w3id.org/security/data-integrity/v2", V2]),
            ("a context twice", 28, [V2, V2]),
            ("a context as text", 28, V2),
        )
    ),
    *tuple(
        case(item, name, JWT, "UNSUPPORTED_CONTEXT", signed_with(**{"@context": value}), "contexts")
        for name, item, value in (
            ("an unknown context", 26, [V2, "https://context.invalid/v1"]),
            ("the UNTP context over http", 26, [V2, UNTP.replace("https", "http")]),
            ("the UNTP context with a query", 26, [V2, UNTP + "?x"]),
            ("an inline context", 25, [V2, {"name": "https://other.test/name"}]),
        )
    ),
    case(
        25,
        "a context below the top",
        JWT,
        "CONTEXT_NOT_ALLOWED",
        signed_with(credentialSubject={"@context": [V2], "name": "Cotton"}),
        "contexts",
    ),
)
