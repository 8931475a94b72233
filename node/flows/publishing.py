"""What this node publishes about itself: its DID document and its status lists, as of the store's present state.

A status list is derived from its rows and signed when it is asked for; the signed bytes are kept for its version
only, so that what was acknowledged is in every list served afterwards (I7).
Specifications: did:web method 3.2; Bitstring Status List 1.0 section 2; untp.md IDR-13, DIA-10, VCP-08.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from credentials.did.documents import PublishedKey, build_did_document, jwk_method, multikey_method
from credentials.encoding.document import Json, JsonObject
from credentials.issue import secure_as_jwt, secure_with_proofs
from credentials.status.lists import status_list_draft
from node.errors import NotHeld
from node.flows.identity import Identity
from node.keyring import Keyring
from node.store import Link, Store

CREDENTIAL_KEY = "cred-1"


class Publishing:
    """Answers what the world asks of an issuer instance without an account."""

    def __init__(self, *, identity: Identity, keyring: Keyring, store: Store, status_ttl: timedelta) -> None:
        self.identity = identity
        self._keyring = keyring
        self._store = store
        self._status_ttl = status_ttl
        self._lists: dict[tuple[str, str], tuple[int, datetime, bytes]] = {}

    async def did_document(self) -> dict[str, Json]:
        """The DID document: keys by purpose, links, peer endpoint, and the anchors that registers gave us."""
        async with self._store.reading() as tx:
            links = await tx.links.of(self.identity.did)
        return build_did_document(
            self.identity.did,
            [
                PublishedKey(name=entry.name, key=entry.public_key, purposes=(entry.purpose,))
                for entry in self._keyring.entries
            ],
            services=_services(self.identity, [link for link in links if link.relation == "dia"]),
        )

    async def did_document_bytes(self) -> bytes:
        """The DID document exactly as it is served."""
        return json.dumps(await self.did_document(), ensure_ascii=False, indent=1).encode("utf-8")

    async def status_list(self, token: str, *, form: str = "vc+jwt", at: datetime) -> bytes:
        """The status list credential whose URL ends in ``token``, signed, in one form (vc+jwt or vc).

        Raises:
            NotHeld: no such list.
        """
        async with self._store.reading() as tx:
            state = await tx.statuses.state(token)
        if state is None or state.instance != self.identity.instance:
            raise NotHeld("There is no such status list.", fix="Use the statusListCredential of the credential.")
        version, made, signed = self._lists.get((token, form), (-1, at, b""))
        if version == state.version and timedelta(0) <= at - made < self._status_ttl:
            return signed
        draft = status_list_draft(
            url=self.identity.status_list_url(token),
            issuer=self.identity.did,
            purpose=state.purpose,
            bits=_packed(state.values, state.size),
            valid_from=at,
            valid_for=2 * self._status_ttl,
            ttl=self._status_ttl,
        )
        signed = self.secure(draft, form=form, at=at)
        self._lists[token, form] = (state.version, at, signed)
        return signed

    def secure(self, draft: JsonObject, *, form: str, at: datetime) -> bytes:
        """Sign ``draft`` in one form with the credential key."""
        signer, did = self._keyring.signer(CREDENTIAL_KEY), self.identity.did
        if form == "vc+jwt":
            return secure_as_jwt(draft, signer=signer, verification_method=jwk_method(did, CREDENTIAL_KEY))
        method = multikey_method(did, CREDENTIAL_KEY)
        return secure_with_proofs(draft, signer=signer, verification_method=method, created=at)


def _services(identity: Identity, anchors: Sequence[Link]) -> list[dict[str, Json]]:
    own = (("linkset", "linkset", identity.links_url(identity.did)), ("node", "TraceNode", identity.public_url))
    services: list[dict[str, Json]] = [
        {"id": f"{identity.did}#{name}", "type": kind, "serviceEndpoint": endpoint} for name, kind, endpoint in own
    ]
    return [*services, *(_anchor_service(identity, number, link) for number, link in enumerate(anchors, 1))]


def _anchor_service(identity: Identity, number: int, link: Link) -> dict[str, Json]:
    endpoint = {"uri": link.href, "href": link.href, "title": link.title, "type": link.type}
    return {"id": f"{identity.did}#dia-{number}", "type": "dia", "serviceEndpoint": endpoint}


def _packed(values: dict[int, int], size: int) -> bytes:
    """The bits of a list, most significant first."""
    bits = bytearray((size + 7) // 8)
    for index, value in values.items():
        if value:
            bits[index // 8] |= 0x80 >> index % 8
    return bytes(bits)
