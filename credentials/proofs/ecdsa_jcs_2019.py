"""ecdsa-jcs-2019: ECDSA over the JSON itself, in its canonical form, with P-256 or P-384; the key decides the hash.

The rule: as in eddsa-jcs-2022, what is signed is the JSON that the reader reads, and the proof keeps the contexts.
Specification: Data Integrity ECDSA Cryptosuites 1.0 section 3.3.
"""

from __future__ import annotations

from typing import Final

from credentials.keys.algorithms import KeyKind
from credentials.proofs.suite import Cryptosuite
from credentials.proofs.transforms import as_json

SUITE: Final = Cryptosuite(
    name="ecdsa-jcs-2019",
    digests={KeyKind.P256: "sha256", KeyKind.P384: "sha384"},
    keeps_contexts=True,
    transform=as_json,
)
