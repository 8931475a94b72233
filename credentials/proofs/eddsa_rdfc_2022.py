"""eddsa-rdfc-2022: Ed25519 over RDF-canonicalised documents.

The rule: what is signed is a set of statements. Order and repeats in arrays, and numbers written as text, are not
protected (security.md section 0.2), so nothing may be decided on them.
Specification: Data Integrity EdDSA Cryptosuites 1.0 section 3.2.
"""

from __future__ import annotations

from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject
from credentials.keys.algorithms import KeyKind
from credentials.proofs.suite import Cryptosuite, sha256_pair, sign_base58, verify_base58
from credentials.rdf.canonical import canonicalize_quads


def transform(value: JsonObject, contexts: ContextLibrary) -> bytes:
    """Canonical N-Quads as UTF-8 (sections 3.2.3 and 3.2.5). Raises ContextProblem, LimitReached, MalformedInput."""
    from credentials.rdf.jsonld import to_quads  # here, because PyLD is a third of a start that may not need it

    return canonicalize_quads(to_quads(value, contexts=contexts)).encode("utf-8")


SUITE: Final = Cryptosuite(
    name="eddsa-rdfc-2022",
    key_kinds=frozenset({KeyKind.ED25519}),
    keeps_contexts=False,
    transform=transform,
    hash_data=sha256_pair,
    sign=sign_base58,
    verify=verify_base58,
)
