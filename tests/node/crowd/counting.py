"""What a crowd left behind, counted from what was signed and from what is served, never from the rows between."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import text

from node.store import Store
from tests.node.issuer import AT, Issuer

#: A status list by its address, and an index in it.
Spot = tuple[str, int]
LENGTH = 131_072


def doubts(given: Collection[Spot], withdrawn: Collection[Spot], served: Mapping[str, bytes]) -> list[str]:
    """Whatever is wrong, in words: an index given twice, a list too short, a bit lost, a bit too many."""
    doubled = len(given) - len(set(given))
    found = [f"{doubled} indexes were given out again"] if doubled else []
    expected, present = set(withdrawn), set[Spot]()
    for url, bits in served.items():
        present |= {(url, index) for index in _ones(bits)}
        if len(bits) * 8 != LENGTH:
            found.append(f"{url} has {len(bits) * 8} entries")
    if expected - present:
        found.append(f"{len(expected - present)} acknowledged revocations are in no list")
    if present - expected:
        found.append(f"{len(present - expected)} bits are set that nobody set")
    return found


async def signed_spots(store: Store) -> dict[str, Spot]:
    """The status entry of each credential that is kept, by its id, as its token says."""
    async with store.reading() as tx:
        connection = await tx.session.connection()
        rows = (await connection.execute(text("SELECT raw FROM body WHERE form = 'vc+jwt'"))).all()
    documents = [_payload(bytes(raw)) for (raw,) in rows]
    return {document["id"]: _spot(document["credentialStatus"]) for document in documents}


async def served_lists(issuer: Issuer, urls: Iterable[str]) -> dict[str, bytes]:
    """The bits of each list as it is served now."""
    lists = {url: await issuer.publishing.status_list(url.rsplit("/", 1)[1], at=AT) for url in sorted(set(urls))}
    return {url: _unpacked(_payload(raw)["credentialSubject"]["encodedList"]) for url, raw in lists.items()}


def _ones(bits: bytes) -> set[int]:
    return {8 * place + bit for place, byte in enumerate(bits) if byte for bit in range(8) if byte & 0x80 >> bit}


def _spot(entry: Mapping[str, Any]) -> Spot:
    return str(entry["statusListCredential"]), int(entry["statusListIndex"])


def _payload(token: bytes) -> Any:
    part = token.split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))


def _unpacked(encoded: str) -> bytes:
    part = encoded[1:]
    return gzip.decompress(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
