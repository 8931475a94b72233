"""What a trust list fixes beside whom it believes: the keys of parties, and the numbers that are theirs.

The rule: both are the verifier's own knowledge and need nobody else's word. A party may be pinned that is believed for
nothing; a number may be given to one that is. Both are read strictly, because a misspelt pin would pin nothing.
Specification: RFC 7638 section 3 (thumbprints); docs/running-a-node.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from credentials.encoding.document import Json
from credentials.errors import MalformedInput
from credentials.identifiers.canonical_ids import given_or_canonical

#: DID → its texts (thumbprints of keys, or canonical identifiers), both sorted.
ByParty: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
_THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def parse_keys(value: Json) -> ByParty:
    """The member ``keys``: each DID with the SHA-256 JWK thumbprints of its keys. Raises MalformedInput."""
    return _by_party(value, "/keys", _thumbprint)


def parse_identifiers(value: Json) -> ByParty:
    """The member ``identifiers``: each DID with the identifiers it may speak for, canonical. Raises MalformedInput."""
    return _by_party(value, "/identifiers", _identifier)


def _by_party(value: Json, pointer: str, read: Callable[[Json, str], str]) -> ByParty:
    if not isinstance(value, Mapping):
        raise MalformedInput("This is not an object.", pointer=pointer, fix='Write {"did:web:…": ["…"]}.')
    found = []
    for did, listed in value.items():
        if not did.startswith("did:"):
            raise MalformedInput(
                f"{did[:60]!r} is no DID.", pointer=f"{pointer}/{did}", fix="Name the party by its DID."
            )
        if not isinstance(listed, list | tuple) or not listed:
            raise MalformedInput(
                "This is not a list of texts.", pointer=f"{pointer}/{did}", fix="List at least one, or leave it out."
            )
        texts = {read(item, f"{pointer}/{did}/{index}") for index, item in enumerate(listed)}
        found.append((did, tuple(sorted(texts))))
    return tuple(sorted(found))


def _thumbprint(value: Json, pointer: str) -> str:
    if not isinstance(value, str) or not _THUMBPRINT.fullmatch(value):
        raise MalformedInput(
            "This is no thumbprint of a key.",
            pointer=pointer,
            fix="Write the SHA-256 JWK thumbprint (RFC 7638) in base64url: 43 characters.",
        )
    return value


def _identifier(value: Json, pointer: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise MalformedInput(
            "This is no identifier.", pointer=pointer, fix="Write it as credentials do, in any spelling."
        )
    return given_or_canonical(value)
