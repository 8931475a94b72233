"""A small signed world for bad input: one did:key issuer, so that nothing ever has to be fetched.

Everything here is deterministic. ``credential()`` is good as it stands; a case changes one thing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from credentials.did.key import did_of_key, method_of_key
from credentials.encoding.multibase import encode_base64url
from credentials.issue import secure_with_proofs
from credentials.keys.algorithms import KeyKind, SigningKey

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREATED = datetime(2024, 6, 1, tzinfo=UTC)  # in the past of every clock
KEY = SigningKey(KeyKind.ED25519, bytes(range(32)))
ISSUER, METHOD = did_of_key(KEY.public_key), method_of_key(KEY.public_key)
OTHER_KEY = SigningKey(KeyKind.ED25519, bytes(range(1, 33)))
OTHER, OTHER_METHOD = did_of_key(OTHER_KEY.public_key), method_of_key(OTHER_KEY.public_key)
P256_KEY = SigningKey(KeyKind.P256, bytes(range(1, 33)))
V2 = "https://www.w3.org/ns/credentials/v2"
HEADER = {"alg": "EdDSA", "kid": METHOD, "typ": "vc+jwt", "cty": "vc"}


def credential(**changes: Any) -> dict[str, Any]:
    """A plain VCDM 2.0 credential by ISSUER; a change of None takes the member away."""
    value: dict[str, Any] = {
        "@context": [V2],
        "id": "https://credentials.farm.test/7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://id.farm.test/lot/1", "name": "Cotton lot 1"},
    }
    value |= changes
    return {name: item for name, item in value.items() if item is not None}


def to_bytes(value: Any) -> bytes:
    """Compact JSON; NaN and infinities are written as Python does, on purpose."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def compact(header: Mapping[str, Any] | bytes, payload: bytes, *, key: SigningKey = KEY) -> bytes:
    """A compact JWS over whatever is given, whether or not anybody should."""
    head = header if isinstance(header, bytes) else to_bytes(header)
    signing_input = f"{encode_base64url(head)}.{encode_base64url(payload)}".encode()
    return signing_input + b"." + encode_base64url(key.sign(signing_input)).encode()


def token(
    payload: Mapping[str, Any] | bytes | None = None, *, header: Mapping[str, Any] | None = None, **changes: Any
) -> bytes:
    """A vc+jwt of ``payload`` or of ``credential(**changes)``, with ``header`` merged over the good one."""
    body = payload if isinstance(payload, bytes) else to_bytes(credential(**changes) if payload is None else payload)
    head = {name: item for name, item in {**HEADER, **(header or {})}.items() if item is not None}
    return compact(head, body)


def signed_with(header: Mapping[str, Any] | None = None, **changes: Any) -> Callable[[], bytes]:
    """A builder of ``token`` with these changes."""
    return lambda: token(header=header, **changes)


def embedded(suites: tuple[str, ...] = ("eddsa-jcs-2022",), **changes: Any) -> dict[str, Any]:
    """``credential(**changes)`` with embedded proofs, as a dictionary to be tampered with."""
    raw = secure_with_proofs(
        credential(**changes), signer=KEY, verification_method=METHOD, created=CREATED, suites=suites
    )
    value: dict[str, Any] = json.loads(raw)
    return value


def enveloped(jws: bytes, **changes: Any) -> dict[str, Any]:
    """An EnvelopedVerifiableCredential around ``jws``."""
    return {
        "@context": [V2],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{jws.decode()}",
        **changes,
    }
