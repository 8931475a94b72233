"""Keys as text: Multikey and JsonWebKey, both ways.

Specifications: Controlled Identifiers 1.0 sections 2.2.2 (Multikey) and 2.2.3 (JsonWebKey); RFC 7517; RFC 8037.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Final

from credentials.encoding.document import JsonObject
from credentials.encoding.multibase import decode_base64url, decode_multibase, encode_base58, encode_base64url
from credentials.errors import CredentialsError, KeyProblem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey, point_from_coordinates, uncompressed_point

MULTIKEY_PREFIXES: Final[dict[KeyKind, bytes]] = {
    KeyKind.ED25519: b"\xed\x01",
    KeyKind.P256: b"\x80\x24",
    KeyKind.P384: b"\x81\x24",
    KeyKind.P521: b"\x82\x24",
}
_KINDS: Final = "Ask for a signature by an Ed25519, P-256 or P-384 key; tokens may be signed with P-521 too."
#: Multikeys for key agreement, which sign nothing (multicodec table).
_AGREEING: Final[dict[bytes, str]] = {b"\xec\x01": "X25519", b"\x84\x24": "X448"}
#: Multikeys of other kinds that sign, so that one can say what was met (multicodec table; did:key, "Signature Method").
_FOREIGN: Final[dict[bytes, str]] = {
    b"\xe7\x01": "secp256k1",
    b"\xea\x01": "BLS12-381 G1",
    b"\xeb\x01": "BLS12-381 G2",
    b"\x83\x24": "Ed448",
    b"\x85\x24": "RSA",
    b"\x86\x26": "SM2",
    b"\x90\x24": "ML-DSA-44",
    b"\x91\x24": "ML-DSA-65",
    b"\x92\x24": "ML-DSA-87",
}
#: What a published JWK may say of itself; another algorithm would be another key (docs/requirements.md S57).
JWS_ALGORITHMS: Final[dict[KeyKind, str]] = {
    KeyKind.ED25519: "EdDSA",
    KeyKind.P256: "ES256",
    KeyKind.P384: "ES384",
    KeyKind.P521: "ES512",
}
#: The algorithms that are read, Ed25519 also by its newer name (RFC 9864), and the keys they take.
JWS_KINDS: Final[dict[str, KeyKind]] = {
    **{alg: kind for kind, alg in JWS_ALGORITHMS.items()},
    "Ed25519": KeyKind.ED25519,
}


def to_multikey(key: PublicKey) -> str:
    """``publicKeyMultibase`` of ``key``: z + base58btc(multicodec prefix ‖ key bytes)."""
    return encode_base58(multikey_bytes(key))


def multikey_bytes(key: PublicKey) -> bytes:
    """Multicodec prefix ‖ key bytes, as they stand in a multikey."""
    return MULTIKEY_PREFIXES[key.kind] + key.raw


def from_multikey(text: object, *, pointer: str = "") -> PublicKey:
    """The key of a ``publicKeyMultibase``. Raises KeyProblem (KEY_INVALID), Unsupported (UNSUPPORTED_KEY)."""
    try:
        return from_multikey_bytes(decode_multibase(text, pointer=pointer), pointer=pointer)
    except Unsupported:
        raise
    except CredentialsError as error:
        raise KeyProblem(error.problem.detail, pointer=pointer, fix=error.problem.fix) from error


def from_multikey_bytes(raw: bytes, *, pointer: str = "") -> PublicKey:
    """The key of a multikey's bytes. Raises KeyProblem (KEY_INVALID), Unsupported (UNSUPPORTED_KEY)."""
    for kind, prefix in MULTIKEY_PREFIXES.items():
        if raw.startswith(prefix):
            return PublicKey(kind, raw[2:])
    if raw[:2] in _FOREIGN:
        raise _of_others(f"The multikey is of {_FOREIGN[raw[:2]]}", pointer)
    raise KeyProblem(
        f"The multikey is of {_AGREEING.get(raw[:2], 'an unknown kind')}, which signs nothing.",
        pointer=pointer,
        fix=_KINDS,
    )


def to_jwk(key: PublicKey) -> dict[str, str]:
    """``publicKeyJwk`` of ``key`` without ``kid`` and ``alg``."""
    if key.kind is KeyKind.ED25519:
        return {"kty": "OKP", "crv": key.kind.value, "x": encode_base64url(key.raw)}
    x, y = uncompressed_point(key)
    return {"kty": "EC", "crv": key.kind.value, "x": encode_base64url(x), "y": encode_base64url(y)}


@lru_cache(maxsize=4096)
def thumbprint(key: PublicKey) -> str:
    """The SHA-256 JWK thumbprint of ``key``, base64url (RFC 7638 section 3)."""
    members = json.dumps(to_jwk(key), sort_keys=True, separators=(",", ":"))
    return encode_base64url(hashlib.sha256(members.encode("ascii")).digest())


def from_jwk(jwk: JsonObject, *, pointer: str = "") -> PublicKey:
    """The key of a ``publicKeyJwk``; a private member in a published key is refused.

    Raises:
        KeyProblem: KEY_INVALID. Unsupported: UNSUPPORTED_KEY, a kind of key that is not read here.
    """
    if "d" in jwk or "k" in jwk:
        raise KeyProblem(
            "A published key carries its private part.",
            pointer=pointer,
            fix="Revoke this key now and make a new one.",
        )
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use") not in (None, "sig") or not isinstance(operations, list) or "verify" not in operations:
        raise KeyProblem("The key is not for signatures.", pointer=pointer, fix="Publish one with use: sig.")
    try:
        kind = KeyKind(str(jwk.get("crv")))
        if jwk.get("alg") is not None and JWS_KINDS.get(str(jwk["alg"])) is not kind:
            raise KeyProblem("The JWK states an algorithm of another kind of key.", fix="Publish it without alg.")
        x = decode_base64url(str(jwk.get("x", "")), pointer=pointer)
        if kind is KeyKind.ED25519 and jwk.get("kty") == "OKP":
            return PublicKey(kind, x)
        if kind is not KeyKind.ED25519 and jwk.get("kty") == "EC":
            return point_from_coordinates(kind, x, decode_base64url(str(jwk.get("y", "")), pointer=pointer))
    except ValueError:
        pass
    except CredentialsError as error:
        raise KeyProblem(error.problem.detail, pointer=pointer, fix=error.problem.fix) from error
    if _is_of_others(jwk):
        raise _of_others(f"The JWK is of {str(jwk.get('crv') or jwk.get('kty'))[:20]}", pointer)
    raise KeyProblem(
        f"The JWK of {str(jwk.get('crv') or jwk.get('kty'))[:20]} is none for signatures, or contradicts itself.",
        pointer=pointer,
        fix="Publish it as RFC 7517 and RFC 8037 have it.",
    )


def _is_of_others(jwk: JsonObject) -> bool:
    """Is it of a type or curve with which others sign? A secret (oct) is no public key, X25519 and X448 only agree."""
    kty, crv = jwk.get("kty"), jwk.get("crv")
    if kty in ("EC", "OKP"):
        return isinstance(crv, str) and crv not in {*_AGREEING.values(), *(kind.value for kind in KeyKind)}
    return isinstance(kty, str) and kty != "oct"


def _of_others(what: str, pointer: str) -> Unsupported:
    detail = f"{what}, which is not used for signatures here."
    return Unsupported(detail, code="UNSUPPORTED_KEY", pointer=pointer, fix=_KINDS)
