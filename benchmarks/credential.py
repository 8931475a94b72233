"""The credentials that are measured, signed here by a did:key: our own, and the published samples where they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.documents import DOCUMENTS
from credentials.did.key import did_of_key, method_of_key
from credentials.issue import secure_as_jwt, secure_with_proofs
from credentials.keys.algorithms import SigningKey

AT = datetime(2026, 1, 1, tzinfo=UTC)
KEY = SigningKey.generate()
DID = did_of_key(KEY.public_key)
METHOD = method_of_key(KEY.public_key)
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "untp" / "v0.7.0" / "artefacts" / "samples"
FILES = {
    "DPP": "dpp/DigitalProductPassport_instance.json",
    "DPP, large": "dpp/DigitalProductPassport_battery_instance.json",
    "DTE": "dte/DigitalTraceabilityEvent_instance.json",
}
_SAMPLE = " (UNTP sample)"
_WITHOUT = ("proof", "credentialStatus", "validUntil")


def named(kind: str) -> tuple[str, ...]:
    """The names of the credentials of a kind that are here: our own, and the published sample of it."""
    file = FILES.get(kind)
    return (kind, kind + _SAMPLE) if file and (SAMPLES / file).exists() else (kind,)


@cache
def draft(name: str) -> Mapping[str, Any]:
    """The unsigned credential ``name``, issued by our key; ``small`` is the least that is one."""
    if name == "small":
        return {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "urn:uuid:5f3a2c1e-9d47-4c0a-8f21-0b6d5e7a9c11",
            "type": ["VerifiableCredential"],
            "issuer": DID,
            "validFrom": "2025-06-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:abcdefgh", "name": "Yarn"},
        }
    kind = name.removesuffix(_SAMPLE)
    document = DOCUMENTS[kind]() if kind == name else json.loads((SAMPLES / FILES[kind]).read_text("utf-8"))
    kept = {member: value for member, value in document.items() if member not in _WITHOUT}
    return {**kept, "issuer": {**kept["issuer"], "id": DID}, "validFrom": "2025-06-01T00:00:00Z"}


@cache
def signed(name: str, form: str) -> tuple[bytes, str]:
    """The credential ``name`` secured as ``form`` (a cryptosuite or ``vc+jwt``), and its media type."""
    if form == "vc+jwt":
        return secure_as_jwt(draft(name), signer=KEY, verification_method=METHOD), "application/vc+jwt"
    raw = secure_with_proofs(draft(name), signer=KEY, verification_method=METHOD, created=AT, suites=(form,))
    return raw, "application/vc"
