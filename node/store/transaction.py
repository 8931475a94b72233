"""One transaction: every question that can be asked of the store, at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.adopted import Adopted
from node.store.arrivals import Inbox
from node.store.audit import Audit
from node.store.challenges import Challenges
from node.store.consistency import Consistency
from node.store.heard_lives import HeardLives
from node.store.issued import Issued
from node.store.links import Links
from node.store.lives import Lives
from node.store.outbox import Outbox
from node.store.own_evidence import OwnEvidence
from node.store.peers import Peers, TrustPins
from node.store.received import Received
from node.store.seen import Seen
from node.store.seen_lists import SeenLists
from node.store.shown_credentials import ShownCredentials
from node.store.shown_deliveries import ShownDeliveries
from node.store.statuses import Statuses
from node.store.streams import Streams
from node.store.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Transaction:
    """One moment of the database, by subject."""

    session: AsyncSession
    lives: Lives
    issued: Issued
    shown: ShownCredentials
    links: Links
    statuses: Statuses
    outbox: Outbox
    streams: Streams
    deliveries: ShownDeliveries
    inbox: Inbox
    peers: Peers
    received: Received
    tokens: Tokens
    trust: TrustPins
    audit: Audit
    consistency: Consistency
    seen_lists: SeenLists
    challenges: Challenges
    seen: Seen
    heard: HeardLives
    evidence: OwnEvidence
    adopted: Adopted

    @classmethod
    def over(cls, session: AsyncSession) -> Self:
        """The questions of one session."""
        return cls(
            session,
            Lives(session),
            Issued(session),
            ShownCredentials(session),
            Links(session),
            Statuses(session),
            Outbox(session),
            Streams(session),
            ShownDeliveries(session),
            Inbox(session),
            Peers(session),
            Received(session),
            Tokens(session),
            TrustPins(session),
            Audit(session),
            Consistency(session),
            SeenLists(session),
            Challenges(session),
            Seen(session),
            HeardLives(session),
            OwnEvidence(session),
            Adopted(session),
        )
