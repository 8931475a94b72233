"""What this node publishes about itself: its DID document and its status lists, as of the store's present state.

A status list is derived from its rows and signed when it is asked for; the signed bytes are kept for its version
only, so that what was acknowledged is in every list served afterwards (docs/requirements.md I7).
Specifications: did:web method 3.2; Bitstring Status List 1.0 section 2; docs/requirements.md IDR-13, DIA-10 and VCP-08.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from contexts.library import ContextLibrary
from credentials.did.documents import PublishedKey, build_did_document
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.moments import format_moment
from credentials.errors import StatusProblem
from credentials.status.bitstring import pack_values
from credentials.status.status_lists import status_list_draft
from node.errors import NotHeld
from node.flows.identity.identity import Identity
from node.flows.identity.securing import Securing
from node.keyring import Keyring
from node.store import StatusListHead, StatusListState, Store, StoredLink

CREDENTIAL_KEY = "cred-1"
CREDENTIALS: Final = "cred"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Publishing:
    """Answers what the world asks of an issuer instance without an account."""

    def __init__(
        self,
        *,
        identity: Identity,
        keyring: Keyring,
        store: Store,
        status_ttl: timedelta,
        securing: Securing | None = None,
        contexts: ContextLibrary | None = None,
    ) -> None:
        self.identity = identity
        self.contexts = contexts
        self._securing = securing
        self._keyring = keyring
        self._store = store
        self._status_ttl = status_ttl
        self._lists: dict[tuple[str, str, str], tuple[int, datetime, bytes]] = {}

    async def did_document(self) -> dict[str, Json]:
        """The DID document: keys by purpose, links, peer endpoint, and the anchors that registers gave us."""
        async with self._store.reading() as tx:
            links = await tx.links.of(self.identity.did)
        return build_did_document(
            self.identity.did,
            [
                PublishedKey(
                    name=entry.name,
                    key=entry.public_key,
                    purposes=(entry.purpose,),
                    revoked=entry.revoked,
                    expires=entry.expires,
                )
                for entry in self._keyring.entries
            ],
            services=_services(self.identity, [link for link in links if link.relation == "dia"]),
        )

    async def did_document_bytes(self) -> bytes:
        """The DID document exactly as it is served."""
        return json.dumps(await self.did_document(), ensure_ascii=False, indent=1).encode("utf-8")

    async def status_list(
        self, token: str, *, form: str = "vc+jwt", at: datetime, as_of: datetime | None = None
    ) -> bytes:
        """The status list credential whose URL ends in ``token``, signed, in one form (vc+jwt or vc).

        With ``as_of`` it is the list as it was served then.

        Raises:
            NotHeld: no such list.
            StatusProblem: STATUS_RETRIEVAL_ERROR when there was no such list at ``as_of``.
        """
        async with self._store.reading() as tx:
            head = await tx.statuses.head(token)
            if head is None or head.instance != self.identity.instance:
                raise NotHeld("There is no such status list.", fix="Use the statusListCredential of the credential.")
            if as_of is not None:
                past = await tx.statuses.state_as_of(token, as_of) if as_of <= at else None
                return self._signed_list(_there(past, as_of), form=form, at=as_of, now=at)
            start = _list_start(head, at, self._status_ttl)
            signed_as = (token, form, self.securing_at(at).method)  # a list outlives no key that signed it
            version, made, signed = self._lists.get(signed_as, (-1, at, b""))
            if version == head.version and made == start:
                return signed
            state = await tx.statuses.state(token)
        assert state is not None  # the same moment
        signed = self._signed_list(state, form=form, at=at, now=at)
        self._lists[signed_as] = (state.head.version, start, signed)
        return signed

    def _signed_list(self, state: StatusListState, *, form: str, at: datetime, now: datetime) -> bytes:
        head, ttl = state.head, self._status_ttl
        start = _list_start(head, at, ttl)
        draft = status_list_draft(
            url=self.identity.status_list_url(head.token),
            issuer=self.identity.did,
            purpose=head.purpose,
            bits=pack_values(state.values, entries=head.size, size=head.width),
            valid_from=start,
            valid_for=2 * ttl,
            ttl=ttl,
        )
        return self.securing_at(now).secure(draft, form=form, at=start)

    def securing_at(self, at: datetime) -> Securing:
        """How this instance signs at ``at``: with the newest credential key, unless it has a key of its own."""
        if self._securing is not None:
            return self._securing
        name = self._keyring.current(CREDENTIALS, at=at).name
        return Securing.of_did(self.identity.did, name, self._keyring.signer(name), contexts=self.contexts)

    def secure(self, draft: JsonObject, *, form: str, at: datetime) -> bytes:
        """Sign ``draft`` in one form with the credential key."""
        return self.securing_at(at).secure(draft, form=form, at=at)


def _services(identity: Identity, anchors: Sequence[StoredLink]) -> list[dict[str, Json]]:
    own = (("linkset", "linkset", identity.links_url(identity.did)), ("node", "TraceNode", identity.public_url))
    services: list[dict[str, Json]] = [
        {"id": f"{identity.did}#{name}", "type": kind, "serviceEndpoint": endpoint} for name, kind, endpoint in own
    ]
    return [*services, *(_anchor_service(identity, number, link) for number, link in enumerate(anchors, 1))]


def _anchor_service(identity: Identity, number: int, link: StoredLink) -> dict[str, Json]:
    endpoint = {"uri": link.href, "href": link.href, "title": link.title, "type": link.type}
    return {"id": f"{identity.did}#dia-{number}", "type": "dia", "serviceEndpoint": endpoint}


def _list_start(head: StatusListHead, at: datetime, ttl: timedelta) -> datetime:
    """When the list that is served at ``at`` begins: with its last change, or with the present period of ``ttl``.

    Whoever derives it, whenever in that period, derives the same list: its tag changes when its bits do.
    """
    period = at - (at - _EPOCH) % ttl
    return min(at, max(period, head.changed)).replace(microsecond=0)


def _there(state: StatusListState | None, moment: datetime) -> StatusListState:
    if state is None:
        raise StatusProblem(
            f"There is no list of {format_moment(moment)}.",
            code="STATUS_RETRIEVAL_ERROR",
            pointer="/timestamp",
            fix="Ask for a moment between the first use of the list and now.",
        )
    return state
