"""Gathering back: after a life began in doubt, what peers hold of ours is taken in again, with its indexes.

The rule: everything is judged as if a stranger had brought it, by our own published keys. Revocations of all peers are
united; of a suspension the newest list decides. What was told of and nobody showed is counted and told; it is revoked
as well where the operator asked for that. See docs/federation.md#gathering-back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from credentials.encoding.document import JsonObject
from credentials.encoding.moments import parse_moment
from credentials.errors import CredentialsError
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.status.bitstring import decode_list, value_at
from credentials.status.entries import entries_of, parse_entry
from credentials.verdict import VerifiedCredential
from node.errors import Conflict, UnknownPeer
from node.federation.messages import EventType
from node.federation.peers import PeerBook
from node.flows.exchange.testimony import Hearing, Testimony
from node.flows.identity.issued_rows import issued_row
from node.flows.identity.publishing import Publishing
from node.flows.naming import links_of
from node.flows.verifying.judging import Judging
from node.store import AuditLine, IssuedCredential, OutboxEvent, StatusSlot, Store, StoredLink, Transaction
from node.store.adopted import ACTOR, Gathered
from node.store.lives import Why
from node.store.shown_credentials import CredentialFilter
from node.wire.rollback import REVOCATION

_OTHERS: Final = 100  # about the same subject that are compared
_EVERY: Final = 60.0  # seconds between looks for peers that have not answered yet
_FORMS: Final = {"application/vc+jwt": "vc+jwt", "application/vc": "vc"}
_ENVELOPE: Final = "application/vc+jwt"

_log = structlog.get_logger("gathering")


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnList:
    """A status list that we signed: its packed bits, and when it was made."""

    token: str
    purpose: str
    bits: bytes
    made: datetime


class Gathering:
    """Takes back what peers hold of this node."""

    def __init__(
        self,
        *,
        publishing: Publishing,
        store: Store,
        judging: Judging,
        peers: PeerBook,
        hearing: Hearing,
        clock: Callable[[], datetime],
    ) -> None:
        self._publishing = publishing
        self._identity = publishing.identity
        self._store = store
        self._judging = judging
        self._peers = peers
        self._hearing = hearing
        self._clock = clock

    async def run(self) -> None:
        """Gather from each peer that has not answered to the end in this life; until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(_EVERY)

    async def once(self) -> tuple[Gathered, ...]:
        """Ask every peer that is still to be asked, all at once, then take in what they showed; what came of it."""
        async with self._store.reading() as tx:
            doubtful = (await tx.lives.present()).why != Why.INIT
            done = {one.peer for one in await tx.adopted.all() if one.complete}
            dids = [did for did in await tx.peers.active() if did not in done] if doubtful else []
        if dids:
            heard = [one for one in await asyncio.gather(*(self._heard(did) for did in dids)) if one is not None]
            await self._take_in(heard)
        return await self._finish() if doubtful else ()

    async def _heard(self, did: str) -> Testimony | None:
        try:
            return await self._hearing.of(await self._peers.known(did))
        except UnknownPeer:  # removed meanwhile
            return None

    async def _take_in(self, heard: Sequence[Testimony]) -> None:
        """Credentials first, so that the revocations of one peer meet those that another one shows; lists by age."""
        adopted, refused = dict[str, int](), dict[str, int]()
        public = _public_urls(heard)
        for one in heard:
            envelopes = [(raw, _ENVELOPE) for raw in _envelopes(one.facts)]
            outcomes = [await self._adopt(raw, kind, public) for raw, kind in (*one.credentials, *envelopes)]
            adopted[one.peer] = sum(outcome is True for outcome in outcomes)
            refused[one.peer] = one.refused + sum(outcome is None for outcome in outcomes)
        revoked = {one.peer: await self._store.write(partial(self._facts, facts=one.facts)) for one in heard}
        known = list[_OwnList]()
        for one in heard:
            lists = [await self._own_list(raw, kind) for raw, kind in one.lists]
            own_lists = [own for own in lists if own is not None]
            refused[one.peer] += len(lists) - len(own_lists)
            revoked[one.peer] += sum(
                [await self._store.write(partial(self._revocations, own=own)) for own in own_lists]
            )
            known += own_lists
        for own in sorted(known, key=lambda own: own.made):
            await self._store.write(partial(self._suspensions, own=own))
        for one in heard:
            gathered = Gathered(
                peer=one.peer,
                adopted=adopted[one.peer],
                revoked=revoked[one.peer],
                missing=await self._missing(one.facts),
                refused=refused[one.peer],
                complete=one.complete,
            )
            await self._store.write(partial(self._noted, gathered=gathered))

    async def _adopt(self, raw: bytes, media_type: str, public: frozenset[str]) -> bool | None:
        """Keep a credential of ours that is not here: True; False when it is; None for what is not ours."""
        at = self._clock()
        verified = await self._verified(raw, media_type)
        prefix = self._identity.credential_url("")
        form = _FORMS.get(media_type)
        if verified is None or form is None or not verified.id.startswith(prefix):
            return None
        token = verified.id.removeprefix(prefix)
        row = issued_row(
            verified, instance=self._identity.instance, token=token, private=verified.id not in public, at=at
        )

        async def keep(tx: Transaction) -> bool:
            if await tx.issued.by_url(row.url) is not None:
                return False
            number = await tx.issued.keep(row, {form: raw})
            for slot in _slots(verified, self._identity.status_list_url("")):
                if not await tx.adopted.give(slot, instance=row.instance, credential=number, at=at):
                    _log.error("an index was given out twice", credential=row.url, list=slot.token, index=slot.index)
                    line = AuditLine(actor=ACTOR, action="status.index.twice", object=row.url)
                    await tx.audit.append(line, at=at)
            links = await self._links(tx, verified, row, media_type)
            await tx.links.add(links, at=at, credential=number)
            line = AuditLine(actor=ACTOR, action="credential.adopt", object=row.url, digest=row.digest)
            await tx.audit.append(line, at=at)
            return True

        try:
            return await self._store.write(keep)
        except Conflict:  # the same bytes under another id, or both forms at once
            return None

    async def _links(
        self, tx: Transaction, verified: VerifiedCredential, row: IssuedCredential, media_type: str
    ) -> list[StoredLink]:
        """Where it is found again: before everything older about the same, and never before what is newer."""
        links = links_of(verified.value, href=row.url, media_type=media_type, digest=row.digest, private=row.private)
        about = CredentialFilter(instance=row.instance, kind=row.kind, subject=row.subject)
        others = [other for other, _ in await tx.shown.some(about, limit=_OTHERS, at=self._clock())]
        newest = all(other.valid_from <= row.valid_from for other in others)
        for link in links:
            if newest and link.preferred and not link.private:
                await tx.links.supersede(link.identifier, link.relation)
        return [replace(link, preferred=link.preferred and newest) for link in links]

    async def _verified(self, raw: bytes, media_type: str) -> VerifiedCredential | None:
        """What we signed, by the keys that we publish; None for anything else."""
        at = self._clock()
        published = await self._publishing.did_document_bytes()
        url = f"{self._identity.public_url}/.well-known/did.json"
        found = Found(body=published, media_type="application/did+json", source=url, at=at)
        evidence = Evidence({Need(NeedKind.DID_DOCUMENT, self._identity.did): found})
        try:
            verified = (await self._judging.verdict(raw, media_type, evidence, at)).require()
        except CredentialsError as error:
            _log.warning("a peer shows what we did not sign", why=error.problem.detail)
            return None
        return verified if verified.issuer == self._identity.did else None

    async def _own_list(self, raw: bytes, media_type: str) -> _OwnList | None:
        verified = await self._verified(raw, media_type)
        prefix = self._identity.status_list_url("")
        if verified is None or not verified.id.startswith(prefix):
            return None
        subject = verified.value.get("credentialSubject")
        try:
            stated = subject if isinstance(subject, dict) else {}
            bits, made = decode_list(stated.get("encodedList")), parse_moment(verified.value.get("validFrom"))
        except CredentialsError:
            return None
        purpose = str(stated.get("statusPurpose"))
        return _OwnList(token=verified.id.removeprefix(prefix), purpose=purpose, bits=bits, made=made)

    async def _facts(self, tx: Transaction, *, facts: Sequence[JsonObject]) -> int:
        """What was told is remembered as told; a revocation among it holds."""
        at, revoked = self._clock(), 0
        for fact in facts:
            if fact["type"] not in (EventType.PUBLISHED, EventType.STATUS):
                continue
            data = fact["data"]
            assert isinstance(data, dict)  # its digest was made up of it
            event = OutboxEvent(
                id=str(fact["id"]),
                source=self._identity.did,
                type=str(fact["type"]),
                subject=str(fact["subject"]),
                time=at,
                data=data,
                private=True,
            )
            await tx.adopted.remember(event)
            revokes = (
                fact["type"] == EventType.STATUS and data.get("statusPurpose") == REVOCATION and data.get("value") == 1
            )
            if revokes and await tx.issued.by_url(event.subject) is not None:
                slot = await tx.statuses.slot_of(event.subject, REVOCATION)
                revoked += await tx.statuses.set(slot, 1, at=at, actor=ACTOR)
        return revoked

    async def _revocations(self, tx: Transaction, *, own: _OwnList) -> int:
        if own.purpose != REVOCATION:
            return 0
        ones = [
            8 * byte + bit for byte, value in enumerate(own.bits) if value for bit in range(8) if value << bit & 128
        ]
        size, instance = 8 * len(own.bits), self._identity.instance
        return await tx.adopted.revoke(own.token, ones, instance=instance, size=size, at=self._clock())

    async def _suspensions(self, tx: Transaction, *, own: _OwnList) -> int:
        head = await tx.statuses.head(own.token)
        if own.purpose != "suspension" or head is None:
            return 0
        size = min(head.size, 8 * len(own.bits))
        values = {index: value for index in range(size) if (value := value_at(own.bits, index, 1))}
        return await tx.adopted.suspend(own.token, values, made=own.made, at=self._clock())

    async def _missing(self, facts: Sequence[JsonObject]) -> int:
        """How many credentials were told of whose bytes are not here."""
        told = {str(fact["subject"]) for fact in facts if fact["type"] == EventType.PUBLISHED}
        async with self._store.reading() as tx:
            return sum([await tx.issued.by_url(url) is None for url in sorted(told)])

    async def _noted(self, tx: Transaction, *, gathered: Gathered) -> None:
        at = self._clock()
        await tx.adopted.note(gathered, at=at)
        if gathered.adopted or gathered.revoked or gathered.missing:
            outcome = f"adopted {gathered.adopted}, revoked {gathered.revoked}, missing {gathered.missing}"
            line = AuditLine(actor=ACTOR, action="gathered", object=gathered.peer, outcome=outcome)
            await tx.audit.append(line, at=at)

    async def _finish(self) -> tuple[Gathered, ...]:
        """Tell what nobody showed; revoke it where that was asked for and every peer has answered."""
        async with self._store.reading() as tx:
            gathered, orphans, wished = await tx.adopted.all(), await tx.adopted.orphans(), await tx.adopted.wished()
            open_ = set(await tx.peers.active()) - {one.peer for one in gathered if one.complete}
        missing = sum(one.missing for one in gathered)
        if (missing or orphans) and not open_:
            _log.warning("nobody showed some of what was given out", credentials=missing, indexes=orphans)
        if wished and not open_:
            lists = await self._store.write(partial(_filled, at=self._clock()))
            _log.warning("what nobody showed is revoked", lists=lists)
        return gathered


