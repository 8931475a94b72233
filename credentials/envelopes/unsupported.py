"""What arrived and is no credential that is read here, named for what it is, with the cure that helps.

The rule: nothing is accepted here, and nothing is guessed. A thing of another kind or time is :class:`Unsupported`, a
credential with something around it is malformed; what is not known stays with whoever reads it.
Specifications: VC-JOSE-COSE section 6; RFC 9901; DID Resolution section 4; EPCIS 2.0; VC API (VCALM) section 3.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import Json, JsonObject, types_of
from credentials.envelopes.holding import MEMBERS
from credentials.errors import MalformedInput, Unsupported

_CURE: Final = "Ask for the credential by VCDM 2.0, as application/vc+jwt or with an embedded proof."
#: What a token's typ was in earlier drafts of VC-JOSE-COSE, and is in other specifications.
_OTHER_TYPES: Final[dict[str, str]] = {
    **{
        f"{kind}{link}+{sealing}": "of an earlier draft of VC-JOSE-COSE"
        for kind in ("vc", "vp")
        for link in ("+ld", "-ld", "+ld+json", "-ld+json")
        for sealing in ("jwt", "sd-jwt", "cose")
    },
    "dc+sd-jwt": "of SD-JWT VC (IETF), which is no credential of the W3C data model",
}
#: How bytes begin → what they are.
_OTHER_FILES: Final[dict[bytes, str]] = {
    b"%PDF": "a PDF file",
    b"<": "XML or HTML",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # of byte order, in UTF-8 and UTF-16
_FILE_STARTS: Final = (*_OTHER_FILES, *_MARKS, b"Bearer ", b"bearer ", b'"')


def name_bytes(raw: bytes) -> None:
    """Return for bytes that may be a credential.

    Raises:
        Unsupported: a file of another kind.
        MalformedInput: JSON_TEXT for a byte order mark, PARSING_ERROR for a token with something around it.
    """
    start = raw[:64].lstrip(b" \t\r\n")
    if not start.startswith(_FILE_STARTS):
        return
    if start.startswith(_MARKS):
        raise MalformedInput(
            "It starts with a byte order mark.", code="JSON_TEXT", fix="Save it as UTF-8 without a byte order mark."
        )
    if start[:7].lower() == b"bearer ":
        raise MalformedInput(
            "It starts with the word Bearer, which belongs to a request and not to the token.",
            code="PARSING_ERROR",
            fix="Send the token alone, without the word before it.",
        )
    if start.startswith(b'"'):
        raise MalformedInput(
            "It is one text in quotation marks.",
            code="PARSING_ERROR",
            fix="Send what stands between the quotation marks: the token, or the document.",
        )
    kind = next(kind for mark, kind in _OTHER_FILES.items() if start.startswith(mark))
    raise Unsupported(f"It is {kind}, not a credential.", fix=_CURE)


def name_type(typ: str, payload: JsonObject) -> None:
    """Return for a token whose ``typ`` (in lower case, without application/) belongs to nothing known here.

    Raises:
        Unsupported: it is a token of another specification or time.
    """
    other = _OTHER_TYPES.get(typ)
    if other is None and typ in ("jwt", "none") and isinstance(payload.get("vc", payload.get("vp")), dict):
        other = "of the W3C data model 1.1, with a claim vc or vp"
    if other is None and typ == "vc+sd-jwt" and "vct" in payload:
        other = "of an earlier draft of SD-JWT VC (IETF)"
    if other is not None:
        raise Unsupported(f"The token is one {other}; such tokens are not read here.", pointer="/typ", fix=_CURE)


def name_document(value: Json) -> None:
    """Return for JSON that may be a credential or presentation.

    Raises:
        Unsupported: a document of another kind.
        MalformedInput: PARSING_ERROR for credentials with something around them, and for what only goes with them.
    """
    if isinstance(value, list):
        raise MalformedInput(
            f"It is a list of {len(value)}, not one document.", code="JSON_INVALID", fix="Send each of them by itself."
        )
    if not isinstance(value, dict) or "proof" in value:
        return
    if any(term.startswith("EPCIS") for term in types_of(value)):
        raise Unsupported(
            "It is an EPCIS document, which nobody signed and which is not read here.",
            fix="Ask for the events as a UNTP DigitalTraceabilityEvent credential.",
        )
    if value.get("type") is not None:
        return
    if "didDocument" in value:
        raise _around("It is a DID resolution result, not a credential.", "Give it beside the credential, with --from.")
    if "verificationMethod" in value:
        raise _around("It is a DID document, not a credential.", "Give it beside the credential, with --from.")
    for name in MEMBERS:
        if name in value and "@context" not in value:
            raise _around(
                f"It is no credential but an object around one, in its member {name!r}.", f"Send the value of {name}."
            )


def _around(detail: str, fix: str) -> MalformedInput:
    return MalformedInput(detail, code="PARSING_ERROR", fix=fix)
