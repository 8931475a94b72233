"""The rolling digest of a stream: one number for everything that was told up to a place, and for its order.

``R_0 = SHA-256("tn-stream-1" ‖ from ‖ 0 ‖ to ‖ 0 ‖ epoch)`` and ``R_n = SHA-256(R_{n-1} ‖ u64(n) ‖ digest_n)``, with a
zero byte where 0 stands, u64 with its highest byte first, and the digest of the event at that place. See
docs/federation.md#heads.
"""

from __future__ import annotations

import hashlib
from typing import Final

from credentials.encoding.document import Json, JsonObject, Sha256, sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.errors import CredentialsError
from node.store.outbox import OutboxEvent

_NAME: Final = b"tn-stream-1"


def rolling_start(sender: str, to: str, epoch: str) -> bytes:
    """R_0 of the stream ``epoch`` from one DID to the other: 32 bytes."""
    return hashlib.sha256(_NAME + b"\0".join(text.encode("utf-8") for text in (sender, to, epoch))).digest()


def rolling_next(before: bytes, place: int, digest: bytes) -> bytes:
    """R_n from R_{n-1}, the place n and the 32 bytes of the digest of the event that stands there."""
    return hashlib.sha256(before + place.to_bytes(8, "big") + digest).digest()


def fact_digest(*, id: str, source: str, type: str, subject: str, data: JsonObject) -> Sha256:
    """SHA-256 of a fact, hexadecimal: everything that an event says but its place in a stream."""
    fact: dict[str, Json] = {"id": id, "source": source, "type": type, "subject": subject, "data": data}
    return sha256_hex(canonical_json(fact))


def place_digest(event: OutboxEvent) -> bytes:
    """The 32 bytes that stand for an event at its place; zeros where it cannot be written down, nor told."""
    try:
        stated = fact_digest(id=event.id, source=event.source, type=event.type, subject=event.subject, data=event.data)
    except CredentialsError:
        return bytes(32)
    return bytes.fromhex(stated)
