"""Questions about other nodes: the peer book, and whose trust lists are believed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import JsonObject
from node.errors import NotHeld
from node.store.stream_positions import StreamPositions
from node.store.tables import PeerRow, TrustPinRow


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
