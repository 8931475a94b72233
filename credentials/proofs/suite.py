"""A cryptosuite is a value: a name, the keys it takes, and its stages as functions.

The rule: stages are separate, so that each can be compared with the specification's intermediate values, and pure.
``transform`` makes canonical bytes of the document or of the proof options, ``hash_data`` joins both into what is
signed, ``sign`` and ``verify`` turn that into a proof value and back. A new suite is one module with one such value
and one line in :mod:`credentials.proofs.registry`.
Specification: VC Data Integrity section 4.1 and 3.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject
from credentials.encoding.multibase import decode_multibase, encode_base58
from credentials.errors import MalformedInput
from credentials.keys.algorithms import KeyKind, PublicKey, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Cryptosuite:
    """One way to secure a document.

    ``transform(value, contexts)`` gives canonical bytes; ``hash_data(options, document)`` takes both canonical forms,
    options first, and gives the bytes to sign; ``sign(data, signer)`` gives ``proofValue``;
    ``verify(data, value, key)`` returns or raises. ``keeps_contexts`` says that the proof carries a copy of the
    document's ``@context``.
    """

    name: str
    key_kinds: frozenset[KeyKind]
    keeps_contexts: bool
    transform: Callable[[JsonObject, ContextLibrary], bytes]
    hash_data: Callable[[bytes, bytes], bytes]
    sign: Callable[[bytes, Signer], str]
    verify: Callable[[bytes, str, PublicKey], None]


def sha256_pair(options: bytes, document: bytes) -> bytes:
    """SHA-256 of the canonical proof options, then of the canonical document: 64 bytes (EdDSA suites, 3.3.4)."""
    return hashlib.sha256(options).digest() + hashlib.sha256(document).digest()


def sign_base58(data: bytes, signer: Signer) -> str:
    """``proofValue``: multibase base58btc of the signature over ``data``."""
    return encode_base58(signer.sign(data))


def verify_base58(data: bytes, value: str, key: PublicKey) -> None:
    """Return if ``value`` is ``z`` and base58btc of this key's 64-byte signature over ``data``; nothing is stripped.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR. ProofProblem: PROOF_VERIFICATION_ERROR.
    """
    signature = decode_multibase(value, pointer="/proofValue") if value[:1] == "z" else b""
    if len(signature) != 64:
        raise MalformedInput(
            "The proof value is not multibase base58btc of 64 bytes.",
            pointer="/proofValue",
            fix="Write z and the base58btc form of the signature, nothing before or after it.",
        )
    key.verify(signature, data)
