"""did:key: a DID that is its own document.

Specification: did:key method, sections "Create" and "Read"; only ``z`` and the key kinds of this program.
"""

from __future__ import annotations

from credentials.did.syntax import Did
from credentials.encoding.document import Json
from credentials.errors import IdentifierProblem, KeyProblem
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import from_multikey, to_multikey

_KEY_LIMIT = 200


def did_of_key(key: PublicKey) -> str:
    """The did:key of ``key``."""
    return f"did:key:{to_multikey(key)}"


def method_of_key(key: PublicKey) -> str:
    """The one verification method of ``key``'s did:key, as a DID URL."""
    multikey = to_multikey(key)
    return f"did:key:{multikey}#{multikey}"


def document_of_key(did: Did) -> dict[str, Json]:
    """The DID document that a did:key stands for.

    Raises:
        IdentifierProblem: DID_INVALID, when the identifier is no key at all.
        KeyProblem: KEY_INVALID, when it is a key that must not be used. Unsupported: a kind not used here.
    """
    text = did.specific
    if len(text) > _KEY_LIMIT or not text.startswith("z"):
        raise IdentifierProblem("A did:key is z followed by at most 199 characters.", fix="Copy the DID whole.")
    if to_multikey(from_multikey(text)) != text:
        raise KeyProblem("The did:key is not written in its shortest form.", fix="Copy the DID whole.")
    method = f"{did}#{text}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": str(did),
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": str(did), "publicKeyMultibase": text}],
        "assertionMethod": [method],
        "authentication": [method],
        "capabilityInvocation": [method],
        "capabilityDelegation": [method],
    }
