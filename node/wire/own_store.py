"""The own store as a source: what this node issued and received answers before the network is asked.

The rule: exact bytes as they were issued or received; a refused credential is never offered. What is private, and
what partners delivered to us alone, answers this node's own questions and never a stranger's. What a partner handed
over is not what its address serves: it answers where its issuer has that address, else only if a link names its digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import is_below
from credentials.untp.linkset import MEDIA_TYPE as LINKSET
from credentials.untp.linkset import Target
from credentials.verdict import Outcome
from node.store import Store, StoredLink, Transaction
from node.wire.folder import linkset_body
from node.wire.naming import VC_JSON, VC_JWT, looked_up

_NOT_HELD = Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="It is not kept here.")


@dataclass(frozen=True, slots=True)
class OwnStore:
    """What the store of this node holds; with ``private`` false only what anyone may be served."""

    store: Store
    private: bool = True

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """What is kept for each need, at one consistent moment of the database."""
        async with self.store.reading() as tx:
            return {need: await self._answer(tx, need, at) for need in sorted(needs)}

    async def _answer(self, tx: Transaction, need: Need, at: datetime) -> Found | Absent:
        match need.kind:
            case NeedKind.CREDENTIAL:
                issued = await _issued(tx, need.id, at, private=self.private)
                return issued or (await _received(tx, need.id, at) if self.private else _NOT_HELD)
            case NeedKind.LINKSET:
                return await _links(tx, need.id, at, private=self.private) or _NOT_HELD
            case _:
                return _NOT_HELD


async def _issued(tx: Transaction, url: str, at: datetime, *, private: bool) -> Found | None:
    credential = await tx.issued.by_url(url)
    if credential is None or (credential.private and not private):
        return None
    for form, media_type in (("vc+jwt", VC_JWT), ("vc", VC_JSON)):
        raw = await tx.issued.body(credential.token, form)
        if raw is not None:
            return Found(body=raw, media_type=media_type, source=url, at=at)
    return None


async def _received(tx: Transaction, url: str, at: datetime) -> Found | Absent:
    """What peers handed over under this id: found if its issuer has the address, else no more than at hand."""
    address = given_or_canonical(url)
    of_the_place: list[Found] = []
    others: list[Found] = []
    for credential in await tx.received.by_url(url):
        if credential.outcome is Outcome.PASSED:
            found = Found(
                body=credential.raw, media_type=credential.media_type, source=credential.source, at=at, served=False
            )
            (of_the_place if is_below(credential.issuer, address) else others).append(found)
    if not of_the_place:
        return replace(_NOT_HELD, also=tuple(others))
    first, *further = of_the_place
    return replace(first, also=(*further, *others))


async def _links(tx: Transaction, identifier: str, at: datetime, *, private: bool) -> Found | None:
    links = [link for name in looked_up(identifier) for link in await tx.links.of(name, with_private=private)]
    if not links:
        return None
    targets = {link.href: target_of(link) for link in reversed(links)}  # the finest name's word stands
    body = linkset_body(identifier, tuple(targets[href] for href in sorted(targets)))
    return Found(body=body, media_type=LINKSET, source="store", at=at)


def target_of(link: StoredLink) -> Target:
    """A stored link as the target of a linkset; an older version says so (IDR-08)."""
    return Target(
        relation=link.relation,
        href=link.href,
        title=link.title,
        type=link.type,
        hreflang=tuple(link.hreflang.split(",")) if link.hreflang else (),
        qualifiers=("predecessor-version",) if link.superseded else (),
    )
