"""Compact JWS as bytes: read exactly, checked with our keys, written through the signer port.

The rule: three canonical base64url segments and a strict JSON header, or it is no token.
Specifications: RFC 7515 sections 3.1, 4.1 and 7.1; RFC 8725; RFC 9864; docs/requirements.md S58 and S59.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import DEFAULT_LIMITS, JsonObject, Limits, compact_json, parse_document
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.envelopes.signed import HeaderWords, SignedEnvelope
from credentials.errors import MalformedInput
from credentials.keys.algorithms import Signer
from credentials.keys.codecs import JWS_ALGORITHMS, JWS_KINDS

HEADER_LIMITS: Final = Limits(size=8192, depth=4, values=64, text=4096)
#: A token holds a document of the full size: base64 adds a third; header and signature come on top.
TOKEN_LIMIT: Final = DEFAULT_LIMITS.size * 4 // 3 + 16_384
#: Signatures by others' keys (IANA, "JSON Web Signature and Encryption Algorithms"); none and HS256 are none.
_OTHERS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256K", "Ed448", "ML-DSA-")
_WORDS: Final = HeaderWords(
    alg="alg",
    crit="crit",
    keys={name: name for name in ("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256")},
    kinds=JWS_KINDS,
    usual=JWS_ALGORITHMS.values(),
    others=lambda alg: alg.startswith(_OTHERS),
)


def read_compact(raw: bytes) -> SignedEnvelope:
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
    kind = _WORDS.kind_in(fields)
    return SignedEnvelope(header=fields, payload=payload, signature=signature, signing_input=raw[:last], kind=kind)


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
