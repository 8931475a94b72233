"""The two canonical forms in which documents and proof options are hashed.

The rule: either form is made of everything in the document, or the document is refused.
Specifications: RDFC-1.0; RFC 8785 (JCS); EdDSA Cryptosuites 3.2.3 and 3.3.3; ECDSA Cryptosuites 3.2.3 and 3.3.3.
"""

from __future__ import annotations

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject
from credentials.encoding.jcs import canonical_json
from credentials.rdf.canonical import canonicalize_quads


def as_statements(value: JsonObject, contexts: ContextLibrary, algorithm: str) -> bytes:
    """Canonical N-Quads as UTF-8, told apart by ``algorithm``. Raises ContextProblem, LimitReached, MalformedInput."""
    from credentials.rdf.jsonld import to_quads  # here, because PyLD is a third of a start that may not need it

    return canonicalize_quads(to_quads(value, contexts=contexts), algorithm=algorithm).encode("utf-8")


def as_json(value: JsonObject, _contexts: ContextLibrary, _algorithm: str) -> bytes:
    """Canonical JSON as UTF-8; nobody looks at the contexts. Raises MalformedInput."""
    return canonical_json(value)
