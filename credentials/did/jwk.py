"""did:jwk: a DID that is its own key, written as a JSON Web Key.

The rule: one reading only. The identifier is canonical base64url of strict JSON, and the key in it is public, for
signatures, and of a kind of this program; what else the JWK says is shown and not believed.
Specification: did:jwk method, sections "Create" and "Read"; RFC 7517.
"""

from __future__ import annotations

from typing import Final

from credentials.did.syntax import Did
from credentials.encoding.document import Json, JsonObject, Limits, parse_document
from credentials.encoding.multibase import decode_base64url
from credentials.errors import CredentialsError, IdentifierProblem
from credentials.keys.codecs import from_jwk

_LIMITS: Final = Limits(size=1024, depth=3, values=32, text=512)
_RELATIONSHIPS: Final = ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation")


def jwk_document(did: Did) -> dict[str, Json]:
    """The DID document that a did:jwk stands for; its one method is ``#0``.

    Raises:
        IdentifierProblem: DID_INVALID, when the identifier is not base64url of a JSON object.
        KeyProblem: KEY_INVALID, when it is a key that must not be used. Unsupported: a kind not used here.
    """
    jwk = _read(did.specific)
    from_jwk(jwk)
    method = f"{did}#0"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": str(did),
        "verificationMethod": [{"id": method, "type": "JsonWebKey", "controller": str(did), "publicKeyJwk": dict(jwk)}],
        **{name: [method] for name in _RELATIONSHIPS},
    }


def _read(specific: str) -> JsonObject:
    try:
        return parse_document(decode_base64url(specific), limits=_LIMITS).value
    except CredentialsError as error:
        raise IdentifierProblem(
            "A did:jwk is the base64url form, without padding, of one JSON Web Key.", fix="Copy the DID whole."
        ) from error
