"""eddsa-jcs-2022: Ed25519 over the JSON itself, in its canonical form.

The rule: what is signed is the JSON that the reader reads, order and types included; contexts are copied into the
proof because no processor looks at them.
Specification: Data Integrity EdDSA Cryptosuites 1.0 section 3.3.
"""

from __future__ import annotations

from typing import Final

from credentials.keys.algorithms import KeyKind
from credentials.proofs.suite import Cryptosuite
from credentials.proofs.transforms import as_json

SUITE: Final = Cryptosuite(
    name="eddsa-jcs-2022",
    digests={KeyKind.ED25519: "sha256"},
    keeps_contexts=True,
    transform=as_json,
)
