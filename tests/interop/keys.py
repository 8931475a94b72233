"""One key of each kind, in the forms that both sides read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from credentials.did.documents import PublishedKey, build_did_document
from credentials.encoding.multibase import encode_base58, encode_base64url
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import JWS_ALGORITHMS, to_jwk, to_multikey

DID = "did:web:farm.test"
_SECRET_PREFIXES = {KeyKind.ED25519: b"\x80\x26", KeyKind.P256: b"\x86\x26", KeyKind.P384: b"\x87\x26"}


@dataclass(frozen=True)
class Pair:
    """A key pair of ``DID`` and its published documents."""

    key: SigningKey

    @property
    def did_document(self) -> dict[str, Any]:
        purposes = ("assertionMethod", "authentication")
        return build_did_document(DID, [PublishedKey(name="key-1", key=self.key.public_key, purposes=purposes)])

    @property
    def method(self) -> dict[str, Any]:
        """The public Multikey method alone, as a document of its own."""
        return {
            "@context": "https://w3id.org/security/multikey/v1",
            "id": f"{DID}#key-1",
            "type": "Multikey",
            "controller": DID,
            "publicKeyMultibase": to_multikey(self.key.public_key),
        }

    @property
    def secret(self) -> dict[str, Any]:
        """The key pair as a Multikey with its private half."""
        raw = _SECRET_PREFIXES[self.key.kind] + self.key.secret
        return {**self.method, "secretKeyMultibase": encode_base58(raw)}

    @property
    def alg(self) -> str:
        return JWS_ALGORITHMS[self.key.kind]

    def jwk(self, *, private: bool = False) -> dict[str, str]:
        """The key as a JWK."""
        public = to_jwk(self.key.public_key)
        return {**public, "d": encode_base64url(self.key.secret)} if private else public


PAIRS = {
    KeyKind.ED25519: Pair(SigningKey(KeyKind.ED25519, b"\x07" * 32)),
    KeyKind.P256: Pair(SigningKey(KeyKind.P256, b"\x07" * 32)),
    KeyKind.P384: Pair(SigningKey(KeyKind.P384, b"\x07" * 48)),
}
