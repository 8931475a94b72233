"""eddsa-rdfc-2022: Ed25519 over RDF-canonicalised documents.

The rule: what is signed is a set of statements. Order and repeats in arrays, and numbers written as text, are not
protected (docs/threat-model.md#canonicalising), so nothing may be decided on them.
Specification: Data Integrity EdDSA Cryptosuites 1.0 section 3.2.
"""

from __future__ import annotations

from typing import Final

from credentials.keys.algorithms import KeyKind
from credentials.proofs.configuration import options_as_statements
from credentials.proofs.suite import Cryptosuite
from credentials.proofs.transforms import as_statements

SUITE: Final = Cryptosuite(
    name="eddsa-rdfc-2022",
    digests={KeyKind.ED25519: "sha256"},
    keeps_contexts=False,
    transform=as_statements,
    configure=options_as_statements,
)
