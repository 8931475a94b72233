"""Needs in, evidence out: what is at hand first, then the world through the one fetcher.

The rule: every need gets an answer, in any order of arrival the same one. DID documents come from where their method
says, status lists and credentials from their URL, links from the identifier's own address; nothing else is fetched.
A linkset is the union of what is at hand and what the resolver says. A credential at hand that its own place did not
serve comes beside what that place serves now, and never instead of it. UNTP 0.7.0, Identity Resolver;
docs/federation.md#what-we-speak.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from credentials.did.methods import local_document, resolution_url
from credentials.encoding.document import parse_document
from credentials.errors import CredentialsError, IdentifierProblem
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.keys.controller import ControllerDocument, parse_controller_document
from credentials.untp.linkset import MEDIA_TYPE as LINKSET
from credentials.untp.linkset import Target, read_linkset
from credentials.untp.relations import canonical_relation
from credentials.verdict import StatusResult
from node.wire import purposes
from node.wire.budget import RequestBudget
from node.wire.fetch import Fetcher
from node.wire.folder import linkset_body
from node.wire.rollback import ListMemory
from node.wire.source import Source

__all__ = ["Gather", "Source"]

_RESOLVER_DEPTH: Final = 2  # a resolver may name a second one, and that one no third (IDR-09)
_OWN_SERVICES: Final = frozenset({"linkset", "IdentityResolver"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """A source over ``at_hand`` (asked first, in this order) and the network, spending ``budget`` on the latter.

    A status list from the network that is older than ``memory`` has seen is refused.
    """

    fetcher: Fetcher
    at_hand: Sequence[Source] = ()
    budget: RequestBudget | None = None
    memory: ListMemory | None = None

    def within(self, budget: RequestBudget) -> Gather:
        """The same source for one trace or request that may spend ``budget``."""
        return replace(self, budget=budget)

    def for_offers(self) -> Gather:
        """The same source for what others offer, with a budget of its own."""
        return self if self.budget is None else self.within(self.budget.apart())

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """Found or Absent for every need, asked for at once."""
        wanted = sorted(needs)  # budgets are spent in this order, whoever answers first
        answers = await asyncio.gather(*(self._answer(need, at) for need in wanted))
        return dict(zip(wanted, answers, strict=True))

    async def learn(self, statuses: Iterable[StatusResult], evidence: Evidence, *, at: datetime) -> None:
        """Remember which status lists verified."""
        if self.memory is not None:
            await self.memory.note(statuses, evidence, at=at)

    async def _answer(self, need: Need, at: datetime) -> Found | Absent:
        held = await self._held(need, at)
        if isinstance(held, Found) and held.served and need.kind is not NeedKind.LINKSET:
            return held
        match need.kind:
            case NeedKind.DID_DOCUMENT:
                return await self._did_document(need.id, at)
            case NeedKind.LINKSET:
                return _united(need.id, held, await self._linkset(need.id, at))
            case NeedKind.STATUS_LIST:
                return await self._status_list(need.id, at)
            case NeedKind.CREDENTIAL | NeedKind.CATALOGUE | NeedKind.FILE:
                return _beside(held, await self._fetch(need.id, purposes.OF_NEED[need.kind], at))

    async def _held(self, need: Need, at: datetime) -> Found | Absent | None:
        """The first answer at hand that has any document."""
        for source in self.at_hand:
            answer = (await source.answer(frozenset({need}), at=at))[need]
            if isinstance(answer, Found) or answer.also:
                return answer
        return None

    async def _fetch(self, url: str, purpose: purposes.Purpose, at: datetime) -> Found | Absent:
        if not url.startswith(("https:", "http:")):
            return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="Its id is no web address.")
        return await self.fetcher.fetch(url, purpose, at=at, budget=self.budget)

    async def _status_list(self, url: str, at: datetime) -> Found | Absent:
        answer = await self._fetch(url, purposes.STATUS_LIST, at)
        if self.memory is None or isinstance(answer, Absent):
            return answer
        return await self.memory.checked(url, answer)

    async def _did_document(self, did: str, at: datetime) -> Found | Absent:
        try:
            url = resolution_url(did)
            if url is None:
                body = json.dumps(local_document(did)).encode("utf-8")
                return Found(body=body, media_type="application/did+json", source=did, at=at)
        except CredentialsError as error:
            return Absent(reason=AbsentReason.UNSUPPORTED_METHOD, detail=error.problem.detail)
        return await self._fetch(url, purposes.DID_DOCUMENT, at)

    async def _linkset(self, identifier: str, at: datetime) -> Found | Absent:
        if identifier.startswith("did:"):
            return await self._services(identifier, at)
        if not identifier.startswith("https://"):
            return Absent(
                reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="Nobody resolves identifiers of this kind over the web."
            )
        mark = "&" if "?" in identifier else "?"
        return await self._links(f"{identifier}{mark}linkType=linkset", at, depth=1)

    async def _links(self, url: str, at: datetime, *, depth: int) -> Found | Absent:
        """The linkset at ``url``, with that of the second resolver it names."""
        answer = await self._fetch(url, purposes.LINKSET, at)
        if isinstance(answer, Absent) or depth >= _RESOLVER_DEPTH:
            return answer
        further = sorted(
            {target.href for target in _targets(answer) if target.relation == "idr" and target.href != url}
        )
        found = [await self._links(href, at, depth=depth + 1) for href in further[:4] if "linkType=" in href]
        return _united(url, answer, *found) if found else answer

    async def _services(self, did: str, at: datetime) -> Found | Absent:
        """The links that a DID's own document gives (IDR-13): services named by relation, or a linkset elsewhere."""
        need = Need(NeedKind.DID_DOCUMENT, did)
        answer = (await self.answer(frozenset({need}), at=at))[need]
        if isinstance(answer, Absent):
            return answer
        try:
            document = parse_controller_document(answer.body, id=did)
        except IdentifierProblem as error:
            return Absent(reason=AbsentReason.UNUSABLE, detail=error.problem.detail)
        linksets = [
            await self._links(endpoint, at, depth=1)
            for service in document.services_of("linkset")
            for endpoint in service.endpoints
        ]
        own = Found(body=linkset_body(did, _service_targets(document)), media_type=LINKSET, source=answer.source, at=at)
        return _united(did, own, *linksets)


