"""``relatedResource``: what a credential binds by digest, and whether our pinned contexts are what it bound.

VCDM 2.0 section 5.3; w3c.md A1.11. A pinned context is compared by the SHA-256 of its published bytes; any other
resource is compared where it is used.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import SHA2_256_MULTIHASH, decode_multibase
from credentials.errors import MalformedInput, Problem
from credentials.model.members import check_id, listed, malformed

_SRI: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})")
_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}
_MULTIHASHES: Final = {b"\x12\x20": 32, b"\x20\x30": 48, b"\x13\x40": 64}


def check_resources(value: JsonObject, *, contexts: ContextLibrary) -> Iterator[Problem]:
    """A1.11: objects with unique ids and a digest; what is pinned here matches it."""
    seen: set[str] = set()
    for resource, where in listed(value.get("relatedResource", ()), "/relatedResource"):
        if not isinstance(resource, Mapping):
            yield malformed(where, "A related resource is no object.", "Write its id and digest in an object.")
            continue
        yield from check_id(resource, where, required=True)
        name = resource.get("id")
        if isinstance(name, str) and name in seen:
            yield malformed(f"{where}/id", "This resource is listed twice.", "List each resource once.")
        seen.add(str(name))
        yield from _digests(resource, where, contexts=contexts)


def _digests(resource: JsonObject, where: str, *, contexts: ContextLibrary) -> Iterator[Problem]:
    if "digestSRI" not in resource and "digestMultibase" not in resource:
        yield malformed(where, "The resource carries no digest.", "State digestSRI or digestMultibase.")
    if "mediaType" in resource and not isinstance(resource["mediaType"], str):
        yield malformed(f"{where}/mediaType", "The media type is not a text.", "Write it like application/ld+json.")
    name = resource.get("id")
    pinned = contexts.digest(name) if isinstance(name, str) and contexts.knows(name) else None
    for key, read in (("digestSRI", _read_sri), ("digestMultibase", _read_multibase)):
        if key in resource:
            stated = read(resource[key])
            if stated is None:
                yield malformed(
                    f"{where}/{key}", f"The {key} is malformed.", "Encode the digest as its specification says."
                )
            elif pinned is not None and len(stated) == 32 and stated.hex() != pinned:
                yield Problem(
                    code="CONTEXT_HASH",
                    pointer=f"{where}/{key}",
                    detail="The digest is not that of the context pinned here under this URL.",
                    fix="Bind the published bytes of the context.",
                )


def _read_sri(stated: Json) -> bytes | None:
    match = _SRI.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        return None
    try:
        raw = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        return None
    return raw if len(raw) == _SIZES[match[1]] else None


def _read_multibase(stated: Json) -> bytes | None:
    try:
        raw = decode_multibase(stated)
    except MalformedInput:
        return None
    size = _MULTIHASHES.get(raw[: len(SHA2_256_MULTIHASH)])
    return raw[2:] if size is not None and len(raw) == 2 + size else None
