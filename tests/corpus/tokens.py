"""Tokens that must not be believed (docs/requirements.md S58 to S62 and S73)."""

from __future__ import annotations

import hashlib
import hmac

from credentials.encoding.multibase import encode_base64url
from tests.corpus.case import JWT, VC, Case, case
from tests.corpus.making import (
    HEADER,
    KEY,
    METHOD,
    OTHER,
    OTHER_METHOD,
    P256_KEY,
    compact,
    credential,
    enveloped,
    signed_with,
    to_bytes,
    token,
)


def _hs256() -> bytes:
    head, body = (to_bytes({**HEADER, "alg": "HS256"}), to_bytes(credential()))
    signing_input = f"{encode_base64url(head)}.{encode_base64url(body)}".encode()
    mac = hmac.new(KEY.public_key.raw, signing_input, hashlib.sha256).digest()
    return signing_input + b"." + encode_base64url(mac).encode()


def _unsigned_none() -> bytes:
    return token(header={"alg": "none"}).rsplit(b".", 1)[0] + b"."


def _tampered_payload() -> bytes:
    head, _, signature = token().split(b".")
    body = encode_base64url(to_bytes(credential(id="https://credentials.farm.test/other"))).encode()
    return b".".join((head, body, signature))


TOKENS: tuple[Case, ...] = (
    case(58, "alg none", JWT, "PROOF_VERIFICATION_ERROR", _unsigned_none),
    case(58, "alg none with a signature", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"alg": "none"})),
    case(58, "HS256 with the public key as secret", JWT, "PROOF_VERIFICATION_ERROR", _hs256),
    case(58, "alg missing", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"alg": None})),
    case(58, "alg in lower case", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"alg": "eddsa"})),
    case(58, "ES256 over an Ed25519 key", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"alg": "ES256"}), "proof"),
    case(
        58,
        "a token signed with another kind of key",
        JWT,
        "PROOF_VERIFICATION_ERROR",
        lambda: compact(HEADER, to_bytes(credential()), key=P256_KEY),
        "proof",
    ),
    case(73, "a payload changed after signing", JWT, "PROOF_VERIFICATION_ERROR", _tampered_payload, "proof"),
    case(59, "the key of the kid of another", JWT, "ISSUER_MISMATCH", signed_with({"kid": OTHER_METHOD}), "issuer"),
    *(
        case(59, f"a kid that is {name}", JWT, "KEY_NOT_AUTHORIZED", signed_with({"kid": kid}))
        for name, kid in (
            ("relative", "#key-1"),
            ("a web address", "https://farm.test/keys/1"),
            ("a path", "../../etc/passwd"),
            ("a query", "'; DROP TABLE keys; --"),
            ("missing", None),
            ("a number", 7),
        )
    ),
    case(59, "a kid of a megabyte", JWT, "TOO_LARGE", signed_with({"kid": METHOD + "a" * 1000000})),
    *(
        case(59, f"a {name} header", JWT, "PROOF_VERIFICATION_ERROR", signed_with({name: "https://farm.test/keys"}))
        for name in ("jwk", "jku", "x5u", "x5c", "crit")
    ),
    case(60, "typ vp+jwt", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"typ": "vp+jwt", "cty": "vp"})),
    case(60, "typ JWT", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"typ": "JWT"})),
    case(60, "typ missing and no media type", None, "PROOF_VERIFICATION_ERROR", signed_with({"typ": None})),
    case(60, "cty of a presentation", JWT, "PROOF_VERIFICATION_ERROR", signed_with({"cty": "vp"})),
    case(60, "a vc claim", JWT, "PROOF_VERIFICATION_ERROR", signed_with(vc={})),
    case(60, "a vp claim", JWT, "PROOF_VERIFICATION_ERROR", signed_with(vp={})),
    case(
        61,
        "a sibling of the envelope",
        VC,
        "MALFORMED_VALUE_ERROR",
        lambda: to_bytes(enveloped(token(), credentialSubject={"name": "Other"})),
    ),
    case(
        61,
        "an envelope with a wrong context",
        VC,
        "CONTEXT_NOT_ALLOWED",
        lambda: to_bytes(enveloped(token(), **{"@context": ["https://www.w3.org/2018/credentials/v1"]})),
    ),
    case(
        61,
        "an envelope that is no data URL",
        VC,
        "MALFORMED_VALUE_ERROR",
        lambda: to_bytes(enveloped(token(), id="https://farm.test/1")),
    ),
    *(
        case(
            62,
            f"a contradicting {claim} {value}",
            JWT,
            "PROOF_VERIFICATION_ERROR",
            signed_with(**{claim: value}, validUntil="2030-01-01T00:00:00Z"),
        )
        for claim, value in (
            ("iss", OTHER),
            ("sub", "https://id.farm.test/lot/2"),
            ("jti", "https://credentials.farm.test/other"),
            ("iat", "yesterday"),
            ("iat", True),
        )
    ),
    *(
        case(
            62,
            f"a token that narrows the credential's dates by {claim} {value}",
            JWT,
            code,
            signed_with(**{claim: value}, validUntil="2030-01-01T00:00:00Z"),
            "validity",
        )
        for claim, value, code in (("nbf", 1_880_000_000, "NOT_YET_VALID"), ("exp", 1, "EXPIRED"))
    ),
    *(
        case(58, f"a token {name}", JWT, "PARSING_ERROR", build)
        for name, build in (
            ("of two segments", lambda: token().rsplit(b".", 1)[0]),
            ("of four segments", lambda: token() + b".e30"),
            ("with padding", lambda: token() + b"="),
            ("with a newline behind", lambda: token() + b"\n"),
            ("with a foreign letter", lambda: token().replace(b".", b"!.", 1)),
        )
    ),
)
