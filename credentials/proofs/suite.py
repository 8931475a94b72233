"""A cryptosuite is a value: a name, the keys it takes, and its stages as functions.

The rule: stages are separate, so that each can be compared with the specification's intermediate values, and pure.
A :class:`Cryptosuite` hashes the whole document and signs the hash: its ``transform`` makes canonical bytes of the
document and of the proof options, :func:`hash_pair` joins both into what is signed, :func:`sign_base58` and
:func:`verify_base58` turn that into a proof value and back. A :class:`DisclosingSuite` signs statement by statement,
so that a holder may show a part; it has no single hash and therefore other stages. A new suite is one such value in
:mod:`credentials.proofs.suites`.
Specification: VC Data Integrity sections 3.1 and 4.1; ECDSA Cryptosuites section 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import decode_multibase, encode_base58
from credentials.errors import MalformedInput
from credentials.keys.algorithms import SIGNATURE_SIZES, KeyKind, PublicKey, Signer

_HASHES: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cryptosuite:
    """One way to secure a whole document.

    ``digests`` names the hash that goes with each kind of key it takes; ``transform(value, contexts, digest)`` gives
    canonical bytes, and so does ``configure`` of the proof's options where there is a shorter way to the same.
    ``keeps_contexts`` says that the proof carries a copy of the document's ``@context``.
    """

    name: str
    digests: Mapping[KeyKind, str]
    keeps_contexts: bool
    transform: Callable[[JsonObject, ContextLibrary, str], bytes]
    configure: Callable[[JsonObject, ContextLibrary, str], bytes] | None = None

    @property
    def key_kinds(self) -> frozenset[KeyKind]:
        """The kinds of keys it takes."""
        return frozenset(self.digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosingSuite:
    """One way to secure a document so that its holder may show a part of it; documents come without their proofs.

    ``sign(document, options, mandatory, signer, contexts)`` gives the ``proofValue`` of the issuer's base proof, of
    which the statements under the ``mandatory`` pointers can never be held back;
    ``derive(document, base_value, selective, contexts)`` gives what is shown and its ``proofValue``;
    ``verify(document, options, value, key, contexts)`` returns or raises for such a derived value.
    """

    name: str
    key_kinds: frozenset[KeyKind]
    sign: Callable[[JsonObject, JsonObject, Sequence[str], Signer, ContextLibrary], str]
    derive: Callable[[JsonObject, str, Sequence[str], ContextLibrary], tuple[dict[str, Json], str]]
    verify: Callable[[JsonObject, JsonObject, str, PublicKey, ContextLibrary], None]
    keeps_contexts: bool = False


def hash_pair(options: bytes, document: bytes, digest: str) -> bytes:
    """The digest of the canonical proof options, then of the canonical document: 64 or 96 bytes (3.2.4)."""
    hashed = _HASHES[digest]
    return hashed(options).digest() + hashed(document).digest()


def sign_base58(data: bytes, signer: Signer) -> str:
    """``proofValue``: multibase base58btc of the signature over ``data``."""
    return encode_base58(signer.sign(data))


def verify_base58(data: bytes, value: str, key: PublicKey) -> None:
    """Return if ``value`` is ``z`` and base58btc of this key's signature over ``data``; nothing is stripped.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR. ProofProblem: PROOF_VERIFICATION_ERROR.
    """
    size = SIGNATURE_SIZES[key.kind]
    signature = decode_multibase(value, pointer="/proofValue") if value[:1] == "z" else b""
    if len(signature) != size:
        raise MalformedInput(
            f"The proof value is not multibase base58btc of {size} bytes.",
            pointer="/proofValue",
            fix="Write z and the base58btc form of the signature, nothing before or after it.",
        )
    key.verify(signature, data)
