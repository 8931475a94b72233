"""SD-JWT VC as the IETF has it (``dc+sd-jwt``): claims without a JSON-LD context, from an issuer that is a web address.

The rule: the type is stated, what says who and until when cannot be held back, and the issuer's keys are those that its
own metadata lists under the very address it claims; keys that a token brings along are refused.
Specifications: SD-JWT VC sections 3.2, 3.4 and 4; docs/conformance/w3c.md A4.6; docs/threat-model.md#going-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from credentials.encoding.document import Json, JsonObject, Limits, parse_document
from credentials.encoding.period import SLACK
from credentials.envelopes.jose import TOKEN_LIMIT, CompactJws
from credentials.envelopes.jwt_claims import JwtTimes, agreed_times
from credentials.envelopes.key_binding import ExpectedBinding, check_key_binding
from credentials.envelopes.sd_jwt import SdJwt, read_sd_jwt
from credentials.errors import IdentifierProblem, KeyProblem, ProofProblem
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import from_jwk

TYP: Final = "dc+sd-jwt"
METADATA_PATH: Final = "/.well-known/jwt-vc-issuer"
METADATA_LIMITS: Final = Limits(size=64 << 10, depth=8, values=2000, text=TOKEN_LIMIT)
_KEYS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtVc:
    """One of these taken apart; nothing in it is believed before :func:`check_sd_jwt_vc` returns."""

    issuer: str
    type: str
    kid: str | None
    claims: JsonObject
    times: JwtTimes
    shown: SdJwt

    @property
    def token(self) -> CompactJws:
        """The issuer's token."""
        return self.shown.token


def open_sd_jwt_vc(raw: bytes) -> SdJwtVc:
    """Take an SD-JWT VC apart.

    Raises:
        MalformedInput, ProofProblem: it is none.
        IdentifierProblem: its issuer is no https address.
    """
    shown = read_sd_jwt(raw)
    header, claims = shown.token.header, shown.claims
    if header.get("typ") != TYP:
        raise ProofProblem(f"The token's typ is {str(header.get('typ'))[:40]!r}.", pointer="/typ", fix=f"Use {TYP}.")
    kind, issuer, kid = claims.get("vct"), claims.get("iss"), header.get("kid")
    if not isinstance(kind, str) or not kind:
        raise ProofProblem("The token does not say of what type it is.", pointer="/vct", fix="State vct.")
    if not isinstance(issuer, str):
        raise ProofProblem("The token does not say who issued it.", pointer="/iss", fix="State iss.")
    metadata_url(issuer)
    return SdJwtVc(
        issuer=issuer,
        type=kind,
        kid=kid if isinstance(kid, str) else None,
        claims=claims,
        times=agreed_times({name: claims[name] for name in ("iat", "nbf", "exp") if name in claims}),
        shown=shown,
    )


def metadata_url(issuer: str) -> str:
    """Where an issuer's metadata are: the well-known path between its host and its own path.

    Raises:
        IdentifierProblem: DID_INVALID when it is no https address without query and fragment.
    """
    try:
        parts = urlsplit(issuer)
        good = parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment)
        good = good and "@" not in parts.netloc and issuer.isascii() and issuer.isprintable() and " " not in issuer
    except ValueError:
        good = False
    if not good or any(mark in issuer for mark in "?#\\"):
        raise IdentifierProblem("The issuer is no https address.", pointer="/iss", fix="Write https://host/path.")
    return f"https://{parts.netloc}{METADATA_PATH}{parts.path.rstrip('/')}"


def issuer_keys(raw: bytes, *, issuer: str) -> tuple[JsonObject, ...] | str:
    """The JWKs that an issuer's metadata list, or the address (``jwks_uri``) that lists them.

    Raises:
        MalformedInput: it is no JSON. KeyProblem: KEY_NOT_AUTHORIZED, it is another issuer's or lists no keys.
    """
    stated = parse_document(raw, limits=METADATA_LIMITS).value
    if stated.get("issuer") != issuer:
        raise _unauthorized("The metadata are those of another issuer.", "/issuer")
    if ("jwks" in stated) is ("jwks_uri" in stated):
        raise _unauthorized("The metadata list keys in no way or in two.", "/jwks")
    if "jwks" in stated:
        return listed_keys(stated["jwks"])
    address = stated["jwks_uri"]
    if not isinstance(address, str) or not address.startswith("https://"):
        raise _unauthorized("The address of the keys is no https address.", "/jwks_uri")
    return address


def listed_keys(stated: Json) -> tuple[JsonObject, ...]:
    """The keys of a JWK set. Raises KeyProblem."""
    keys = stated.get("keys") if isinstance(stated, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= _KEYS or not all(isinstance(key, dict) for key in keys):
        raise _unauthorized("The metadata hold no set of keys.", "/jwks/keys")
    return tuple(keys)


def check_sd_jwt_vc(
    credential: SdJwtVc, keys: tuple[JsonObject, ...], *, at: datetime, binding: ExpectedBinding | None = None
) -> None:
    """Return if one of the issuer's ``keys`` signed it, it is valid at ``at``, and key binding is as wanted.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR, NOT_YET_VALID, EXPIRED, INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR.
        KeyProblem: KEY_NOT_AUTHORIZED or KEY_INVALID.
    """
    credential.token.verify(_chosen(credential.kid, keys))
    times = credential.times
    if times.not_before is not None and at + SLACK < times.not_before:
        raise ProofProblem(
            "It is not valid yet.", code="NOT_YET_VALID", pointer="/nbf", fix="Wait, or check the clock."
        )
    if times.expires is not None and at - SLACK >= times.expires:
        raise ProofProblem("Its time is over.", code="EXPIRED", pointer="/exp", fix="Ask its issuer for a new one.")
    check_key_binding(credential.shown, binding)


def _chosen(kid: str | None, keys: tuple[JsonObject, ...]) -> PublicKey:
    """The key that the token names; without a name the only one there is."""
    named = [key for key in keys if kid is None or key.get("kid") == kid]
    if len(named) != 1:
        raise _unauthorized("The issuer lists no such key, or several.", "/kid")
    return from_jwk(named[0], pointer="/jwks")


def _unauthorized(detail: str, pointer: str) -> KeyProblem:
    return KeyProblem(detail, code="KEY_NOT_AUTHORIZED", pointer=pointer, fix="Ask the issuer to mend its metadata.")
