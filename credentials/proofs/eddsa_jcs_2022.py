"""eddsa-jcs-2022: Ed25519 over the JSON itself, in its canonical form.

The rule: what is signed is the JSON that the reader reads, order and types included; contexts are copied into the
proof because no processor looks at them.
Specification: Data Integrity EdDSA Cryptosuites 1.0 section 3.3.
"""

from __future__ import annotations

from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject
from credentials.encoding.jcs import canonical_json
from credentials.keys.algorithms import KeyKind
from credentials.proofs.suite import Cryptosuite, sha256_pair, sign_base58, verify_base58


def transform(value: JsonObject, _contexts: ContextLibrary) -> bytes:
    """Canonical JSON as UTF-8 (sections 3.3.3 and 3.3.5). Raises MalformedInput."""
    return canonical_json(value)


SUITE: Final = Cryptosuite(
    name="eddsa-jcs-2022",
    key_kinds=frozenset({KeyKind.ED25519}),
    keeps_contexts=True,
    transform=transform,
    hash_data=sha256_pair,
    sign=sign_base58,
    verify=verify_base58,
)
