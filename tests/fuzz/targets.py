"""What is fuzzed: one function a target, bytes in, nothing out.

The rule: whatever the bytes, the only exception is one of ours on purpose; and what was accepted must survive the way
back (the round trips below are the oracles). See docs/requirements.md S1 to S16; corpus/TARGET/ holds what to begin
with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Final

from credentials.did.methods import local_document, method_of, resolution_url
from credentials.did.syntax import parse_did, parse_did_url
from credentials.encoding.cbor import decode_header, encode_cbor
from credentials.encoding.document import DEFAULT_LIMITS, parse_document, walk
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import format_moment, parse_day, parse_moment, start_of
from credentials.encoding.multibase import decode_base64url, decode_multibase, encode_base58, encode_base64url
from credentials.encoding.quick import UNSURE, read_quickly
from credentials.encoding.strict import read_strictly
from credentials.envelopes.cose import read_sign1
from credentials.envelopes.jose import read_compact
from credentials.envelopes.opening import ENVELOPE_MEDIA_TYPES, open_secured
from credentials.envelopes.sd_jwt import read_sd_jwt
from credentials.errors import CredentialsError
from credentials.keys.codecs import from_jwk, from_multikey, to_jwk, to_multikey
from credentials.keys.controller import parse_controller_document
from credentials.status.bitstring import INFLATE_LIMIT, decode_list, encode_list, value_at
from credentials.status.entries import entries_of, parse_entry

Target = Callable[[bytes], None]


def parser(raw: bytes) -> None:
    """The readers and the canonical form: what they take, Python reads alike, and JCS writes once and for all."""
    with suppress(CredentialsError):
        open_secured(raw, None)
    quick = read_quickly(raw, DEFAULT_LIMITS)
    with suppress(CredentialsError):
        strict = read_strictly(raw, DEFAULT_LIMITS)
        assert quick is UNSURE or repr(quick) == repr(strict)
        quick = UNSURE
    assert quick is UNSURE
    with suppress(CredentialsError):
        value = parse_document(raw).value
        assert json.loads(raw) == value
        canonical = canonical_json(value)
        assert canonical_json(json.loads(canonical)) == canonical


def did(raw: bytes) -> None:
    """DIDs, DID URLs and what is made of them without a network; a DID document."""
    text = raw.decode("utf-8", "replace")
    with suppress(CredentialsError):
        assert str(parse_did(text)) == text
        method_of(text)
        resolution_url(text)
        with suppress(CredentialsError):
            document = local_document(text)
            assert document is None or document["id"] == text
    with suppress(CredentialsError):
        url = parse_did_url(text)
        address, _, fragment = text.partition("#")
        hierarchy, _, query = address.partition("?")
        assert (str(url.did) + url.path, url.query, url.fragment) == (hierarchy, query, fragment)
    with suppress(CredentialsError):
        parse_controller_document(raw, id="did:web:farm.test")


def multibase(raw: bytes) -> None:
    """Base encodings and keys as text, both ways."""
    assert decode_base64url(encode_base64url(raw)) == raw
    assert not 0 < len(raw) <= 100 or decode_multibase(encode_base58(raw)) == raw
    text = raw.decode("utf-8", "replace")
    with suppress(CredentialsError):
        decoded = decode_multibase(text)
        assert text == (encode_base58(decoded) if text[0] == "z" else "u" + encode_base64url(decoded))
    with suppress(CredentialsError):
        assert encode_base64url(decode_base64url(text)) == text
    with suppress(CredentialsError):
        key = from_multikey(text)
        assert from_multikey(to_multikey(key)) == key
        assert from_jwk(to_jwk(key)) == key
    with suppress(CredentialsError):
        jwk = parse_document(raw).value
        assert from_jwk(to_jwk(from_jwk(jwk))) == from_jwk(jwk)


def jws(raw: bytes) -> None:
    """Compact tokens: taken apart, they can be put together to the same bytes."""
    with suppress(CredentialsError):
        token = read_compact(raw)
        head, payload, signature = raw.split(b".")
        assert head + b"." + payload == token.signing_input
        assert encode_base64url(token.payload).encode() == payload
        assert encode_base64url(token.signature).encode() == signature
    for media_type in ("application/vc+jwt", "application/vp+jwt"):
        with suppress(CredentialsError):
            open_secured(raw, media_type)


def envelopes(raw: bytes) -> None:
    """SD-JWTs and COSE: what is shown has no digests left in it, and a header written again is read alike."""
    for media_type in ENVELOPE_MEDIA_TYPES:
        with suppress(CredentialsError):
            open_secured(raw, media_type)
    with suppress(CredentialsError):
        claims = read_sd_jwt(raw).claims
        assert not any(mark in place.split("/") for place, _ in walk(claims) for mark in ("_sd", "..."))
    with suppress(CredentialsError):
        assert read_sign1(raw).payload in raw
    with suppress(CredentialsError):
        header = decode_header(raw)
        numbers = {label: item for label, item in header.items() if isinstance(label, int) and isinstance(item, int)}
        assert decode_header(encode_cbor({**numbers})) == numbers


def status(raw: bytes) -> None:
    """Status lists and entries: what is taken is bounded, and what we write is taken."""
    bits = raw[:64] + bytes(max(0, 16_384 - len(raw[:64])))
    assert decode_list(encode_list(bits)) == bits
    with suppress(CredentialsError):
        assert 16_384 <= len(decode_list(raw.decode("utf-8", "replace"))) <= INFLATE_LIMIT
    with suppress(CredentialsError):
        decode_list("u" + encode_base64url(raw))
    with suppress(CredentialsError):
        for pointer, entry in entries_of({"credentialStatus": parse_document(b'{"a":' + raw + b"}").value["a"]}):
            with suppress(CredentialsError):
                read = parse_entry(entry, pointer=pointer)
                with suppress(CredentialsError):
                    assert 0 <= value_at(bits, read.index, read.size) < 1 << read.size


def dates(raw: bytes) -> None:
    """Moments and days: UTC, between the years 1 and 9999, and the same again when written and read."""
    text = raw.decode("utf-8", "replace")
    with suppress(CredentialsError):
        moment = parse_moment(text)
        assert moment.utcoffset() == timedelta()
        assert parse_moment(format_moment(moment)) == moment.replace(microsecond=0)
        assert parse_moment(moment.astimezone(UTC).isoformat()) == moment
    with suppress(CredentialsError):
        assert parse_day(text).isoformat() == text
    with suppress(CredentialsError):
        assert start_of(text).tzinfo is UTC


TARGETS: Final[Mapping[str, Target]] = {
    target.__name__: target for target in (parser, did, multibase, jws, envelopes, status, dates)
}
