"""Multibase, multihash and multicodec: the few forms the specifications use, decoded exactly or refused.

Only ``z`` (base58btc) and ``u`` (base64url without padding). Decoders never strip, pad or skip: what decodes must
encode back to the same text (docs/requirements.md S50). Lengths are capped first, because base58 is quadratic.
Specification: Controlled Identifiers 1.0 section 2.4.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final

from credentials.errors import MalformedInput

_TO_BASE64: Final = bytes.maketrans(b"-_+/=", b"+/   ")
_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = bytes.maketrans(_ALPHABET.encode(), bytes(range(58)))
_BASE58: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]+")
BASE58_LIMIT: Final = 200
SHA2_256_MULTIHASH: Final = b"\x12\x20"


def encode_base58(raw: bytes) -> str:
    """Multibase ``z`` text of ``raw``."""
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        letters = _ALPHABET[digit] + letters
    return "z" + "1" * (len(raw) - len(raw.lstrip(b"\0"))) + letters


def encode_base64url(raw: bytes) -> str:
    """base64url without padding and without a multibase letter (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_base64url(text: str, *, pointer: str = "") -> bytes:
    """Exact inverse of :func:`encode_base64url`. Raises MalformedInput."""
    over = len(text) % 4
    try:
        letters = text.encode("ascii")
        if any(map(letters.__contains__, b"-_+/=")):  # in JSON that is encoded they are rare, and searching is cheap
            letters = letters.translate(_TO_BASE64)
        raw = binascii.a2b_base64(letters + b"=" * (-over % 4), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raw = None
    # Only the last letter can hold bits that no byte takes.
    if raw is not None and (over == 0 or encode_base64url(raw[-(over - 1) :]) == text[-over:]):
        return raw
    raise MalformedInput("Not base64url without padding.", pointer=pointer, fix="Encode it as RFC 7515 does.")


def decode_multibase(text: object, *, pointer: str = "", limit: int = BASE58_LIMIT) -> bytes:
    """The bytes of a ``z`` or ``u`` multibase text. Raises MalformedInput."""
    if isinstance(text, str) and text[:1] == "u":
        return decode_base64url(text[1:], pointer=pointer)
    if isinstance(text, str) and text[:1] == "z" and len(text) <= limit and _BASE58.fullmatch(text, 1):
        return _decode_base58(text[1:])
    raise MalformedInput(
        f"{str(text)[:40]!r} is not multibase base58btc (z…) or base64url (u…).",
        pointer=pointer,
        fix="Begin with the multibase letter and use its alphabet only.",
    )


def _decode_base58(text: str) -> bytes:
    """Each leading 1 is a zero byte, the rest is a number in base 58."""
    number = 0
    for digit in text.encode("ascii").translate(_DIGITS):
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def digest_multibase(raw: bytes) -> str:
    """``digestMultibase`` of ``raw``: base58btc over a SHA-256 multihash (VC Data Integrity section 2.6)."""
    return encode_base58(SHA2_256_MULTIHASH + hashlib.sha256(raw).digest())


def digest_matches(raw: bytes, stated: str, *, pointer: str = "") -> bool:
    """Does ``stated`` (multibase over multihash) name ``raw``? SHA-256, SHA-384 and SHA-512 are understood.

    Raises:
        MalformedInput: the text is no multibase multihash of these.
    """
    decoded = decode_multibase(stated, pointer=pointer)
    for prefix, name in ((b"\x12\x20", "sha256"), (b"\x20\x30", "sha384"), (b"\x13\x40", "sha512")):
        if decoded.startswith(prefix) and len(decoded) == 2 + prefix[1]:
            return hashlib.new(name, raw).digest() == decoded[2:]
    raise MalformedInput(
        "The digest is not a multihash of SHA-256, SHA-384 or SHA-512.",
        pointer=pointer,
        fix="Write digestMultibase as multibase(multihash(SHA-256 of the bytes)).",
    )
