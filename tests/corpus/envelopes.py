"""Envelopes that the node only reads, made here: SD-JWT and COSE, presentations as tokens, and holders' own tokens."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from credentials.encoding.jcs import canonical_json
from credentials.encoding.multibase import encode_base64url
from credentials.envelopes import cose
from credentials.envelopes.jose import write_compact
from credentials.envelopes.opening import EnvelopedToken, open_secured
from credentials.envelopes.sd_jwt_writing import write_sd_jwt
from credentials.keys.algorithms import PublicKey, SigningKey
from credentials.keys.codecs import to_jwk
from tests.corpus.making import V2, to_bytes

_TYPES = {"vc": "EnvelopedVerifiableCredential", "vp": "EnvelopedVerifiablePresentation"}


def did_of_jwk(key: PublicKey) -> str:
    """The did:jwk of ``key``, its members in the order of JCS."""
    return f"did:jwk:{encode_base64url(canonical_json(to_jwk(key)))}"


def in_sd_jwt(
    document: dict[str, Any], *, signer: SigningKey, verification_method: str, selective: Sequence[str] = ()
) -> bytes:
    """``document`` as vc+sd-jwt; its holder can hold back what ``selective`` (JSON pointers) names."""
    header = {"kid": verification_method, "typ": "vc+sd-jwt", "cty": "vc"}
    return write_sd_jwt(header, document, selective, signer=signer)


def in_cose(document: dict[str, Any], *, signer: SigningKey, verification_method: str) -> bytes:
    """``document`` as vc+cose."""
    header: dict[int, int | str | bytes] = {
        cose.CONTENT_TYPE: "application/vc",
        cose.KID: verification_method.encode(),
        cose.TYP: "application/vc+cose",
    }
    return cose.write_sign1(header, to_bytes(document), signer=signer)


def presented_as_jwt(
    presentation: dict[str, Any],
    *,
    signer: SigningKey,
    verification_method: str,
    domain: str | None = None,
    challenge: str | None = None,
) -> bytes:
    """``presentation`` as vp+jwt, for ``domain`` and in answer to ``challenge`` when these are given."""
    asked = {name: item for name, item in (("aud", domain), ("nonce", challenge)) if item is not None}
    header = {"kid": verification_method, "typ": "vp+jwt", "cty": "vp"}
    return write_compact(header, to_bytes({**presentation, **asked}), signer=signer)


def in_json(sealed: bytes) -> dict[str, Any]:
    """The JSON object that carries a sealed credential or presentation: a token as it is, COSE as base64."""
    opened = open_secured(sealed, None)
    assert isinstance(opened, EnvelopedToken)
    data = f";base64,{base64.b64encode(sealed).decode()}" if opened.sealing == "cose" else f",{sealed.decode()}"
    return {"@context": V2, "id": f"data:application/{opened.form}{data}", "type": _TYPES[opened.kind]}


def show(issued: bytes, wanted: Sequence[int]) -> bytes:
    """The SD-JWT with only those disclosures whose numbers are ``wanted``, without a holder's token."""
    token, *disclosures, _ = issued.split(b"~")
    return b"~".join([token, *(item for number, item in enumerate(disclosures) if number in wanted), b""])


def bind(presented: bytes, *, signer: SigningKey, audience: str, nonce: str, at: datetime) -> bytes:
    """The SD-JWT ``presented`` (it ends with a tilde) with the holder's token behind it."""
    digest = encode_base64url(hashlib.sha256(presented).digest())
    claims = {"iat": int(at.timestamp()), "aud": audience, "nonce": nonce, "sd_hash": digest}
    return presented + write_compact({"typ": "kb+jwt"}, to_bytes(claims), signer=signer)
