"""How things are kept: open a :class:`Store`, ask it in a transaction."""

from node.store.arrivals import ArrivedEvent
from node.store.audit import AuditLine
from node.store.challenges import CHALLENGE_PREFIX
from node.store.engine import ONLY_PROCESS, ProcessRole
from node.store.issued import IssuedCredential
from node.store.links import StoredLink
from node.store.outbox import OutboxEvent
from node.store.peers import KnownPeer
from node.store.received import ReceivedCredential
from node.store.sqlite import is_sound
from node.store.statuses import StatusListHead, StatusListState, StatusSlot
from node.store.store import Store, Transaction, looking
from node.store.tokens import Grant, KeptToken, Tokens

__all__ = [
    "ONLY_PROCESS",
    "CHALLENGE_PREFIX",
    "Tokens",
    "ArrivedEvent",
    "AuditLine",
    "OutboxEvent",
    "Grant",
    "KeptToken",
    "IssuedCredential",
    "KnownPeer",
    "StoredLink",
    "ReceivedCredential",
    "StatusListHead",
    "StatusListState",
    "StatusSlot",
    "ProcessRole",
    "Store",
    "Transaction",
    "is_sound",
    "looking",
]
