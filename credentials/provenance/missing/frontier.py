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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from credentials.did.methods import method_of
from credentials.errors import CredentialsError
from credentials.evidence import Absent, AbsentReason, Need, NeedKind
from credentials.identifiers.canonical_ids import GS1_ROOT, given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import attestations_of_chain, schemes_of
from credentials.provenance.graph.services import anchor_addresses
from credentials.provenance.mass.shares import End
from credentials.provenance.missing.gaps import given_id, mass_gaps
from credentials.provenance.missing.relevance import Relevance, relevance_of
from credentials.provenance.missing.wanted import Wanted
from credentials.provenance.statements.stepwise import STEP, Steps, finished
from credentials.untp.relations import canonical_relation
from credentials.untp.values import Link

#: What is followed from the linkset of a lot, of a facility and of a party: never all that a place or company made.
CREDENTIAL_RELATIONS: Final = frozenset({"dpp", "dcc", "dfr", "dte", "dia"})
FACILITY_RELATIONS: Final = frozenset({"dfr", "dcc", "dia"})
PARTY_RELATIONS: Final = frozenset({"dia", "dcc"})
_PAGES: Final = ("text/", "image/", "application/pdf")
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


def _wanted(case: Case) -> Steps[Wanted]:
    relevance = yield from relevance_of(case)
    wanted = Wanted(case, {*relevance.issuers, *(entry.did for entry in case.trust.entries)})
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
    return tuple(sorted({party.id for party in case.graph.registrations_of(did) if party.id}))


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
