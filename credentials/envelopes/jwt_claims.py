"""JWT claims beside a credential: who and what they name is what the credential says, never anything else.

The times of a token are its signature's own: they narrow the credential's dates and cannot contradict them.
Specifications: VC-JOSE-COSE sections 3.1.1 and 3.1.3; RFC 7519 section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.errors import ProofProblem

#: Members of a token's payload that belong to the token and not to the credential in it.
JWT_CLAIMS: Final = frozenset({"iss", "sub", "aud", "jti", "iat", "nbf", "exp", "nonce", "cnf"})
_LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtTimes:
    """The times a token states for itself: ``iat``, ``nbf`` and ``exp`` (aware, UTC), each None when absent."""

    issued_at: datetime | None = None
    not_before: datetime | None = None
    expires: datetime | None = None


def agreed_times(payload: JsonObject) -> JwtTimes:
    """The token's own times, once its other claims agree with the credential's members.

    Raises:
        ProofProblem: a claim contradicts the member it repeats, or is not of its type.
    """
    for claim, name, stated in (
        ("iss", "issuer", _identifier(payload.get("issuer", payload.get("holder")))),
        ("sub", "credentialSubject", _identifier(payload.get("credentialSubject"))),
        ("jti", "id", payload.get("id")),
    ):
        if claim in payload and payload[claim] != stated:
            raise _contradiction(claim, name)
    moments = {claim: _numeric_date(payload, claim) for claim in ("iat", "nbf", "exp")}
    return JwtTimes(issued_at=moments["iat"], not_before=moments["nbf"], expires=moments["exp"])


def _identifier(value: Json) -> Json:
    return value.get("id") if isinstance(value, dict) else value


def _numeric_date(payload: JsonObject, claim: str) -> datetime | None:
    value = payload.get(claim)
    if value is None and claim not in payload:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= _LATEST:
        raise ProofProblem(
            f"The claim {claim} is not a NumericDate.", pointer=f"/{claim}", fix="Write seconds since 1970, or drop it."
        )
    return datetime.fromtimestamp(int(value), UTC)


def _contradiction(claim: str, name: str) -> ProofProblem:
    return ProofProblem(
        f"The claim {claim} contradicts the credential's {name}.",
        pointer=f"/{claim}",
        fix=f"Leave {claim} out, or repeat {name} exactly.",
    )
