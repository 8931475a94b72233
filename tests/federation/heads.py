"""Heads of streams that a test makes by hand, signed by the company that it speaks for."""

from __future__ import annotations

from typing import Any

from credentials.did.documents import multikey_method
from node.federation.heads import StreamHead, signed_head
from node.federation.messages import ExchangeEvent
from node.keyring.peer_key import NamedSigner
from node.store.rolling import rolling_next, rolling_start
from tests.federation.network import Participant


def head_of(farm: Participant, receiver: Participant, *events: ExchangeEvent, **stated: Any) -> str:
    """What ``farm`` signs for a stream of these events, unless ``stated`` otherwise."""
    epoch = events[-1].epoch
    rolling = rolling_start(farm.did, receiver.did, epoch)
    for event in events:
        rolling = rolling_next(rolling, event.seq, bytes.fromhex(event.digest))
    key = NamedSigner(farm.node.keyring.signer("auth-1"), multikey_method(farm.did, "auth-1"))
    given: dict[str, Any] = {
        "sender": farm.did,
        "to": receiver.did,
        "epoch": epoch,
        "seq": events[-1].seq,
        "rolling": rolling,
        "at": farm.node.clock(),
    }
    return signed_head(StreamHead(**(given | stated)), key)