def _beside(held: Found | Absent | None, answer: Found | Absent) -> Found | Absent:
    """``answer`` of the place itself with what is ``held`` beside it; where it has none, what is held by its issuer."""
    if isinstance(held, Found) and isinstance(answer, Absent):
        return held
    if isinstance(held, Found):
        return replace(answer, also=(replace(held, also=()), *held.also))
    return answer if held is None else replace(answer, also=held.also)


def _service_targets(document: ControllerDocument) -> tuple[Target, ...]:
    return tuple(
        Target(relation=canonical_relation(kind), href=endpoint, title=kind)
        for service in document.services
        for kind in service.types
        if kind not in _OWN_SERVICES
        for endpoint in service.endpoints
    )


def _targets(answer: Found) -> tuple[Target, ...]:
    try:
        return read_linkset(parse_document(answer.body).value).targets()
    except CredentialsError:
        return ()


def _united(identifier: str, *answers: Found | Absent | None) -> Found | Absent:
    """One linkset of all that was found; when nothing was, the first reason why. One answer stays as it came."""
    found = [answer for answer in answers if isinstance(answer, Found)]
    if not found:
        return next(answer for answer in answers if isinstance(answer, Absent))
    if len(found) == 1:
        return found[0]
    merged = {target.href: target for answer in reversed(found) for target in _targets(answer)}
    targets = tuple(merged[href] for href in sorted(merged))
    return Found(body=linkset_body(identifier, targets), media_type=LINKSET, source=found[-1].source, at=found[0].at)
