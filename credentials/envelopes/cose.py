"""COSE_Sign1 as bytes: read exactly, checked with our keys, written through the signer port.

The rule: only the protected header counts, an algorithm is decided by the key and only confirmed by the header, and
whatever the header demands to be understood (crit) and is not refuses the whole. Written tagged, read either way.
Specifications: RFC 9052 sections 3.1, 4.2 and 4.4; RFC 9053 section 2; RFC 9596 (typ); VC-JOSE-COSE section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from credentials.encoding.cbor import Cbor, decode_cbor, decode_header, encode_cbor
from credentials.encoding.document import DEFAULT_LIMITS
from credentials.errors import MalformedInput, ProofProblem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey, Signer

#: A COSE_Sign1 holds a document of the full size; headers and signature come on top.
COSE_LIMIT: Final = DEFAULT_LIMITS.size + 16_384
#: With its tag (18), and without: an array of four.
TAGGED: Final = b"\xd2\x84"
UNTAGGED: Final = b"\x84"
ALG: Final = 1
CRIT: Final = 2
CONTENT_TYPE: Final = 3
KID: Final = 4
TYP: Final = 16
#: COSE algorithm → kind of key: EdDSA and Ed25519, ES256 and ESP256, and so on (RFC 9053, RFC 9864).
ALGORITHMS: Final[dict[int, KeyKind]] = {
    -8: KeyKind.ED25519,
    -19: KeyKind.ED25519,
    -7: KeyKind.P256,
    -9: KeyKind.P256,
    -35: KeyKind.P384,
    -51: KeyKind.P384,
    -36: KeyKind.P521,
    -52: KeyKind.P521,
}
#: Signatures by others' keys (IANA, "COSE Algorithms"): RSA, ES256K, Ed448, ML-DSA.
_OTHERS: Final = frozenset({-257, -258, -259, -37, -38, -39, -47, -53, -48, -49, -50})
_WRITTEN: Final[dict[KeyKind, int]] = {
    KeyKind.ED25519: -8,
    KeyKind.P256: -7,
    KeyKind.P384: -35,
    KeyKind.P521: -36,
}
_KEY_HEADERS: Final = (32, 33, 34, 35)  # x5bag, x5chain, x5t, x5u


@dataclass(frozen=True, slots=True, kw_only=True)
class CoseSign1:
    """A COSE_Sign1 taken apart; nothing in it is believed before :meth:`verify` returns."""

    header: Mapping[int | str, Cbor]
    payload: bytes
    signature: bytes
    signing_input: bytes

    def verify(self, key: PublicKey) -> None:
        """Return if ``key`` made the signature and the header names an algorithm of that key.

        Raises:
            ProofProblem: PROOF_VERIFICATION_ERROR.
        """
        alg = self.header.get(ALG)
        if not isinstance(alg, int) or ALGORITHMS.get(alg) is not key.kind:
            raise ProofProblem(
                f"The envelope says alg {str(alg)[:20]}, but its key is {key.kind}.",
                pointer="/alg",
                fix=f"Sign with alg {_WRITTEN[key.kind]}.",
            )
        key.verify(self.signature, self.signing_input)


def is_cose(raw: bytes) -> bool:
    """Do the bytes begin like a COSE_Sign1? No JSON and no token does."""
    return raw.startswith((TAGGED, UNTAGGED))


def read_sign1(raw: bytes) -> CoseSign1:
    """Take a COSE_Sign1 apart and refuse headers that must not be followed.

    Raises:
        MalformedInput: TOO_LARGE or PARSING_ERROR.
        Unsupported: UNSUPPORTED_ALGORITHM.
        ProofProblem: an algorithm, ``crit`` or key header that is not allowed.
    """
    if len(raw) > COSE_LIMIT:
        raise MalformedInput(f"The envelope has {len(raw)} bytes; the limit is {COSE_LIMIT}.", code="TOO_LARGE")
    if not is_cose(raw):
        raise _unreadable("it is no array of four")
    parts = decode_cbor(raw.removeprefix(TAGGED[:1]))
    match parts:
        case [bytes(protected), Mapping(), bytes(payload), bytes(signature)]:
            header = decode_header(protected)
        case _:
            raise _unreadable("its parts are not header, header, payload and signature")
    _refuse_header(header)
    return CoseSign1(
        header=header, payload=payload, signature=signature, signing_input=_signing_input(protected, payload)
    )


def write_sign1(header: Mapping[int, Cbor], payload: bytes, *, signer: Signer) -> bytes:
    """A tagged COSE_Sign1 over ``payload``; ``alg`` is the signer's own, all of ``header`` is protected."""
    protected = encode_cbor({ALG: _WRITTEN[signer.public_key.kind], **header})
    signature = signer.sign(_signing_input(protected, payload))
    return TAGGED[:1] + encode_cbor([protected, {}, payload, signature])


def _signing_input(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052 section 4.4), without external data."""
    return encode_cbor(["Signature1", protected, b"", payload])


def _refuse_header(header: Mapping[int | str, Cbor]) -> None:
    alg = header.get(ALG)
    if isinstance(alg, int) and alg in _OTHERS:
        raise Unsupported(
            f"The algorithm {alg} is not one that is checked here.",
            code="UNSUPPORTED_ALGORITHM",
            pointer="/alg",
            fix="Ask for an envelope signed with alg -8, -7, -35 or -36.",
        )
    if not isinstance(alg, int) or alg not in ALGORITHMS:
        raise ProofProblem(
            f"The algorithm {str(alg)[:20]} is not accepted.", pointer="/alg", fix="Sign with -8, -7, -35 or -36."
        )
    if CRIT in header:
        raise ProofProblem(
            "The envelope demands header extensions (crit) that are not understood here.",
            pointer="/crit",
            fix="Leave crit out.",
        )
    if any(label in header for label in _KEY_HEADERS):
        raise ProofProblem(
            "The header carries or links a key; keys come from the issuer's DID document.",
            pointer="/x5chain",
            fix="Name the key with kid only.",
        )


def _unreadable(why: str) -> MalformedInput:
    return MalformedInput(
        f"This is no COSE_Sign1: {why}.", code="PARSING_ERROR", fix="Send the envelope exactly as it was issued."
    )
