"""The holder's own token at the end of an SD-JWT: that who shows it holds the key which the issuer named.

The rule: it covers all that stands before it and is made with the key of ``cnf`` and no other. Which verifier it
answers, and when, is not asked: the node asks presentations for a domain and a challenge, never single credentials.
Specifications: RFC 9901 sections 4.3 and 7.3; RFC 7800 section 3.1; docs/conformance/w3c.md A4.6.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from credentials.encoding.document import JsonObject, parse_document
from credentials.encoding.multibase import encode_base64url
from credentials.envelopes.jose import HEADER_LIMITS
from credentials.envelopes.sd_jwt import SdJwt
from credentials.errors import ProofProblem
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import from_jwk

TYP: Final = "kb+jwt"


def check_key_binding(shown: SdJwt) -> None:
    """Return if the holder's token holds, or none is there.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR.
        KeyProblem: ``cnf`` names no usable key.
    """
    token = shown.key_binding
    if token is None:
        return
    if token.header.get("typ") != TYP:
        raise _refused("The last token is not the holder's.", "/typ", f"Sign it with typ {TYP}.")
    token.verify(_key(shown.claims))
    claims = parse_document(token.payload, limits=HEADER_LIMITS).value
    if claims.get("sd_hash") != _digest(shown):
        raise _refused("The holder's token covers another presentation.", "/sd_hash", "Sign what is shown.")
    moment = claims.get("iat")
    if isinstance(moment, bool) or not isinstance(moment, int) or not 0 <= moment < 1 << 37:
        raise _refused("The holder's token does not say when it was made.", "/iat", "State iat in seconds.")
    if not all(isinstance(claims.get(name), str) for name in ("aud", "nonce")):
        raise _refused("The holder's token names no verifier.", "/aud", "State aud and nonce.")


def _key(claims: JsonObject) -> PublicKey:
    stated = claims.get("cnf")
    jwk = stated.get("jwk") if isinstance(stated, dict) else None
    if not isinstance(jwk, dict):
        raise _refused("A holder's token is there, but no key of the holder is named.", "/cnf", "Name it as cnf.jwk.")
    return from_jwk(jwk, pointer="/cnf/jwk")


def _digest(shown: SdJwt) -> str:
    return encode_base64url(hashlib.new(shown.algorithm.replace("-", ""), shown.presented).digest())


def _refused(detail: str, pointer: str, fix: str) -> ProofProblem:
    return ProofProblem(detail, pointer=pointer, fix=fix)


@dataclass(frozen=True, slots=True)
class BoundToken:
    """An SD-JWT as something with a signature: the issuer's, and the holder's where there is one."""

    shown: SdJwt

    def verify(self, key: PublicKey) -> None:
        """Return if ``key`` is the issuer's and the holder's token, if any, holds. Raises ProofProblem, KeyProblem."""
        self.shown.token.verify(key)
        check_key_binding(self.shown)
