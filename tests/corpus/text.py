"""Bad JSON and bad text (docs/requirements.md S1 to S16)."""

from __future__ import annotations

from collections.abc import Callable

from tests.corpus.case import JSON, JWT, VC, Case, case
from tests.corpus.making import (
    HEADER,
    compact,
    credential,
    embedded,
    to_bytes,
    token,
)


def _json(text_in: str, text_out: str) -> Callable[[], bytes]:
    """A credential's JSON with one piece of text replaced, unsigned: the reader must refuse before any signature."""
    return lambda: to_bytes(credential()).replace(text_in.encode(), text_out.encode("utf-8", "surrogatepass"))


def _subject(fragment: str) -> Callable[[], bytes]:
    return _json('"name":"Cotton lot 1"', f'"name":{fragment}')


def _nested(depth: int, opening: str, closing: str, inside: str = "") -> Callable[[], bytes]:
    return lambda: (opening * depth + inside + closing * depth).encode()


_BIG = "9" * 4301


TEXT: tuple[Case, ...] = (
    case(
        1,
        "a key twice at the top",
        JSON,
        "JSON_DUPLICATE_KEY",
        lambda: to_bytes(credential())[:-1] + b',"issuer":"did:web:other.test"}',
    ),
    case(
        1,
        "a key twice, once escaped",
        JSON,
        "JSON_DUPLICATE_KEY",
        lambda: to_bytes(credential())[:-1] + b',"\\u0069ssuer":"did:web:other.test"}',
    ),
    case(
        1,
        "a key twice inside a signed token",
        JWT,
        "JSON_DUPLICATE_KEY",
        lambda: token(to_bytes(credential())[:-1] + b',"issuer":"did:web:other.test"}'),
    ),
    case(
        1,
        "a header key twice",
        JWT,
        "JSON_DUPLICATE_KEY",
        lambda: compact(to_bytes(HEADER)[:-1] + b',"alg":"none"}', to_bytes(credential())),
    ),
    case(2, "arrays 33 deep", JSON, "JSON_TOO_DEEP", _nested(33, "[", "]")),
    case(2, "arrays 100000 deep", JSON, "JSON_TOO_DEEP", _nested(100000, "[", "]")),
    case(3, "objects 200 deep", VC, "JSON_TOO_DEEP", _nested(200, '{"c":', "}", "1")),
    case(4, "an integer of 4301 digits", JSON, "JSON_NUMBER_RANGE", _subject(_BIG)),
    case(4, "an integer of 4300 digits", JSON, "JSON_NUMBER_RANGE", _subject(_BIG[1:])),
    case(5, "2^53+1", VC, "JSON_NUMBER_RANGE", _subject("9007199254740993")),
    case(5, "2^63", VC, "JSON_NUMBER_RANGE", _subject("9223372036854775808")),
    case(6, "NaN", VC, "JSON_INVALID", _subject("NaN")),
    case(6, "Infinity", VC, "JSON_INVALID", _subject("Infinity")),
    case(6, "-Infinity", VC, "JSON_INVALID", _subject("-Infinity")),
    case(6, "1e400", VC, "JSON_NUMBER_RANGE", _subject("1e400")),
    case(7, "18 significant digits", VC, "JSON_NUMBER_RANGE", _subject("0.300000000000000044")),
    case(7, "a number that becomes 0", VC, "JSON_NUMBER_RANGE", _subject("1e-400")),
    case(
        7,
        "17 significant digits where statements are signed",
        VC,
        "JSON_NUMBER_RANGE",
        lambda: to_bytes(embedded(("eddsa-rdfc-2022",), name="NUMBER")).replace(b'"NUMBER"', b"0.30000000000000004"),
        "proof",
    ),
    case(
        8,
        "a number as text after signing",
        VC,
        "PROOF_VERIFICATION_ERROR",
        lambda: to_bytes(embedded(credentialSubject={"name": "1"})).replace(b'"name":"1"', b'"name":1'),
        "proof",
    ),
    case(9, "half a surrogate pair", VC, "JSON_TEXT", _subject('"\\ud800"')),
    case(9, "half a surrogate pair in a key", VC, "JSON_TEXT", _json('"name":', '"\\udc00":')),
    case(10, "an escaped NUL", VC, "JSON_TEXT", _subject('"a\\u0000b"')),
    case(10, "a raw control character", VC, "JSON_INVALID", _subject('"a\x01b"')),
    case(10, "U+007F", VC, "JSON_TEXT", _subject('"a\x7fb"')),
    case(11, "a byte order mark", JSON, "JSON_TEXT", lambda: b"\xef\xbb\xbf" + to_bytes(credential())),
    case(11, "UTF-16", JSON, "JSON_TEXT", lambda: to_bytes(credential()).decode().encode("utf-16")),
    case(
        11,
        "a byte that is not UTF-8",
        JSON,
        "JSON_TEXT",
        lambda: to_bytes(credential()).replace(b"Cotton", b"Cott\xffn"),
    ),
    case(
        14,
        "one byte over the limit",
        JSON,
        "TOO_LARGE",
        lambda: to_bytes(credential()) + b" " * (1 + (1 << 20) - len(to_bytes(credential()))),
    ),
    case(15, "20001 values", JSON, "TOO_LARGE", _subject("[" + ",".join("1" * 20001) + "]")),
    case(15, "a key of 257 characters", JSON, "TOO_LARGE", _json("name", "k" * 257)),
    case(15, "a text of a megabyte", JSON, "TOO_LARGE", _subject('"' + "x" * (1 << 20) + '"')),
    case(
        16,
        "a space behind the signed id",
        VC,
        "TERM_INVALID",
        lambda: to_bytes(embedded(("eddsa-rdfc-2022",))).replace(b'ae7"', b'ae7 "'),
        "proof",
    ),
    case(
        16,
        "an id in other case than signed",
        VC,
        "PROOF_VERIFICATION_ERROR",
        lambda: to_bytes(embedded()).replace(b"https://credentials", b"HTTPS://credentials"),
        "proof",
    ),
    case(1, "no JSON at all", JSON, "JSON_INVALID", lambda: b"html"),
    case(1, "a page instead of JSON", JSON, "UNSUPPORTED_FORM", lambda: b"<html></html>"),
    case(1, "an array", JSON, "JSON_INVALID", lambda: b"[]"),
    case(1, "nothing", JSON, "JSON_INVALID", lambda: b""),
    case(60, "a media type of something else", "text/html", "CONTENT_TYPE", lambda: to_bytes(credential())),
)
