"""Questions about other nodes: the peer book, what they sent, and whose trust lists are believed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from credentials.encoding.document import JsonObject, sha256_hex
from node.errors import Conflict, NotHeld
from node.store.concurrency import alone, insert_new
from node.store.stream_positions import StreamPositions
from node.store.tables import InboxRow, PeerRow, TrustPinRow

#: The state of an event that is still to be looked at.
WAITING: Final = "stored"
#: What cannot be read by this release and the registered contexts; another start looks at it again.
UNREAD: Final = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPeer:
    """A node in the peer book: where it is reached, what it may have (``policy``), its DID document as last seen."""

    did: str
    name: str = ""
    endpoint: str = ""
    state: str = "active"
    policy: JsonObject = field(default_factory=dict)
    document: bytes = b""
    last_seq_in: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedEvent:
    """An event as a peer sent it; the pair (source, id) makes it the same one."""

    source: str
    id: str
    peer: str
    type: str
    subject: str
    raw: bytes
    received: datetime | None = None


class Peers:
    """The peer book, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, peer: KnownPeer, *, at: datetime) -> None:
        """Add a peer, or replace what is known of it."""
        row = await self._row(peer.did) or PeerRow(did=peer.did, added=at)
        row.name, row.endpoint, row.state = peer.name, peer.endpoint, peer.state
        row.policy = json.dumps(dict(peer.policy))
        row.did_document = peer.document or row.did_document
        self._session.add(row)
        await self._session.flush()

    async def get(self, did: str) -> KnownPeer | None:
        """The peer with this DID."""
        row = await self._row(did)
        return _value(row) if row else None

    async def all(self) -> tuple[KnownPeer, ...]:
        """Every peer, by DID."""
        return tuple(_value(row) for row in await self._session.exec(select(PeerRow).order_by(col(PeerRow.did))))

    async def audience(self, *, after: str, limit: int) -> tuple[KnownPeer, ...]:
        """State and policy of the next peers behind the DID ``after``, by DID; "" for the first ones."""
        query = select(PeerRow.did, PeerRow.state, PeerRow.policy).where(col(PeerRow.did) > after)
        rows = await self._session.exec(query.order_by(col(PeerRow.did)).limit(limit))
        return tuple(KnownPeer(did=did, state=state, policy=json.loads(policy)) for did, state, policy in rows)

    async def active(self) -> tuple[str, ...]:
        """The DIDs of the peers that we speak to."""
        return tuple(await self._session.exec(select(PeerRow.did).where(col(PeerRow.state) == "active")))

    async def heard(self, did: str, *, epoch: str, places: Collection[int]) -> int:
        """Note that ``places`` of the stream ``epoch`` are here; the last one before which none is missing."""
        row = await self._row(did, lock=True)
        if row is None:
            raise NotHeld("No such peer.", pointer="/did", fix="List the peers to see their DIDs.")
        if row.epoch != epoch:
            row.epoch, row.last_seq_in, row.beyond = epoch, 0, ""
        here = StreamPositions.of_text(row.last_seq_in, row.beyond).with_positions(places)
        row.last_seq_in, row.beyond = here.head, here.text
        self._session.add(row)
        await self._session.flush()
        return row.last_seq_in

    async def remove(self, did: str) -> None:
        """Forget a peer. Raises NotHeld."""
        row = await self._row(did)
        if row is None:
            raise NotHeld("No such peer.", pointer="/did", fix="List the peers to see their DIDs.")
        await self._session.delete(row)
        await self._session.flush()

    async def _row(self, did: str, *, lock: bool = False) -> PeerRow | None:
        query = select(PeerRow).where(col(PeerRow.did) == did)
        return (await self._session.exec(query.with_for_update() if lock else query)).first()