async def _filled(tx: Transaction, *, at: datetime) -> int:
    lists = await tx.adopted.fill(at=at)
    line = AuditLine(actor="operator", action="status.orphans.revoke", object=str(lists))
    await tx.audit.append(line, at=at)
    return lists


def _public_urls(heard: Sequence[Testimony]) -> frozenset[str]:
    """What was told of without its bytes: anybody may fetch it. Everything else may be private."""
    told = [fact for one in heard for fact in one.facts if fact["type"] == EventType.PUBLISHED]
    return frozenset(str(fact["subject"]) for fact in told if "envelope" not in _data(fact))


def _envelopes(facts: Sequence[JsonObject]) -> list[bytes]:
    stated = [_data(fact).get("envelope") for fact in facts if fact["type"] == EventType.PUBLISHED]
    return [envelope.encode("utf-8") for envelope in stated if isinstance(envelope, str)]


def _data(fact: JsonObject) -> JsonObject:
    data = fact.get("data")
    return data if isinstance(data, dict) else {}


def _slots(verified: VerifiedCredential, prefix: str) -> list[StatusSlot]:
    """The indexes that the credential was issued with, in lists of ours."""
    entries = [parse_entry(entry, pointer=pointer) for pointer, entry in entries_of(verified.value)]
    return [
        StatusSlot(
            token=entry.list_url.removeprefix(prefix), purpose=entry.purpose, index=entry.index, width=entry.size
        )
        for entry in entries
        if entry.list_url.startswith(prefix)
    ]
