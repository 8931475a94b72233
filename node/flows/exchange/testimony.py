"""Testimony: what one peer shows of what we told it and of what it holds of ours, as far as our signature covers it.

The rule: an event counts only if the rolling digest over all events before it leads to a head that we signed; whatever
else comes is left out and counted. Nothing is written here. See docs/federation.md#gathering-back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from credentials.encoding.document import Json, JsonObject, as_list
from credentials.encoding.multibase import decode_base64url
from credentials.errors import CredentialsError
from node.errors import Unauthenticated
from node.federation.client import HELD, TOLD, PeerClient, PeerSaid
from node.federation.heads import StreamHead, read_head
from node.keyring import PeerKey
from node.store.peers import KnownPeer
from node.store.rolling import fact_digest, rolling_next, rolling_start

_PAGES: Final = 2000  # of one question, at most
_PATIENCE: Final = 3  # times that a peer may say that it is asked too much


@dataclass(slots=True)
class Testimony:
    """What a peer showed: facts that we told it, in order, and documents of ours (bytes, media type), unverified.

    ``refused`` counts what no signature of ours covers; without ``complete`` it did not answer to the end.
    """

    peer: str
    facts: list[JsonObject] = field(default_factory=list)
    credentials: list[tuple[bytes, str]] = field(default_factory=list)
    lists: list[tuple[bytes, str]] = field(default_factory=list)
    refused: int = 0
    complete: bool = True


class Hearing:
    """Asks peers as ``did``; ``key`` knows which heads are ours."""

    def __init__(self, *, did: str, key: PeerKey, client: PeerClient, clock: Callable[[], datetime]) -> None:
        self._did = did
        self._key = key
        self._client = client
        self._clock = clock

    async def of(self, peer: KnownPeer) -> Testimony:
        """Everything that ``peer`` shows now; never raises for what the peer does."""
        heard = Testimony(peer=peer.did)
        said = await self._client.ask(peer, f"{TOLD}?limit=0", at=self._clock())
        heard.complete = said.answered
        for raw in _objects(said.stated, "heads"):
            head = self._own(peer, str(raw.get("head", "")))
            if head is not None:
                await self._told(peer, head, heard)
        await self._held(peer, heard)
        return heard

    def _own(self, peer: KnownPeer, raw: str) -> StreamHead | None:
        try:
            head = read_head(raw, keys=self._key.public_keys())
        except Unauthenticated:
            return None
        return head if (head.sender, head.to) == (self._did, peer.did) else None

    async def _told(self, peer: KnownPeer, head: StreamHead, heard: Testimony) -> None:
        """The facts of one life, if they lead to the head that we signed for it."""
        rolling, place = rolling_start(self._did, peer.did, head.epoch), 0
        facts: list[JsonObject] = []
        path = f"{TOLD}?epoch={quote(head.epoch, safe='')}"
        async for page in self._pages(peer, path, "0", heard):
            for item in _objects(page, "events"):
                digest, seq = _digest(item.get("event")), item.get("seq")
                if place == head.seq or digest is None or seq != place + 1:
                    continue  # behind the head, or behind a gap: no signature of ours covers it
                place, rolling = place + 1, rolling_next(rolling, place + 1, digest)
                facts.append(_object(item.get("event")))
        if (place, rolling) == (head.seq, head.rolling):
            heard.facts.extend(facts)
        else:
            heard.refused += len(facts)

    async def _held(self, peer: KnownPeer, heard: Testimony) -> None:
        async for page in self._pages(peer, f"{HELD}?limit=500", "credentials 0", heard):
            for kept, name in ((heard.credentials, "credentials"), (heard.lists, "lists")):
                for item in _objects(page, name):
                    try:
                        raw = decode_base64url(str(item.get("raw", "")))
                    except CredentialsError:
                        heard.refused += 1
                        continue
                    kept.append((raw, str(item.get("mediaType", ""))))

    async def _pages(self, peer: KnownPeer, path: str, after: str, heard: Testimony) -> AsyncIterator[JsonObject]:
        """Page by page, as long as each says where the next one begins, and never the same one again."""
        seen = set[str]()
        while after not in seen and len(seen) < _PAGES:
            seen.add(after)
            said = await self._patiently(peer, f"{path}&after={quote(after, safe='')}")
            if not said.answered:
                heard.complete = False
                return
            yield said.stated
            after = str(said.stated.get("next", after))

    async def _patiently(self, peer: KnownPeer, path: str) -> PeerSaid:
        for _ in range(_PATIENCE):
            said = await self._client.ask(peer, path, at=self._clock())
            if said.answered or not said.retry_after:
                return said
            await asyncio.sleep(said.retry_after)
        return said


def _objects(stated: JsonObject, name: str) -> list[Mapping[str, Json]]:
    return [item for item in as_list(stated.get(name, [])) if isinstance(item, Mapping)]


def _object(value: Any) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _digest(event: Json) -> bytes | None:
    """The digest of a fact as it was told; None for what is none."""
    fact = _object(event)
    words = [fact.get(name) for name in ("id", "source", "type", "subject")]
    data = fact.get("data")
    if not all(isinstance(word, str) for word in words) or not isinstance(data, Mapping):
        return None
    id_, source, type_, subject = (str(word) for word in words)
    try:
        return bytes.fromhex(fact_digest(id=id_, source=source, type=type_, subject=subject, data=data))
    except CredentialsError:
        return None
