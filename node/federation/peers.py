"""The peer book: which nodes we speak to, where they are, and which keys speak for them.

The rule: keys come from the DID document kept in the book. It is fetched when a peer is added and again, at most once
a minute, when a known peer signs with a key id we have not seen; for a stranger nothing is ever fetched
(docs/requirements.md S116 and S117; docs/federation.md#requests-between-nodes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from credentials.did.methods import local_document, resolution_url
from credentials.encoding.jcs import canonical_json
from credentials.errors import CredentialsError
from credentials.evidence import Absent
from credentials.keys.algorithms import PublicKey
from credentials.keys.controller import ControllerDocument, parse_controller_document
from node.errors import PeerUnreachable, UnknownPeer
from node.store.audit import AuditLine
from node.store.peers import KnownPeer
from node.store.store import Store
from node.wire.budget import LocalRateCounter, RateCounter
from node.wire.fetch import Fetcher
from node.wire.purposes import DID_DOCUMENT

SERVICE: Final = "TraceNode"
_REFRESH: Final = timedelta(minutes=1)


class PeerBook:
    """The peers of one node, over its store."""

    def __init__(self, *, store: Store, fetcher: Fetcher, refreshes: RateCounter | None = None) -> None:
        self._store = store
        self._fetcher = fetcher
        self._refreshes = refreshes or LocalRateCounter()
        self._refreshed: dict[str, datetime] = {}

    async def add(self, did: str, *, policy: Mapping[str, Any], at: datetime) -> KnownPeer:
        """Resolve ``did`` and keep it as a peer with ``policy``.

        Raises:
            PeerUnreachable: its DID document cannot be had, or names no TraceNode service.
            CredentialsError: the DID or its document is malformed.
        """
        raw = await self._document(did, at)
        document = parse_controller_document(raw, id=did)
        peer = KnownPeer(did=did, endpoint=_endpoint(document), policy=dict(policy), document=raw)
        async with self._store.writing() as tx:
            await tx.peers.add(peer, at=at)
            await tx.audit.append(AuditLine(actor="operator", action="peer.add", object=did), at=at)
        return peer

    async def known(self, did: str) -> KnownPeer:
        """The active peer with this DID. Raises UnknownPeer."""
        async with self._store.reading() as tx:
            peer = await tx.peers.get(did)
        if peer is None or peer.state != "active":
            raise UnknownPeer(
                "The sender is not in the peer book of this node.",
                fix="Ask the operator to add you: tracenode peers add DID.",
            )
        return peer

    async def keys_of(self, did: str, *, wanted: str, at: datetime) -> Mapping[str, PublicKey]:
        """The authentication keys of a known peer by key id; refreshed once when ``wanted`` is not among them.

        Raises:
            UnknownPeer: nobody by this DID is in the book; nothing was fetched.
        """
        peer = await self.known(did)
        keys = _authentication_keys(peer, at)
        if wanted in keys or not self._may_refresh(did, at):
            return keys
        return _authentication_keys(await self._refresh(peer, at), at)

    def _may_refresh(self, did: str, at: datetime) -> bool:
        """Once a minute, whichever process of the node is asked."""
        if at - self._refreshed.get(did, at - _REFRESH) < _REFRESH:
            return False
        if not self._refreshes.take(did, minute=int(at.timestamp() // 60), limit=1):
            return False
        self._refreshed[did] = at
        return True

    async def _refresh(self, peer: KnownPeer, at: datetime) -> KnownPeer:
        try:
            raw = await self._document(peer.did, at)
            endpoint = _endpoint(parse_controller_document(raw, id=peer.did))
        except (PeerUnreachable, CredentialsError):
            return peer  # what we hold stays good; the signature check then says what is wrong
        fresh = replace(peer, document=raw, endpoint=endpoint)
        async with self._store.writing() as tx:
            await tx.peers.add(fresh, at=at)
        return fresh

    async def _document(self, did: str, at: datetime) -> bytes:
        local = local_document(did)
        if local is not None:
            return canonical_json(local)
        url = resolution_url(did)
        if url is None:
            raise PeerUnreachable(f"{did} is of a method this node cannot resolve.", fix="Use a did:web.")
        answer = await self._fetcher.fetch(url, DID_DOCUMENT, at=at)
        if isinstance(answer, Absent):
            raise PeerUnreachable(
                f"The DID document of {did} cannot be had: {answer.detail}", fix="Check the DID, and try again later."
            )
        return answer.body


def _endpoint(document: ControllerDocument) -> str:
    for service in document.services_of(SERVICE):
        for endpoint in service.endpoints:
            if endpoint.startswith("https://"):
                return endpoint.rstrip("/")
    raise PeerUnreachable(
        f"The DID document of {document.id} names no {SERVICE} service.",
        fix="A plain UNTP node can be traced but not be a peer.",
    )


def _authentication_keys(peer: KnownPeer, at: datetime) -> Mapping[str, PublicKey]:
    document = parse_controller_document(peer.document, id=peer.did)
    return {
        method.id: method.key
        for method in document.methods.values()
        if method.id in document.relationships.get("authentication", frozenset())
        and method.key is not None
        and not (method.revoked and method.revoked <= at)
        and not (method.expires and method.expires <= at)
    }
