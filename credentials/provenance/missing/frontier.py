"""The frontier: what is still worth looking up for a question, the most open mass first.

The rule: every need follows from the target and from what is already in hand, along links whose kind is known; what
was asked once, in any spelling, is not asked again, so circles end. Nothing found through a link is believed for
the link's sake. What the chain's own documents ask for is owed; what a list of links offers from hosts of nobody who
speaks in the chain comes after it, each host in turn, and takes none of its budget. The policy's budget bounds the
chain; a trace may stop after any need and its intervals stay honest.
See docs/requirements.md T3, T4, T8 and D13; docs/rules.md PV-ID-1 and PV-ACC-4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from credentials.did.methods import method_of
from credentials.errors import CredentialsError
from credentials.evidence import Absent, AbsentReason, Need, NeedKind
from credentials.identifiers.canonical_ids import GS1_ROOT, given_or_canonical
from credentials.identifiers.hosts import domain_of, host_of, is_below
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.addressed import credential_at
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import attestations_of_chain, schemes_of
from credentials.provenance.graph.services import anchor_addresses
from credentials.provenance.mass.shares import End
from credentials.provenance.missing.gaps import given_id, mass_gaps
from credentials.provenance.missing.relevance import Relevance, relevance_of
from credentials.provenance.statements.stepwise import STEP, Steps, finished
from credentials.untp.issuer import read_issuer
from credentials.untp.relations import canonical_relation
from credentials.untp.values import Link

#: What is followed from the linkset of a lot, of a facility and of a party: never all that a place or company made.
CREDENTIAL_RELATIONS: Final = frozenset({"dpp", "dcc", "dfr", "dte", "dia"})
FACILITY_RELATIONS: Final = frozenset({"dfr", "dcc", "dia"})
PARTY_RELATIONS: Final = frozenset({"dia", "dcc"})
_PAGES: Final = ("text/", "image/", "application/pdf")
_OLDER: Final = "predecessor-version"
_ORDER: Final = tuple(NeedKind)
_SHOUTED: Final = re.compile(r"(?!https?:)[Hh][Tt]{2}[Pp][Ss]?:")  # a scheme with capitals, which nobody looks up


@dataclass(frozen=True, slots=True)
class Frontier:
    """What to look up next: what is ``owed`` to the chain, the most unexplained mass first, and what is ``offered``."""

    owed: tuple[Need, ...]
    offered: tuple[Need, ...]


def needs(case: Case) -> tuple[Need, ...]:
    """What to look up next, what is owed before what is offered; () when nothing more would help."""
    found = finished(looking(case))
    return (*found.owed, *found.offered)


def looking(case: Case) -> Steps[Frontier]:
    """The same in steps, and apart."""
    wanted = yield from _wanted(case)
    return Frontier(wanted.open(), wanted.open_offers())


@memoize_per_case
def offers_of(case: Case) -> frozenset[Need]:
    """What is looked up although nobody who speaks in the chain asks for it."""
    return frozenset(finished(_wanted(case)).offered)


@dataclass(frozen=True, slots=True)
class Unasked:
    """How many look-ups a spent budget left, and the share of the target's mass that hangs on them."""

    count: int
    mass: float


@memoize_per_case
def unasked(case: Case) -> Unasked | None:
    """What was not asked because a budget was spent; None when everything was."""
    if not any(_is_unasked(case, need) for need in case.evidence.evidence):
        return None
    wanted = finished(_wanted(case))
    left = {need: weight for need, weight in wanted.owed.items() if _is_unasked(case, need)}
    lots = {case.graph.lot_named(need.id) for need in left if need.kind is NeedKind.LINKSET}
    along = float(finished(case.upstream(case.target, speaks=lots.__contains__)).of(End.SPEAKS))
    return Unasked(len(left), max((along, *left.values()))) if left else None


def is_finished(case: Case) -> bool:
    """Did no budget end it, neither that of the trace nor that of the policy?"""
    return unasked(case) is None and all(gap.gap_class != AbsentReason.BUDGET for gap in mass_gaps(case))


def _is_unasked(case: Case, need: Need) -> bool:
    answer = case.evidence.get(need)
    return isinstance(answer, Absent) and answer.reason is AbsentReason.BUDGET


def _wanted(case: Case) -> Steps[_Wanted]:
    relevance = yield from relevance_of(case)
    wanted = _Wanted(case, {*relevance.issuers, *(entry.did for entry in case.trust.entries)})
    for sources, relations in _SOURCES:
        for number, (need, weight) in enumerate(sources(case, relevance), 1):
            wanted.add(need, weight, relations)
            if number % STEP == 0:
                yield
    yield from wanted.follow()
    for need, weight in _vouchers(case, relevance.claimants):
        wanted.offer(need, weight, PARTY_RELATIONS)
    yield from wanted.follow_offers()
    return wanted


