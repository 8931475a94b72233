"""Digests as credentials write them: ``digestSRI`` and ``digestMultibase``, read strictly and compared with bytes.

Specifications: VCDM 2.0 section 5.3; VC Data Integrity section 2.6; Subresource Integrity section 3.1; Multihash.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from credentials.encoding.document import Json
from credentials.encoding.multibase import decode_multibase
from credentials.errors import MalformedInput

_SRI: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})")
_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}
_MULTIHASHES: Final = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest and the algorithm (hashlib's word) that made it."""

    algorithm: str
    value: bytes

    def is_of(self, raw: bytes) -> bool:
        """Is it the digest of ``raw``?"""
        return hashlib.new(self.algorithm, raw).digest() == self.value


def read_sri(stated: Json) -> Digest | None:
    """One ``digestSRI``, canonical base64 of the right length; None when it is not."""
    match = _SRI.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        return None
    try:
        raw = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        return None
    canonical = base64.b64encode(raw).decode("ascii") == match[2]
    return Digest(match[1], raw) if canonical and len(raw) == _SIZES[match[1]] else None


def read_multihash(stated: Json) -> Digest | None:
    """One ``digestMultibase``: multibase over a multihash of SHA-256, -384 or -512; None when it is not."""
    try:
        raw = decode_multibase(stated)
    except MalformedInput:
        return None
    algorithm = _MULTIHASHES.get(raw[:2])
    return Digest(algorithm, raw[2:]) if algorithm and len(raw) == 2 + _SIZES[algorithm] else None
