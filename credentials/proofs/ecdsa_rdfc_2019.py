"""ecdsa-rdfc-2019: ECDSA over RDF-canonicalised documents, with P-256 or P-384; the key decides the hash.

The rule: as in eddsa-rdfc-2022, what is signed is a set of statements. With P-384 the canonicalisation uses SHA-384
too, which shows only where blank nodes must be told apart by hash.
Specification: Data Integrity ECDSA Cryptosuites 1.0 section 3.2.
"""

from __future__ import annotations

from typing import Final

from credentials.keys.algorithms import KeyKind
from credentials.proofs.configuration import options_as_statements
from credentials.proofs.suite import Cryptosuite
from credentials.proofs.transforms import as_statements

SUITE: Final = Cryptosuite(
    name="ecdsa-rdfc-2019",
    digests={KeyKind.P256: "sha256", KeyKind.P384: "sha384"},
    keeps_contexts=False,
    transform=as_statements,
    configure=options_as_statements,
)