def _lots(case: Case, relevance: Relevance) -> Iterator[tuple[Need, float]]:
    """The linkset of the target and of every lot it is made of: passports, and all events (or an over-sale hides)."""
    yield Need(NeedKind.LINKSET, _askable(case, case.target)), 1.0
    for lot, share in relevance.lots.items():
        yield Need(NeedKind.LINKSET, _askable(case, lot)), share


def _facilities(case: Case, relevance: Relevance) -> Iterator[tuple[Need, float]]:
    for id, share in relevance.facilities.items():
        yield Need(NeedKind.LINKSET, id), share


def _documents(case: Case, relevance: Relevance) -> Iterator[tuple[Need, float]]:
    """What passports, records and events link to, and what the claims rest on."""
    for link, share in relevance.related:
        if link.url and canonical_relation(link.link_type or "") in CREDENTIAL_RELATIONS:
            yield Need(NeedKind.CREDENTIAL, link.url), share
    for link, share in relevance.evidence:
        if link.url:
            yield Need(_kind_of(link), link.url), share


def _parties(case: Case, relevance: Relevance) -> Iterator[tuple[Need, float]]:
    """Who issued it, and who vouches for them, upwards until the trust list names one."""
    return _vouchers(case, relevance.issuers)


def _vouchers(case: Case, issuers: Mapping[str, float]) -> Iterator[tuple[Need, float]]:
    for did, share in issuers.items():
        if _is_fetched(did):
            yield Need(NeedKind.DID_DOCUMENT, did), share
        if not case.trust.names(did):
            yield from ((Need(NeedKind.LINKSET, name), share) for name in (did, *_other_names(case, did)))
        for relation, address in anchor_addresses(case.evidence.document(did)):
            kind = NeedKind.LINKSET if relation == "linkset" else NeedKind.CREDENTIAL
            yield Need(kind, address), share


def _other_names(case: Case, did: str) -> tuple[str, ...]:
    """Ids under which an issuer says it is registered: resolvers of registers may know its anchors (PV-ID-1)."""
    own = case.graph.issued_by(did)
    names = {party.id for credential in own for party in read_issuer(credential.value).also_known_as if party.id}
    return tuple(sorted(names))


def _schemes(case: Case, relevance: Relevance) -> Iterator[tuple[Need, float]]:
    """The catalogue of a scheme under which something was assessed that is not below its address, last of all."""
    for attestation in case.graph.attestations:
        schemes = schemes_of(attestation)
        criteria = {one.id for assessment in attestation.assessments for one in assessment.said.criteria if one.id}
        elsewhere = any(not criterion.startswith(schemes) for criterion in criteria) if schemes else False
        if elsewhere and attestation in attestations_of_chain(case):
            for scheme in schemes:
                if scheme.startswith("https://"):
                    yield Need(NeedKind.CATALOGUE, scheme), 0.0


_SOURCES: Final = (
    (_lots, CREDENTIAL_RELATIONS),
    (_facilities, FACILITY_RELATIONS),
    (_documents, frozenset[str]()),
    (_parties, PARTY_RELATIONS),
    (_schemes, frozenset[str]()),
)


def _kind_of(link: Link) -> NeedKind:
    """Evidence is a credential when its relation or media type says so; a page or file is wanted for its digest."""
    media_type = (link.media_type or "").casefold()
    if media_type.startswith(_PAGES):
        return NeedKind.FILE
    known = canonical_relation(link.link_type or "") in CREDENTIAL_RELATIONS
    return NeedKind.CREDENTIAL if known or media_type.startswith("application/vc") else NeedKind.FILE


def _askable(case: Case, lot: LotKey) -> str:
    """The spelling a resolver is asked by: an address as given, a GS1 key as its Digital Link, lot and all."""
    id = given_id(case, lot)
    is_key = lot.id.startswith(GS1_ROOT) and "://" not in id
    return given_or_canonical(id) if is_key or _SHOUTED.match(id) else id


def _is_fetched(did: str) -> bool:
    """Does the DID's method need a look-up at all? What is no DID of ours is never looked up."""
    try:
        _, method = method_of(did)
    except CredentialsError:
        return False  # the credential's own issuer check names the problem
    return method is not None and method.url is not None