class Inbox:
    """Events that peers sent, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def store(self, event: ArrivedEvent, *, at: datetime) -> bool:
        """Keep an event; False when the same one is here already.

        Raises:
            Conflict: the same (source, id) with other content.
        """
        digest = bytes.fromhex(sha256_hex(event.raw))
        fresh = await insert_new(
            self._session,
            InboxRow(
                source=event.source,
                event_id=event.id,
                peer=event.peer,
                type=event.type,
                subject=event.subject,
                digest=digest,
                raw=event.raw,
                received=at,
                next_look=at,
            ),
        )
        row = None if fresh else await self._row(event.source, event.id)
        if row is not None and row.digest != digest:
            raise Conflict(
                "An event with this id had another content.", pointer="/id", fix="Give each event its own id."
            )
        return fresh

    async def waiting(self, *, at: datetime, limit: int = 20) -> tuple[ArrivedEvent, ...]:
        """Events that are to be looked at by ``at``, oldest first."""
        return tuple(_arrived(row) for row in await self._session.exec(_due(at).limit(limit)))

    async def claim(
        self, peers: Iterable[str], *, at: datetime, lease: timedelta, limit: int = 20
    ) -> tuple[ArrivedEvent, ...]:
        """Claim what ``peers`` sent and is to be looked at by ``at``; it comes back to others when the lease ends.

        What another worker is claiming just now is left to it.
        """
        query = _due(at).where(col(InboxRow.peer).in_(list(peers))).limit(limit).with_for_update(skip_locked=True)
        claimed = []
        for row in await self._session.exec(query):
            row.lease_until = at + lease
            self._session.add(row)
            claimed.append(_arrived(row))
        await self._session.flush()
        return tuple(claimed)

    async def take_back(self) -> None:
        """End every lease, because whoever held one is gone, and have what was not read looked at once more.

        Nothing while others work on this database.
        """
        if await alone(self._session):
            held = update(InboxRow).where(col(InboxRow.lease_until).is_not(None))
            await self._session.exec(held.values(lease_until=None))
            unread = update(InboxRow).where(col(InboxRow.state) == UNREAD)
            await self._session.exec(unread.values(state=WAITING, next_look=InboxRow.received))

    async def settle(
        self, event: ArrivedEvent, *, state: str, result: str = "", next_look: datetime | None = None
    ) -> bool:
        """Write what came of an event, and keep others from it until we are done; what is settled stays.

        False when another worker settled it meanwhile: a lease ends when its holder is slow.
        """
        row = await self._row(event.source, event.id, lock=True)
        if row is None:
            raise NotHeld("No such event.", fix="Store it first.")
        if row.state != WAITING:
            return False
        row.state, row.next_look, row.lease_until = state, next_look, None
        row.first_result = row.first_result or result
        self._session.add(row)
        await self._session.flush()
        return True

    async def unread(self, *, limit: int) -> tuple[tuple[str, str, str], ...]:
        """Event id, peer and reason of what is not read here, the latest first."""
        columns = select(InboxRow.event_id, InboxRow.peer, InboxRow.first_result).where(InboxRow.state == UNREAD)
        rows = await self._session.exec(columns.order_by(col(InboxRow.received).desc()).limit(limit))
        return tuple((event_id, peer, reason) for event_id, peer, reason in rows.all())

    async def counts(self) -> dict[str, int]:
        """How many events are in each state."""
        query = select(col(InboxRow.state), func.count()).group_by(col(InboxRow.state))
        return dict((await self._session.exec(query)).all())

    async def outcome(self, source: str, event_id: str) -> tuple[str, str] | None:
        """The state and first result of an event that was stored earlier; None when it never was."""
        row = await self._row(source, event_id)
        return (row.state, row.first_result) if row else None

    async def _row(self, source: str, event_id: str, *, lock: bool = False) -> InboxRow | None:
        query = select(InboxRow).where(col(InboxRow.source) == source, col(InboxRow.event_id) == event_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.exec(query)).first()


class TrustPins:
    """DIDs whose signed trust lists are believed, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def pin(self, did: str, *, note: str, at: datetime) -> bool:
        """Pin a DID; False when it is pinned already."""
        if did in dict(await self.all()):
            return False
        self._session.add(TrustPinRow(did=did, note=note, pinned=at))
        await self._session.flush()
        return True

    async def all(self) -> tuple[tuple[str, str], ...]:
        """Every pinned DID with its note, by DID."""
        rows = await self._session.exec(select(TrustPinRow).order_by(col(TrustPinRow.did)))
        return tuple((row.did, row.note) for row in rows)


def _due(at: datetime) -> SelectOfScalar[InboxRow]:
    free = col(InboxRow.lease_until).is_(None) | (col(InboxRow.lease_until) < at)
    query = select(InboxRow).where(col(InboxRow.state) == WAITING, col(InboxRow.next_look) <= at, free)
    return query.order_by(col(InboxRow.id))


def _arrived(row: InboxRow) -> ArrivedEvent:
    return ArrivedEvent(
        source=row.source,
        id=row.event_id,
        peer=row.peer,
        type=row.type,
        subject=row.subject,
        raw=row.raw,
        received=row.received,
    )


def _value(row: PeerRow) -> KnownPeer:
    return KnownPeer(
        did=row.did,
        name=row.name,
        endpoint=row.endpoint,
        state=row.state,
        policy=json.loads(row.policy),
        document=row.did_document or b"",
        last_seq_in=row.last_seq_in,
    )
