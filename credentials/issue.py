"""Securing a draft: one credential in the token form and in the form with embedded proofs.

Pure: the private key stays behind the signer port, time is an argument, and the draft is signed exactly as given.
Specifications: VC-JOSE-COSE section 3.1.1; VC Data Integrity section 4.1; design, Securing.
"""

from __future__ import annotations

import json

from credentials.encoding.document import JsonObject
from credentials.envelopes.jose import write_compact
from credentials.keys.algorithms import Signer


def secure_as_jwt(draft: JsonObject, *, signer: Signer, verification_method: str) -> bytes:
    """The draft as ``application/vc+jwt``: a compact JWS whose payload is the draft itself, key order kept."""
    header = {"kid": verification_method, "typ": "vc+jwt", "cty": "vc"}
    return write_compact(header, _compact_json(draft), signer=signer)


def _compact_json(draft: JsonObject) -> bytes:
    return json.dumps(draft, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
