"""The peer in Python: PyLD's normalize and ``cryptography``, as one would write it by hand."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

from contexts.library import standard_library
from credentials.encoding.multibase import decode_multibase

_KEYS: dict[str, Ed25519PublicKey] = {}


def verify(raw: bytes) -> None:
    """Check the eddsa-rdfc-2022 proof of a credential of a did:key. Raises InvalidSignature."""
    document = json.loads(raw)
    proof = document.pop("proof")
    value = proof.pop("proofValue")
    options = {"@context": document["@context"], **proof}
    data = hashlib.sha256(_canonical(options)).digest() + hashlib.sha256(_canonical(document)).digest()
    _key(proof["verificationMethod"]).verify(decode_multibase(value), data)


def _canonical(document: dict[str, Any]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    text: str = jsonld.normalize(document, options)
    return text.encode("utf-8")


@cache
def _document(url: str) -> Any:
    return standard_library().document(url)


def _load(url: str, _options: object) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _document(url),
        "tag": "static",  # lets PyLD keep what it has processed
    }


def _key(method: str) -> Ed25519PublicKey:
    if method not in _KEYS:
        _KEYS[method] = Ed25519PublicKey.from_public_bytes(decode_multibase(method.partition("#")[2])[2:])
    return _KEYS[method]
