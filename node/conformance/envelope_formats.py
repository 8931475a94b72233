"""Three ways to secure a document, as the VC-JOSE-COSE suite asks for them: how one is made, how one is opened.

The rule: what is stated about kind and key comes out as it stands, for the caller to judge; a COSE envelope travels as
base64 without padding, as the suite's own files do. VC-JOSE-COSE sections 3.1 to 3.3; docs/conformance/w3c.md A4.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from credentials.encoding.cbor import Cbor
from credentials.encoding.document import Document, Json, JsonObject, compact_json, parse_document
from credentials.envelopes import cose
from credentials.envelopes.jose import read_compact, write_compact
from credentials.envelopes.key_binding import BoundToken
from credentials.envelopes.opening import Sealed
from credentials.envelopes.sd_jwt import read_sd_jwt
from credentials.envelopes.sd_jwt_writing import write_sd_jwt
from credentials.errors import MalformedInput
from credentials.keys.algorithms import Signer

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An envelope taken apart: what it says it is, what names its key, what is in it, and what checks it."""

    typ: Json
    cty: Json
    kid: Json
    document: Document
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeFormat:
    """One way: its word in media types, the making and the opening; ``claims`` says whether JWT claims stand beside."""

    name: str
    write: Callable[[JsonObject, str, str, Sequence[str], Signer], str]
    read: Callable[[bytes], Opened]
    claims: bool = True


def pointer_of(path: str) -> str:
    """A path as the suite writes it, ``credentialSubject.phones[0]``, as a JSON pointer."""
    steps = [name or index for name, index in _STEP.findall(path)]
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _write_jwt(document: JsonObject, kind: str, kid: str, _: Sequence[str], signer: Signer) -> str:
    header = {"kid": kid, "typ": f"{kind}+jwt", "cty": kind}
    return write_compact(header, compact_json(document), signer=signer).decode("ascii")


def _read_jwt(raw: bytes) -> Opened:
    token = read_compact(raw)
    header, document = token.header, parse_document(token.payload)
    return Opened(typ=header.get("typ"), cty=header.get("cty"), kid=header.get("kid"), document=document, sealed=token)


def _write_sd_jwt(document: JsonObject, kind: str, kid: str, paths: Sequence[str], signer: Signer) -> str:
    header = {"kid": kid, "typ": f"{kind}+sd-jwt", "cty": kind}
    return write_sd_jwt(header, document, [pointer_of(path) for path in paths], signer=signer).decode("ascii")


def _read_sd_jwt(raw: bytes) -> Opened:
    shown = read_sd_jwt(raw)
    header = shown.token.header
    document = parse_document(json.dumps(shown.claims, ensure_ascii=False).encode("utf-8"))
    return Opened(
        typ=header.get("typ"),
        cty=header.get("cty"),
        kid=header.get("kid"),
        document=document,
        sealed=BoundToken(shown),
    )


def _write_cose(document: JsonObject, kind: str, kid: str, _: Sequence[str], signer: Signer) -> str:
    header: dict[int, Cbor] = {
        cose.CONTENT_TYPE: f"application/{kind}",
        cose.KID: kid.encode("utf-8"),
        cose.TYP: f"application/{kind}+cose",
    }
    raw = cose.write_sign1(header, compact_json(document), signer=signer)
    return base64.b64encode(raw).decode("ascii").rstrip("=")


def _read_cose(raw: bytes) -> Opened:
    try:
        decoded = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except binascii.Error as error:
        raise MalformedInput("It is not base64.", code="PARSING_ERROR") from error
    sealed = cose.read_sign1(decoded)
    typ, cty, kid = (sealed.header.get(label) for label in (cose.TYP, cose.CONTENT_TYPE, cose.KID))
    return Opened(
        typ=str(typ).removeprefix("application/"),
        cty=str(cty).removeprefix("application/"),
        kid=kid,
        document=parse_document(sealed.payload),
        sealed=sealed,
    )


JOSE: Final = EnvelopeFormat(name="jwt", write=_write_jwt, read=_read_jwt)
SD_JWT: Final = EnvelopeFormat(name="sd-jwt", write=_write_sd_jwt, read=_read_sd_jwt)
COSE: Final = EnvelopeFormat(name="cose", write=_write_cose, read=_read_cose, claims=False)
