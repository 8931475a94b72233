"""Compact JWS as bytes: read exactly, checked with our keys, written through the signer port.

The rule: three canonical base64url segments and a strict JSON header, or it is no token. The algorithm is decided by
the key and only confirmed by the header; keys carried in or linked from a header are refused, never looked at.
Specifications: RFC 7515 sections 3.1, 4.1 and 7.1; RFC 8725; RFC 9864; docs/requirements.md S58 and S59.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from credentials.encoding.document import DEFAULT_LIMITS, JsonObject, Limits, compact_json, parse_document
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.errors import MalformedInput, ProofProblem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey, Signer
from credentials.keys.codecs import JWS_ALGORITHMS

HEADER_LIMITS: Final = Limits(size=8192, depth=4, values=64, text=4096)
#: A token holds a document of the full size: base64 adds a third; header and signature come on top.
TOKEN_LIMIT: Final = DEFAULT_LIMITS.size * 4 // 3 + 16_384
ALGORITHMS: Final[dict[str, KeyKind]] = {
    "EdDSA": KeyKind.ED25519,
    "Ed25519": KeyKind.ED25519,
    "ES256": KeyKind.P256,
    "ES384": KeyKind.P384,
    "ES512": KeyKind.P521,
}
#: Signatures by others' keys (IANA, "JSON Web Signature and Encryption Algorithms"); none and HS256 are none.
_OTHERS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256K", "Ed448", "ML-DSA-")
_KEY_HEADERS: Final = ("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactJws:
    """A compact JWS taken apart; nothing in it is believed before :meth:`verify` returns."""

    header: JsonObject
    payload: bytes
    signature: bytes
    signing_input: bytes

    def verify(self, key: PublicKey) -> None:
        """Return if ``key`` made the signature and the header names an algorithm of that key.

        Raises:
            ProofProblem: PROOF_VERIFICATION_ERROR.
        """
        if ALGORITHMS.get(str(self.header.get("alg"))) is not key.kind:
            raise ProofProblem(
                f"The token says alg {str(self.header.get('alg'))[:20]!r}, but its key is {key.kind}.",
                pointer="/alg",
                fix=f"Sign with alg {JWS_ALGORITHMS[key.kind]}.",
            )
        key.verify(self.signature, self.signing_input)


def read_compact(raw: bytes) -> CompactJws:
    """Take a compact JWS apart and refuse headers that must not be followed.

    Raises:
        MalformedInput: PARSING_ERROR or TOO_LARGE, and JSON_* for the header.
        Unsupported: UNSUPPORTED_ALGORITHM.
        ProofProblem: an algorithm, ``crit`` or key header that is not allowed (docs/requirements.md S58 and S59).
    """
    if len(raw) > TOKEN_LIMIT:
        raise MalformedInput(f"The token has {len(raw)} bytes; the limit is {TOKEN_LIMIT}.", code="TOO_LARGE")
    first, last = raw.find(b"."), raw.rfind(b".")
    if raw.count(b".") != 2 or first == 0 or last == first + 1:
        raise MalformedInput(
            "A compact JWS has three segments, separated by dots.",
            code="PARSING_ERROR",
            fix="Send header.payload.signature, each as base64url, and nothing around it.",
        )
    header, payload, signature = _segment(raw[:first]), _segment(raw[first + 1 : last]), _segment(raw[last + 1 :])
    fields = parse_document(header, limits=HEADER_LIMITS).value
    _refuse_header(fields)
    return CompactJws(header=fields, payload=payload, signature=signature, signing_input=raw[:last])


def write_compact(header: JsonObject, payload: bytes, *, signer: Signer) -> bytes:
    """A compact JWS over ``payload``; ``alg`` is the signer's own and comes first (RFC 7515 section 7.1)."""
    fields = {"alg": JWS_ALGORITHMS[signer.public_key.kind], **header}
    protected = compact_json(fields)
    signing_input = f"{encode_base64url(protected)}.{encode_base64url(payload)}".encode()
    return signing_input + b"." + encode_base64url(signer.sign(signing_input)).encode()


def _segment(segment: bytes) -> bytes:
    try:
        return decode_base64url(segment.decode("ascii"))
    except (UnicodeDecodeError, MalformedInput) as error:
        raise MalformedInput(
            "A segment of the token is not base64url without padding.",
            code="PARSING_ERROR",
            fix="Send the token exactly as it was issued.",
        ) from error


def _refuse_header(header: JsonObject) -> None:
    alg = header.get("alg")
    if isinstance(alg, str) and alg.startswith(_OTHERS):
        raise Unsupported(
            f"The algorithm {alg[:20]!r} is not one that is checked here.",
            code="UNSUPPORTED_ALGORITHM",
            pointer="/alg",
            fix="Ask for a token with alg EdDSA, ES256, ES384 or ES512.",
        )
    if not isinstance(alg, str) or alg not in ALGORITHMS:
        raise ProofProblem(
            f"The algorithm {str(alg)[:20]!r} is not accepted.",
            pointer="/alg",
            fix="Sign with EdDSA, ES256, ES384 or ES512.",
        )
    if "crit" in header:
        raise ProofProblem(
            "The token demands header extensions (crit) that are not understood here.",
            pointer="/crit",
            fix="Leave crit out.",
        )
    for name in _KEY_HEADERS:
        if name in header:
            raise ProofProblem(
                f"The header carries or links a key ({name}); keys come from the issuer's DID document.",
                pointer=f"/{name}",
                fix="Name the key with kid only.",
            )
