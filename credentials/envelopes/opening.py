"""Opening what arrived: which of the securing forms is this, and what does it say it covers?

The rule: only what the envelope covers counts. A sibling of an enveloped credential, a JWT claim that contradicts the
credential or an old ``vc`` claim is refused, so that there is one source of truth (docs/requirements.md S58 to S62).
Specifications: VC-JOSE-COSE sections 3.1.1 and 4.1; VCDM 2.0 section 4.13; VC Data Integrity section 2.1.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from contexts.library import BASE_CONTEXT
from credentials.encoding.document import (
    DEFAULT_LIMITS,
    Document,
    Json,
    JsonObject,
    compact_json,
    parse_document,
    parse_json,
    types_of,
)
from credentials.envelopes import cose
from credentials.envelopes.jose import TOKEN_LIMIT, read_compact
from credentials.envelopes.jwt_claims import JwtTimes, agreed_times
from credentials.envelopes.key_binding import BoundToken
from credentials.envelopes.sd_jwt import is_sd_jwt, read_sd_jwt
from credentials.envelopes.unsupported import name_bytes, name_document, name_type
from credentials.errors import MalformedInput, ProofProblem
from credentials.keys.algorithms import PublicKey

JSON_MEDIA_TYPES: Final = frozenset(
    {"application/vc", "application/vp", "application/json", "application/ld+json", "application/vc+ld+json"}
)
#: Media type of an envelope → what it holds and how it is sealed.
ENVELOPE_MEDIA_TYPES: Final[dict[str, tuple[str, str]]] = {
    f"application/{kind}+{sealing}": (kind, sealing) for kind in ("vc", "vp") for sealing in ("jwt", "sd-jwt", "cose")
}
_ENVELOPES: Final[dict[str, str]] = {
    "EnvelopedVerifiableCredential": "vc",
    "EnvelopedVerifiablePresentation": "vp",
}
_BASE64: Final = ";base64"
# An enveloped document is one long data URL, so its text limit is the token's.
_ENVELOPE_LIMITS: Final = replace(DEFAULT_LIMITS, size=TOKEN_LIMIT + 4096, text=TOKEN_LIMIT + 64)


class Sealed(Protocol):
    """What carries the signature of an envelope."""

    def verify(self, key: PublicKey) -> None:
        """Return if ``key`` made it. Raises ProofProblem, or KeyProblem for a key that it names itself."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopedToken:
    """An envelope, raw or inside an enveloped object; ``document`` is its payload, as far as it is disclosed."""

    document: Document
    token: Sealed
    kid: str
    kind: str  # "vc" or "vp"
    times: JwtTimes
    sealing: str = "jwt"  # or "sd-jwt" or "cose"

    @property
    def form(self) -> str:
        """The kind and its sealing, as a media type says them: vc+jwt, vp+cose, …"""
        return f"{self.kind}+{self.sealing}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedProofs:
    """A JSON document with embedded proofs; ``document`` is it as received, proofs included."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsecured:
    """A JSON document that nothing secures."""

    document: Document


Secured: TypeAlias = EnvelopedToken | EmbeddedProofs | Unsecured


def open_secured(raw: bytes, media_type: str | None) -> Secured:
    """Open a credential or presentation; without ``media_type`` the form is told by the first byte.

    Raises:
        MalformedInput: JSON_*, TOO_LARGE, CONTENT_TYPE, PARSING_ERROR or MALFORMED_VALUE_ERROR.
        ProofProblem: a token whose header or claims are not allowed.
        Unsupported: UNSUPPORTED_FORM, UNSUPPORTED_ALGORITHM.
    """
    name_bytes(raw)
    kind = None if media_type is None else media_type.partition(";")[0].strip().lower()
    if kind is None:
        return _open_unnamed(raw)
    if kind in ENVELOPE_MEDIA_TYPES:
        return open_envelope(raw, kind)
    if kind in JSON_MEDIA_TYPES:
        return _open_json(raw)
    raise MalformedInput(
        f"The media type {kind[:60]!r} is none of a credential.",
        code="CONTENT_TYPE",
        fix="Send application/vc+jwt, application/vc or application/json.",
    )


def _open_unnamed(raw: bytes) -> Secured:
    if cose.is_cose(raw):
        return open_cose(raw)
    if raw.lstrip(b" \t\r\n")[:1] in (b"{", b"[", b'"', b""):
        return _open_json(raw)
    text = raw.rstrip(b"\r\n")
    return open_sd_jwt(text) if is_sd_jwt(text) else open_token(text)


def open_envelope(raw: bytes, media_type: str) -> EnvelopedToken:
    """Open an envelope that is said to be of ``media_type``."""
    open_as: dict[str, Callable[[bytes, str], EnvelopedToken]] = {
        "jwt": open_token,
        "sd-jwt": open_sd_jwt,
        "cose": open_cose,
    }
    return open_as[ENVELOPE_MEDIA_TYPES[media_type][1]](raw, media_type)


def open_token(raw: bytes, media_type: str | None = None) -> EnvelopedToken:
    """Open a raw compact JWS as ``vc+jwt`` or ``vp+jwt``; its ``typ`` must be that of ``media_type`` when given."""
    token = read_compact(raw)
    document = parse_form(token.payload)
    kind = _kind_of(token.header.get("typ"), token.header.get("cty"), media_type, "jwt", document.value)
    kid = _absolute_kid(token.header.get("kid"))
    return _enveloped(document, token=token, kid=kid, kind=kind, sealing="jwt")


def open_sd_jwt(raw: bytes, media_type: str | None = None) -> EnvelopedToken:
    """Open an SD-JWT as ``vc+sd-jwt`` or ``vp+sd-jwt``: the document is what its holder shows of it."""
    shown = read_sd_jwt(raw)
    header = shown.token.header
    kind = _kind_of(header.get("typ"), header.get("cty"), media_type, "sd-jwt", shown.claims)
    document = parse_form(compact_json(shown.claims))
    kid = _absolute_kid(header.get("kid"))
    return _enveloped(document, token=BoundToken(shown), kid=kid, kind=kind, sealing="sd-jwt")


def open_cose(raw: bytes, media_type: str | None = None) -> EnvelopedToken:
    """Open a COSE_Sign1 as ``vc+cose`` or ``vp+cose``."""
    sealed = cose.read_sign1(raw)
    document = parse_form(sealed.payload)
    typ, cty = sealed.header.get(cose.TYP), sealed.header.get(cose.CONTENT_TYPE)
    kind = _kind_of(typ, cty, media_type, "cose", document.value)
    named = sealed.header.get(cose.KID)
    kid = _absolute_kid(named.decode("utf-8", "replace") if isinstance(named, bytes) else named)
    return _enveloped(document, token=sealed, kid=kid, kind=kind, sealing="cose")


def _enveloped(document: Document, *, token: Sealed, kid: str, kind: str, sealing: str) -> EnvelopedToken:
    for name in ("vc", "vp", "proof"):
        if name in document.value:
            raise ProofProblem(
                f"The payload has a member {name!r}; the payload of this form is the document itself.",
                pointer=f"/{name}",
                fix="Put the credential's members at the top level of the payload and sign again.",
            )
    times = agreed_times(document.value)
    return EnvelopedToken(document=document, token=token, kid=kid, kind=kind, times=times, sealing=sealing)


def _kind_of(typ: Json, cty: Json, media_type: str | None, sealing: str, payload: JsonObject) -> str:
    """vc or vp: by the header's typ, or by the media type around a token that states none (typ is optional there).

    Media types are compared without regard to case, application/ may be left out (RFC 7515 sections 4.1.9 and 4.1.10).
    """
    stated = media_type if typ is None and media_type is not None else f"application/{_short(typ)}"
    kind, sealed = ENVELOPE_MEDIA_TYPES.get(stated, ("", ""))
    if sealed != sealing or media_type not in (None, stated):
        name_type(_short(typ), payload)
        raise ProofProblem(
            f"The token's typ is {str(typ)[:40]!r}, which is not what is expected here.",
            pointer="/typ",
            fix=f"Sign credentials with typ vc+{sealing} and presentations with typ vp+{sealing}.",
        )
    if cty is not None and _short(cty) != kind:
        raise ProofProblem(
            f"The token's cty {str(cty)[:40]!r} contradicts its typ.", pointer="/cty", fix=f"Use {kind}."
        )
    return kind


def _short(media_type: Json) -> str:
    return str(media_type).lower().removeprefix("application/")


def _absolute_kid(kid: Json) -> str:
    if isinstance(kid, str) and kid.startswith("did:") and "#" in kid and len(kid) <= 2048:
        return kid
    raise ProofProblem(
        "The token's kid is no absolute DID URL of a verification method.",
        code="KEY_NOT_AUTHORIZED",
        pointer="/kid",
        fix="Sign with kid like did:web:example.org#key-1.",
    )


def _open_json(raw: bytes) -> Secured:
    if raw.lstrip(b" \t\r\n")[:1] == b"[":
        name_document(parse_json(raw))
    return open_document(parse_form(raw))


def open_document(document: Document) -> Secured:
    """Open a JSON form that :func:`parse_form` has parsed already. Raises as :func:`open_secured`."""
    name_document(document.value)
    for name, kind in _ENVELOPES.items():
        if document.value.get("type") in (name, [name]):
            return _open_enveloped(document.value, kind)
    if "proof" not in document.value:
        return Unsecured(document=document)
    return EmbeddedProofs(document=document)


def parse_form(raw: bytes) -> Document:
    """Strict, but long data URLs are allowed where envelopes may stand. Raises MalformedInput (JSON_*, TOO_LARGE)."""
    if b"EnvelopedVerifiable" in raw:
        document = parse_document(raw, limits=_ENVELOPE_LIMITS)
        if not {"VerifiablePresentation", *_ENVELOPES}.isdisjoint(types_of(document.value)):
            return document
    return parse_document(raw)


def _open_enveloped(outer: JsonObject, kind: str) -> EnvelopedToken:
    for name in outer:
        if name not in ("@context", "id", "type"):
            raise MalformedInput(
                f"An enveloped document carries the member {name[:40]!r} beside its envelope.",
                pointer=f"/{name[:40]}",
                fix="Keep only @context, id and type; what counts is inside the envelope.",
            )
    if not _names_base_context(outer.get("@context")):
        raise MalformedInput(
            "An enveloped document does not begin its contexts with that of VCDM 2.0, or names one that is no URL.",
            code="CONTEXT_NOT_ALLOWED",
            pointer="/@context",
            fix=f"Use [{BASE_CONTEXT!r}].",
        )
    head, _, data = str(outer.get("id")).partition(",")
    head = head.lower()  # scheme and media type know no case (RFC 3986 section 3.1, RFC 6838 section 4.2)
    media_type = head.removeprefix("data:").removesuffix(_BASE64)
    stated, sealing = ENVELOPE_MEDIA_TYPES.get(media_type, ("", ""))
    coded = head == f"data:{media_type}{_BASE64}"
    if stated != kind or coded is not (sealing == "cose") or not (coded or head == f"data:{media_type}"):
        raise MalformedInput(
            "The id of an enveloped document is not a data URL of its media type.",
            pointer="/id",
            fix=f"Write data:application/{kind}+jwt, followed by the token, or data:application/{kind}+cose{_BASE64},.",
        )
    return open_envelope(_from_base64(data) if coded else data.encode("utf-8"), media_type)


def _names_base_context(stated: Json) -> bool:
    """Further contexts may follow (VCDM 2.0 section 4.12.1): they say nothing here, where no term of theirs stands."""
    listed = [stated] if isinstance(stated, str) else stated
    if not isinstance(listed, list) or not all(isinstance(url, str) for url in listed):
        return False
    return listed[:1] == [BASE_CONTEXT] and len(set(listed)) == len(listed)


def _from_base64(text: str) -> bytes:
    """RFC 2397 with the alphabet of RFC 4648 section 4, padded. Raises MalformedInput."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
        if base64.b64encode(raw).decode("ascii") == text:
            return raw
    except (UnicodeEncodeError, binascii.Error):
        pass
    raise MalformedInput(
        "The envelope's data URL is not base64.", code="PARSING_ERROR", pointer="/id", fix="Encode it."
    )
