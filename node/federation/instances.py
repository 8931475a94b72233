"""Which database speaks for a DID: the name of its present life, signed over the challenge of whoever asks.

Two copies of a node have the same keys and the same name; what they do not share is their life. See
docs/federation.md#two-copies; RFC 7515.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.encoding.document import Limits, parse_document
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import format_moment
from credentials.envelopes.jose import read_compact, write_compact
from credentials.errors import CredentialsError
from credentials.keys.algorithms import PublicKey
from node.keyring.peer_key import NamedSigner

TYPE: Final = "tn-instance+jwt"
CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")
_LIMITS: Final = Limits(size=2048, depth=2, values=16, text=512)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInstance:
    """The database that speaks for ``did``: ``instance`` is 128 random bits, hexadecimal, new with each life."""

    did: str
    instance: str
    challenge: str


def signed_instance(shown: NodeInstance, key: NamedSigner, *, at: datetime) -> str:
    """The answer to a challenge as it travels: a compact JWS by ``key``."""
    stated = {"did": shown.did, "instance": shown.instance, "challenge": shown.challenge, "at": format_moment(at)}
    return write_compact({"kid": key.method, "typ": TYPE}, canonical_json(stated), signer=key.signer).decode("ascii")


def read_instance(raw: str, *, keys: Mapping[str, PublicKey]) -> NodeInstance | None:
    """What ``raw`` shows, signed by one of ``keys`` (by key id); None where it is anything else."""
    try:
        envelope = read_compact(raw.encode("utf-8"))
        kid = str(envelope.header.get("kid", ""))
        if envelope.header.get("typ") != TYPE or kid not in keys:
            return None
        envelope.verify(keys[kid])
        stated = parse_document(envelope.payload, limits=_LIMITS).value
    except CredentialsError:
        return None
    words = [stated.get(name) for name in ("did", "instance", "challenge")]
    did, instance, challenge = (str(word) for word in words)
    return NodeInstance(did=did, instance=instance, challenge=challenge)
