"""Our own heads: what we sign for each stream, and what it means when a peer shows one of them to us.

The rule: only our own signature counts, so no peer can push us anywhere. A head beyond what we remember says that this
database is an older copy: the next life begins before the next issue. Two heads for one place say that another copy
works: then nothing is issued until the operator has decided. What was shown once is remembered, so that it never leads
to a second life. See docs/federation.md#heads.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

import structlog

from node.errors import Unauthenticated
from node.federation.heads import StreamHead, read_head, signed_head
from node.keyring import PeerKey
from node.store.audit import AuditLine
from node.store.lives import Why
from node.store.own_evidence import DAY, MOST_A_DAY, EvidenceKind, ShownEvidence
from node.store.rolling import rolling_start
from node.store.store import Store, Transaction

_log = structlog.get_logger("evidence")


class HeadMeaning(StrEnum):
    """What a head that was shown to us means."""

    NOTHING = "nothing"  # it is not ours, or not of the stream to who shows it
    KNOWN = "known"
    BEYOND = EvidenceKind.BEYOND
    PARKED = EvidenceKind.PARKED
    CONTRADICTION = EvidenceKind.CONTRADICTION


_LATELY: Final = 8
_SAID: Final = {
    HeadMeaning.BEYOND: "a peer knows more of us than we do: a new life begins",
    HeadMeaning.PARKED: "a peer knows more of us than we do, once more today: nothing is issued any more",
    HeadMeaning.CONTRADICTION: "another copy of this node works: nothing is issued until the operator decides",
}


class OwnHeads:
    """Signs the heads of the streams of ``did`` and weighs those that come back."""

    def __init__(self, *, did: str, key: PeerKey, store: Store) -> None:
        self._did = did
        self._key = key
        self._store = store
        self._lately: dict[str, deque[str]] = {}  # by peer: what needs no look into the store

    def signed(self, to: str, *, epoch: str, seq: int, rolling: bytes, at: datetime) -> str:
        """The head of the stream ``epoch`` to a peer, as it travels; "" where the rolling digest is not known."""
        if not seq:
            rolling = rolling_start(self._did, to, epoch)
        if not rolling:
            return ""
        head = StreamHead(sender=self._did, to=to, epoch=epoch, seq=seq, rolling=rolling, at=at)
        return self._remembered(to, signed_head(head, self._key.at(at)))

    async def present(self, to: str, *, at: datetime) -> str:
        """The head of what ``to`` has of the present life."""
        async with self._store.reading() as tx:
            epoch = (await tx.lives.present()).id
            seq, rolling = await tx.streams.told(to)
        return self.signed(to, epoch=epoch, seq=seq, rolling=rolling, at=at)

    async def weigh(self, peer: str, raw: str, *, at: datetime) -> HeadMeaning:
        """What the head ``raw`` means that ``peer`` shows us; whatever follows from it is done when this returns."""
        if not raw or raw in self._lately.get(peer, ()):
            return HeadMeaning.KNOWN
        try:
            head = read_head(raw, keys=self._key.public_keys())
        except Unauthenticated as error:
            _log.info("a head that is not ours", peer=peer, why=error.problem.detail)
            return HeadMeaning.NOTHING
        if (head.sender, head.to) != (self._did, peer):
            return HeadMeaning.NOTHING
        shown = await self._store.write(partial(_weighed, head=head, raw=raw, at=at))
        if shown in _SAID:
            _log.warning(_SAID[shown], peer=peer, epoch=head.epoch, seq=head.seq)
        self._remembered(peer, raw)
        return shown

    def _remembered(self, peer: str, raw: str) -> str:
        self._lately.setdefault(peer, deque(maxlen=_LATELY)).append(raw)
        return raw


async def _weighed(tx: Transaction, *, head: StreamHead, raw: str, at: datetime) -> HeadMeaning:
    await tx.lives.begin_in_turn()
    present = await tx.lives.present()
    if head.epoch == present.id:
        if head.seq > await tx.streams.given(head.to):
            return await _beyond(tx, head, raw, at)
        ours = rolling_start(head.sender, head.to, head.epoch)
        if head.seq:
            ours = await tx.streams.rolling_at(head.to, head.seq)
        return HeadMeaning.KNOWN if ours in (b"", head.rolling) else await _contradicted(tx, head, raw, at)
    if head.epoch in await tx.lives.earlier():
        return HeadMeaning.KNOWN  # what was told of it and is not here can be gathered, but nothing is given out of it
    furthest = await tx.evidence.furthest(head.epoch)
    if head.at < present.began.replace(microsecond=0):  # it ended before this life began, which gives out nothing of it
        await _noted(tx, EvidenceKind.BEYOND, head, raw, at)
        return HeadMeaning.KNOWN
    if furthest is None:
        return await _beyond(tx, head, raw, at)
    if head.seq > furthest and head.at > present.began:
        return await _contradicted(tx, head, raw, at)  # it goes on beside us
    return HeadMeaning.KNOWN


async def _beyond(tx: Transaction, head: StreamHead, raw: str, at: datetime) -> HeadMeaning:
    present = await tx.lives.present()
    parked = await tx.evidence.lives_since(Why.EVIDENCE, at - DAY) >= MOST_A_DAY
    await _noted(tx, EvidenceKind.PARKED if parked else EvidenceKind.BEYOND, head, raw, at)
    if parked:
        return HeadMeaning.PARKED
    await tx.lives.begin(Why.EVIDENCE, fingerprint=present.fingerprint, at=at)
    return HeadMeaning.BEYOND


async def _contradicted(tx: Transaction, head: StreamHead, raw: str, at: datetime) -> HeadMeaning:
    await _noted(tx, EvidenceKind.CONTRADICTION, head, raw, at)
    return HeadMeaning.CONTRADICTION


async def _noted(tx: Transaction, kind: EvidenceKind, head: StreamHead, raw: str, at: datetime) -> None:
    shown = ShownEvidence(kind=kind, epoch=head.epoch, seq=head.seq, shown_by=head.to, raw=raw, noted=at)
    if await tx.evidence.note(shown, life=(await tx.lives.present()).id):
        line = AuditLine(actor=head.to, action=f"evidence.{kind}", object=f"{head.epoch} {head.seq}")
        await tx.audit.append(line, at=at)
