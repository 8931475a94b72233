"""Opening what arrived: which of the securing forms is this, and what does it say it covers?

The rule: only what the envelope covers counts. A sibling of an enveloped credential, a JWT claim that contradicts the
credential or an old ``vc`` claim is refused, so that there is one source of truth (security.md items 58 to 62).
Specifications: VC-JOSE-COSE sections 3.1.1 and 4.1; VCDM 2.0 section 4.13; VC Data Integrity section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from credentials.encoding.document import DEFAULT_LIMITS, Document, JsonObject, parse_document
from credentials.envelopes.claims import JwtTimes, agreed_times
from credentials.envelopes.jose import TOKEN_LIMIT, CompactJws, read_compact
from credentials.errors import MalformedInput, ProofProblem

BASE_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
PROOF_LIMIT: Final = 8
JWT_MEDIA_TYPES: Final[dict[str, str]] = {"application/vc+jwt": "vc", "application/vp+jwt": "vp"}
JSON_MEDIA_TYPES: Final = frozenset(
    {"application/vc", "application/vp", "application/json", "application/ld+json", "application/vc+ld+json"}
)
_ENVELOPES: Final[dict[str, str]] = {
    "EnvelopedVerifiableCredential": "application/vc+jwt",
    "EnvelopedVerifiablePresentation": "application/vp+jwt",
}
# An enveloped document is one long data URL, so its text limit is the token's.
_ENVELOPE_LIMITS: Final = replace(DEFAULT_LIMITS, size=TOKEN_LIMIT + 4096, text=TOKEN_LIMIT + 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopedToken:
    """A ``vc+jwt`` or ``vp+jwt``, raw or inside an enveloped object; ``document`` is its payload."""

    document: Document
    token: CompactJws
    kid: str
    kind: str  # "vc" or "vp"
    times: JwtTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedProofs:
    """A JSON document with one to eight embedded proofs; ``document`` is it as received, proofs included."""

    document: Document
    proofs: tuple[JsonObject, ...]


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
    """
    kind = None if media_type is None else media_type.partition(";")[0].strip().lower()
    if kind is None:
        is_json = raw.lstrip(b" \t\r\n")[:1] in (b"{", b"[", b'"', b"")
        return _open_json(raw) if is_json else open_token(raw.rstrip(b"\r\n"))
    if kind in JWT_MEDIA_TYPES:
        return open_token(raw, kind)
    if kind in JSON_MEDIA_TYPES:
        return _open_json(raw)
    raise MalformedInput(
        f"The media type {kind[:60]!r} is none of a credential.",
        code="CONTENT_TYPE",
        fix="Send application/vc+jwt, application/vc or application/json.",
    )


def open_token(raw: bytes, media_type: str | None = None) -> EnvelopedToken:
    """Open a raw compact JWS as ``vc+jwt`` or ``vp+jwt``; its ``typ`` must be that of ``media_type`` when given."""
    token = read_compact(raw)
    kind = _kind_of(token.header, media_type)
    document = _parse(token.payload)
    for name in ("vc", "vp", "proof"):
        if name in document.value:
            raise ProofProblem(
                f"The payload has a member {name!r}; the payload of this form is the document itself.",
                pointer=f"/{name}",
                fix="Put the credential's members at the top level of the payload and sign again.",
            )
    times = agreed_times(document.value)
    return EnvelopedToken(document=document, token=token, kid=_absolute_kid(token.header), kind=kind, times=times)


def _kind_of(header: JsonObject, media_type: str | None) -> str:
    typ, cty = header.get("typ"), header.get("cty")
    stated = f"application/{str(typ).removeprefix('application/')}"
    kind = JWT_MEDIA_TYPES.get(stated)
    if kind is None or media_type not in (None, stated):
        raise ProofProblem(
            f"The token's typ is {str(typ)[:40]!r}, which is not what is expected here.",
            pointer="/typ",
            fix="Sign credentials with typ vc+jwt and presentations with typ vp+jwt.",
        )
    if cty is not None and str(cty).removeprefix("application/") != kind:
        raise ProofProblem(
            f"The token's cty {str(cty)[:40]!r} contradicts its typ.", pointer="/cty", fix=f"Use {kind}."
        )
    return kind


def _absolute_kid(header: JsonObject) -> str:
    kid = header.get("kid")
    if isinstance(kid, str) and kid.startswith("did:") and "#" in kid and len(kid) <= 2048:
        return kid
    raise ProofProblem(
        "The token's kid is no absolute DID URL of a verification method.",
        code="KEY_NOT_AUTHORIZED",
        pointer="/kid",
        fix="Sign with kid like did:web:example.org#key-1.",
    )


def _open_json(raw: bytes) -> Secured:
    document = _parse(raw)
    for name, media_type in _ENVELOPES.items():
        if document.value.get("type") in (name, [name]):
            return _open_enveloped(document.value, media_type)
    if "proof" not in document.value:
        return Unsecured(document=document)
    return EmbeddedProofs(document=document, proofs=_proofs(document.value["proof"]))


def _parse(raw: bytes) -> Document:
    """Strict, but long data URLs are allowed where envelopes may stand: as the document or in a presentation."""
    if b"EnvelopedVerifiable" in raw:
        document = parse_document(raw, limits=_ENVELOPE_LIMITS)
        types = document.value.get("type")
        listed = types if isinstance(types, list) else [types]
        if any(name in listed for name in ("VerifiablePresentation", *_ENVELOPES)):
            return document
    return parse_document(raw)


def _open_enveloped(outer: JsonObject, media_type: str) -> EnvelopedToken:
    for name in outer:
        if name not in ("@context", "id", "type"):
            raise MalformedInput(
                f"An enveloped document carries the member {name[:40]!r} beside its envelope.",
                pointer=f"/{name[:40]}",
                fix="Keep only @context, id and type; what counts is inside the envelope.",
            )
    if outer.get("@context") not in (BASE_CONTEXT, [BASE_CONTEXT]):
        raise MalformedInput(
            "An enveloped document has the credentials context, and only it.",
            code="CONTEXT_NOT_ALLOWED",
            pointer="/@context",
            fix=f"Use [{BASE_CONTEXT!r}].",
        )
    url, prefix = outer.get("id"), f"data:{media_type},"
    if not isinstance(url, str) or not url.startswith(prefix):
        raise MalformedInput(
            "The id of an enveloped document is not a data URL of its media type.",
            pointer="/id",
            fix=f"Write {prefix} followed by the token.",
        )
    return open_token(url[len(prefix) :].encode("utf-8"), media_type)


def _proofs(value: object) -> tuple[JsonObject, ...]:
    proofs = value if isinstance(value, list) else [value]
    if not proofs or not all(isinstance(proof, dict) for proof in proofs):
        raise ProofProblem("The proof is no object or list of objects.", pointer="/proof", fix="Secure it again.")
    if len(proofs) > PROOF_LIMIT:
        raise ProofProblem(
            f"The document carries {len(proofs)} proofs; the limit is {PROOF_LIMIT}.",
            pointer="/proof",
            fix="Drop some.",
        )
    return tuple(proofs)
