"""Heads: how far a stream is, in one signed line, so that whoever holds it is a witness of what was told.

A head is a compact JWS by the authentication key of the sender of the stream. The rule: it counts only for whom it
names and with his own signature; anybody may keep it and show it again. See docs/federation.md#heads; RFC 7515.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.encoding.document import Limits, parse_document
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import format_moment, parse_moment
from credentials.envelopes.jose import read_compact, write_compact
from credentials.errors import CredentialsError
from credentials.keys.algorithms import PublicKey
from node.errors import Unauthenticated
from node.keyring.peer_key import NamedSigner

#: The header field that carries one.
FIELD: Final = "Fed-Head"
TYPE: Final = "tn-head+jwt"
LONGEST: Final = 4096
_LIMITS: Final = Limits(size=LONGEST, depth=2, values=16, text=2048)
_DIGEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHead:
    """``sender`` told ``to`` (DIDs) so much in its life ``epoch``: up to the place ``seq``; ``rolling`` is 32 bytes."""

    sender: str
    to: str
    epoch: str
    seq: int
    rolling: bytes
    at: datetime


def signed_head(head: StreamHead, key: NamedSigner) -> str:
    """The head as it travels: a compact JWS by ``key``."""
    stated = {
        "from": head.sender,
        "to": head.to,
        "epoch": head.epoch,
        "seq": head.seq,
        "rolling": head.rolling.hex(),
        "at": format_moment(head.at),
    }
    return write_compact({"kid": key.method, "typ": TYPE}, canonical_json(stated), signer=key.signer).decode("ascii")


def signer_of(raw: str) -> str:
    """The key id that a head claims, unverified: only good for finding the key. Raises Unauthenticated."""
    try:
        return str(read_compact(raw.encode("utf-8")).header.get("kid", ""))
    except CredentialsError as error:
        raise _wrong(error.problem.detail) from error


def read_head(raw: str, *, keys: Mapping[str, PublicKey]) -> StreamHead:
    """The head that ``raw`` is, with the signature of one of ``keys`` (by key id), which is one of its sender.

    Raises:
        Unauthenticated: HEAD_INVALID.
    """
    if len(raw) > LONGEST:
        raise _wrong(f"It is longer than {LONGEST} bytes.")
    try:
        envelope = read_compact(raw.encode("utf-8"))
        kid = str(envelope.header.get("kid", ""))
        if envelope.header.get("typ") != TYPE or kid not in keys:
            raise _wrong("It is not signed by an authentication key of its sender.")
        envelope.verify(keys[kid])
        stated = parse_document(envelope.payload, limits=_LIMITS).value
        seq, rolling = stated.get("seq"), str(stated.get("rolling", ""))
        if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0 or len(rolling) != _DIGEST:
            raise _wrong("seq is a whole number from 0, rolling 64 hexadecimal digits.")
        head = StreamHead(
            sender=str(stated.get("from")),
            to=str(stated.get("to")),
            epoch=str(stated.get("epoch")),
            seq=seq,
            rolling=bytes.fromhex(rolling),
            at=parse_moment(stated.get("at"), pointer="/at"),
        )
    except CredentialsError as error:
        raise _wrong(error.problem.detail) from error
    except ValueError as error:
        raise _wrong("rolling is 64 hexadecimal digits.") from error
    if kid.partition("#")[0] != head.sender:
        raise _wrong("Its sender did not sign it.")
    return head


def _wrong(detail: str) -> Unauthenticated:
    return Unauthenticated(
        f"The head does not hold: {detail}",
        code="HEAD_INVALID",
        fix="Sign it with your DID's authentication key, for this stream and the last place of the batch.",
    )
