"""The holder's own token at the end of an SD-JWT: that who shows it holds the key which the issuer named.

The rule: it covers all that stands before it, is made with the key of ``cnf`` and no other, and answers the verifier
who asked, when one did. Specifications: RFC 9901 sections 4.3 and 7.3; RFC 7800 section 3.1; docs/conformance/w3c.md
A4.6.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from credentials.encoding.document import Json, JsonObject, parse_document
from credentials.encoding.multibase import encode_base64url
from credentials.envelopes.jose import HEADER_LIMITS, CompactJws, write_compact
from credentials.envelopes.sd_jwt import SdJwt, read_sd_jwt
from credentials.errors import ProofProblem
from credentials.keys.algorithms import PublicKey, Signer
from credentials.keys.codecs import from_jwk, to_jwk

TYP: Final = "kb+jwt"
#: For how long a holder's token is fresh, and how far its clock may be ahead of ours.
FRESH: Final = timedelta(minutes=10)
AHEAD: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedBinding:
    """What a verifier asks of key binding: that it is there, for ``audience`` and ``nonce``, and fresh at ``at``."""

    audience: str
    nonce: str
    at: datetime


def confirmation(key: PublicKey) -> dict[str, Json]:
    """``cnf`` for a holder's key."""
    return {"jwk": to_jwk(key)}


def bind(presented: bytes, *, signer: Signer, audience: str, nonce: str, at: datetime) -> bytes:
    """The SD-JWT ``presented`` (it ends with a tilde) with the holder's token behind it."""
    shown = read_sd_jwt(presented)
    claims = {
        "iat": int(at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": _digest(shown),
    }
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return presented + write_compact({"typ": TYP}, payload, signer=signer)


def check_key_binding(shown: SdJwt, wanted: ExpectedBinding | None = None) -> None:
    """Return if the holder's token holds, or none is there and none is wanted.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR, INVALID_DOMAIN_ERROR or INVALID_CHALLENGE_ERROR.
        KeyProblem: ``cnf`` names no usable key.
    """
    token = shown.key_binding
    if token is None:
        if wanted is not None:
            raise _refused("The holder's token is missing.", "", "Ask for it with key binding.")
        return
    if token.header.get("typ") != TYP:
        raise _refused("The last token is not the holder's.", "/typ", f"Sign it with typ {TYP}.")
    token.verify(_key(shown.claims))
    claims = parse_document(token.payload, limits=HEADER_LIMITS).value
    if claims.get("sd_hash") != _digest(shown):
        raise _refused("The holder's token covers another presentation.", "/sd_hash", "Sign what is shown.")
    issued = _issued(claims)
    if not all(isinstance(claims.get(name), str) for name in ("aud", "nonce")):
        raise _refused("The holder's token names no verifier.", "/aud", "State aud and nonce.")
    if wanted is not None:
        _answers(claims, issued, wanted)


def _answers(claims: JsonObject, issued: datetime, wanted: ExpectedBinding) -> None:
    if claims["aud"] != wanted.audience:
        raise _refused(
            "The holder's token is for another verifier.", "/aud", f"Use {wanted.audience}.", "INVALID_DOMAIN_ERROR"
        )
    if claims["nonce"] != wanted.nonce:
        raise _refused("The holder's token is no answer to this.", "/nonce", "Sign again.", "INVALID_CHALLENGE_ERROR")
    if not wanted.at - FRESH <= issued <= wanted.at + AHEAD:
        raise _refused("The holder's token is not of now.", "/iat", "Sign again.")


def _issued(claims: JsonObject) -> datetime:
    moment = claims.get("iat")
    if isinstance(moment, bool) or not isinstance(moment, int) or not 0 <= moment < 1 << 37:
        raise _refused("The holder's token does not say when it was made.", "/iat", "State iat in seconds.")
    return datetime.fromtimestamp(moment, UTC)


def _key(claims: JsonObject) -> PublicKey:
    stated = claims.get("cnf")
    jwk = stated.get("jwk") if isinstance(stated, dict) else None
    if not isinstance(jwk, dict):
        raise _refused("A holder's token is there, but no key of the holder is named.", "/cnf", "Name it as cnf.jwk.")
    return from_jwk(jwk, pointer="/cnf/jwk")


def _digest(shown: SdJwt) -> str:
    return encode_base64url(hashlib.new(shown.algorithm.replace("-", ""), shown.presented).digest())


def _refused(detail: str, pointer: str, fix: str, code: str | None = None) -> ProofProblem:
    return ProofProblem(detail, code=code, pointer=pointer, fix=fix)


@dataclass(frozen=True, slots=True)
class BoundToken:
    """An SD-JWT as something with a signature: the issuer's, and the holder's where there is one."""

    shown: SdJwt

    @property
    def issued(self) -> CompactJws:
        """The issuer's token."""
        return self.shown.token

    def verify(self, key: PublicKey) -> None:
        """Return if ``key`` is the issuer's and the holder's token, if any, holds. Raises ProofProblem, KeyProblem."""
        self.issued.verify(key)
        check_key_binding(self.shown)
