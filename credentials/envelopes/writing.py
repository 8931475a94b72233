"""Making envelopes: a presentation as a token, and any envelope as the JSON object that carries it.

The rule: the payload is the document itself; what answers a verifier (its domain as ``aud``, its challenge as
``nonce``) stands beside it and covers it. Specifications: VC-JOSE-COSE section 3.1.2; VCDM 2.0 section 4.13.
"""

from __future__ import annotations

import base64
import json
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.envelopes.jose import write_compact
from credentials.envelopes.jwt_claims import JWT_CLAIMS
from credentials.envelopes.opening import BASE_CONTEXT, EnvelopedToken, open_secured
from credentials.errors import ProofProblem
from credentials.keys.algorithms import Signer

_TYPES: Final = {"vc": "EnvelopedVerifiableCredential", "vp": "EnvelopedVerifiablePresentation"}


def present_as_jwt(
    presentation: JsonObject,
    *,
    signer: Signer,
    verification_method: str,
    domain: str | None = None,
    challenge: str | None = None,
) -> bytes:
    """The presentation as ``application/vp+jwt``, for ``domain`` and in answer to ``challenge`` when these are given.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR for a member that a token keeps for itself, or a challenge without domain.
    """
    for name in sorted({"proof", "vc", "vp", *JWT_CLAIMS} & presentation.keys()):
        raise _refused(f"The presentation has a member {name!r}, which is not its own.", f"/{name}", "Leave it out.")
    if challenge is not None and domain is None:
        raise _refused("A challenge is answered for a domain only.", "", "State the domain of whoever asks.")
    asked: dict[str, Json] = {name: item for name, item in (("aud", domain), ("nonce", challenge)) if item is not None}
    payload = json.dumps({**presentation, **asked}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    header = {"kid": verification_method, "typ": "vp+jwt", "cty": "vp"}
    return write_compact(header, payload.encode("utf-8"), signer=signer)


def enveloped(sealed: bytes) -> dict[str, Json]:
    """The JSON object that carries a sealed credential or presentation: a token as it is, COSE as base64.

    Raises:
        MalformedInput, ProofProblem: it is neither, or none of the two kinds.
    """
    opened = open_secured(sealed, None)
    if not isinstance(opened, EnvelopedToken):
        raise _refused("It is no envelope.", "", "Send vc+jwt, vc+sd-jwt or vc+cose.")
    binary = opened.sealing == "cose"
    data = ";base64," + base64.b64encode(sealed).decode("ascii") if binary else "," + sealed.decode("ascii").strip()
    return {"@context": BASE_CONTEXT, "id": f"data:application/{opened.form}{data}", "type": _TYPES[opened.kind]}


def _refused(detail: str, pointer: str, fix: str) -> ProofProblem:
    return ProofProblem(detail, code="PROOF_GENERATION_ERROR", pointer=pointer, fix=fix)
