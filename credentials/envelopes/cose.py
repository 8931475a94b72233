"""COSE_Sign1 as bytes: read exactly, checked with our keys, written through the signer port.

The rule: only the protected header counts. Written tagged, read either way.
Specifications: RFC 9052 sections 3.1, 4.2 and 4.4; RFC 9053 section 2; RFC 9596 (typ); VC-JOSE-COSE section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from credentials.encoding.cbor import Cbor, decode_cbor, decode_header, encode_cbor
from credentials.encoding.document import DEFAULT_LIMITS
from credentials.envelopes.signed import HeaderWords, SignedEnvelope
from credentials.errors import MalformedInput
from credentials.keys.algorithms import KeyKind, Signer

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
#: Signatures by others' keys (IANA, "COSE Algorithms"): RSA, ES256K, Ed448, ML-DSA.
_OTHERS: Final = frozenset({-257, -258, -259, -37, -38, -39, -47, -53, -48, -49, -50})
_WRITTEN: Final[dict[KeyKind, int]] = {
    KeyKind.ED25519: -8,
    KeyKind.P256: -7,
    KeyKind.P384: -35,
    KeyKind.P521: -36,
}
#: Ed25519, ESP256, ESP384 and ESP512 (RFC 9864), which say the curve too.
_EXACT: Final = {-19: KeyKind.ED25519, -9: KeyKind.P256, -51: KeyKind.P384, -52: KeyKind.P521}
_WORDS: Final = HeaderWords(
    alg=ALG,
    crit=CRIT,
    keys={32: "x5bag", 33: "x5chain", 34: "x5t", 35: "x5u"},
    kinds={**{alg: kind for kind, alg in _WRITTEN.items()}, **_EXACT},
    usual=_WRITTEN.values(),
    others=_OTHERS.__contains__,
)


def is_cose(raw: bytes) -> bool:
    """Do the bytes begin like a COSE_Sign1? No JSON and no token does."""
    return raw.startswith((TAGGED, UNTAGGED))


def read_sign1(raw: bytes) -> SignedEnvelope:
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
    signing_input, kind = _signing_input(protected, payload), _WORDS.kind_in(header)
    return SignedEnvelope(header=header, payload=payload, signature=signature, signing_input=signing_input, kind=kind)


def write_sign1(header: Mapping[int, Cbor], payload: bytes, *, signer: Signer) -> bytes:
    """A tagged COSE_Sign1 over ``payload``; ``alg`` is the signer's own, all of ``header`` is protected."""
    protected = encode_cbor({ALG: _WRITTEN[signer.public_key.kind], **header})
    signature = signer.sign(_signing_input(protected, payload))
    return TAGGED[:1] + encode_cbor([protected, {}, payload, signature])


def _signing_input(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052 section 4.4), without external data."""
    return encode_cbor(["Signature1", protected, b"", payload])


def _unreadable(why: str) -> MalformedInput:
    return MalformedInput(
        f"This is no COSE_Sign1: {why}.", code="PARSING_ERROR", fix="Send the envelope exactly as it was issued."
    )