class _Wanted:
    """Needs with their weights, each once in whatever spelling: what is owed to the chain, and what others offer.

    ``speaking`` are the DIDs of who has a say in the chain or is believed.
    """

    def __init__(self, case: Case, speaking: Iterable[str]) -> None:
        self._case = case
        self._most = case.policy.budget.lots
        self._hosts: dict[str, list[str]] = {}
        for did in speaking:
            self._hosts.setdefault(domain_of(did), []).append(did)
        self.owed: dict[Need, float] = {}
        self.offered: dict[Need, float] = {}
        self._relations: dict[Need, frozenset[str]] = {}
        self._spelling: dict[tuple[NeedKind, str], Need] = {}

    def add(self, need: Need, weight: float, relations: frozenset[str] = frozenset()) -> bool:
        """Want ``need``, and from a linkset its links of these ``relations``; is it new?"""
        if not _is_asked(need):
            return False
        kept = self._spelling.setdefault(self._case.evidence.name_of(need), need)
        is_new = kept not in self.owed
        self.owed[kept] = max(weight, self.owed.get(kept, 0.0))
        self._relations[kept] = self._relations.get(kept, frozenset()) | relations
        return is_new

    def offer(self, need: Need, weight: float, relations: frozenset[str]) -> bool:
        """The same for what nobody in the chain asks for; what is owed stays so."""
        kept = self._spelling.get(self._case.evidence.name_of(need), need)
        if not _is_asked(need) or kept in self.owed or (kept not in self.offered and len(self.offered) >= self._most):
            return False
        self._spelling.setdefault(self._case.evidence.name_of(need), kept)
        is_new = kept not in self.offered
        self.offered[kept] = max(weight, self.offered.get(kept, 0.0))
        self._relations[kept] = self._relations.get(kept, frozenset()) | relations
        return is_new

    def follow(self) -> Steps[None]:
        """Follow the linksets that were found, and resolvers they name, each once; elsewhere is offered."""
        waiting = [need for need in self.owed if need.kind is NeedKind.LINKSET]
        elsewhere: list[tuple[Need, Need]] = []
        while waiting and len(self.owed) < self._most:
            need = waiting.pop()
            if len(waiting) % STEP == 0:
                yield
            for reached in self._targets(need):
                if not self._is_of_chain(reached, need):
                    elsewhere.append((reached, need))
                elif self.add(reached, self.owed[need], self._relations[need]) and reached.kind is NeedKind.LINKSET:
                    waiting.append(reached)
        for reached, need in elsewhere:
            self.offer(reached, self.owed[need], self._relations[need])

    def follow_offers(self) -> Steps[None]:
        """Follow the linksets that are offered; whatever they list is offered too."""
        waiting = [need for need in self.offered if need.kind is NeedKind.LINKSET]
        while waiting and len(self.offered) < self._most:
            need = waiting.pop()
            if len(waiting) % STEP == 0:
                yield
            for reached in self._targets(need):
                is_new = self.offer(reached, self.offered[need], self._relations[need])
                if is_new and reached.kind is NeedKind.LINKSET:
                    waiting.append(reached)

    def open(self) -> tuple[Need, ...]:
        """What is owed and nobody has answered, and that is not in hand, the heaviest first."""
        missing = [need for need in self.owed if not self._in_hand(need)]
        return tuple(sorted(missing, key=lambda need: _heaviest(need, self.owed))[: self._most])

    def open_offers(self) -> tuple[Need, ...]:
        """What is offered, likewise, but each host in turn, so that none of them can crowd out another."""
        missing = (need for need in self.offered if not self._in_hand(need))
        turns: Counter[str] = Counter()
        ordered: list[tuple[int, Need]] = []
        for need in sorted(missing, key=lambda need: _heaviest(need, self.offered)):
            host = host_of(need.id) or domain_of(need.id)
            ordered.append((turns[host], need))
            turns[host] += 1
        return tuple(need for _, need in sorted(ordered, key=lambda pair: pair[0]))

    def _is_of_chain(self, reached: Need, listed_by: Need) -> bool:
        """Is it below the place of who has a say in the chain?

        While nobody at the host that lists it is known to have one: is it at that host?
        """
        host = host_of(reached.id)
        if host and host not in self._hosts and host == (host_of(listed_by.id) or domain_of(listed_by.id)):
            return True
        place, labels = given_or_canonical(reached.id), host.split(".")
        above = (".".join(labels[start:]) for start in range(len(labels)))
        return any(is_below(did, place) for name in above for did in self._hosts.get(name, ()))

    def _in_hand(self, need: Need) -> bool:
        if self._case.evidence.in_any_spelling(need):
            return True
        return need.kind is NeedKind.CREDENTIAL and credential_at(self._case, need.id) is not None

    def _targets(self, need: Need) -> Iterator[Need]:
        for answered in self._case.evidence.in_any_spelling(need):
            for target in self._case.evidence.targets(answered):
                if target.relation in self._relations[need] and _OLDER not in target.qualifiers:
                    yield Need(NeedKind.CREDENTIAL, target.href)
                elif target.relation == "idr":
                    yield Need(NeedKind.LINKSET, target.href)


def _is_asked(need: Need) -> bool:
    return need.id.startswith(("http://", "https://", "did:", "urn:"))


def _heaviest(need: Need, weights: Mapping[Need, float]) -> tuple[object, ...]:
    return (-weights[need], _ORDER.index(need.kind), need.id)
