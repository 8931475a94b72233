"""Parties: who issued what, who vouches for whom, and whether that ends in the trust list.

The rule: for authority a party is its DID, and two DIDs are one party only when a trusted register gives both the same
registration (PV-MRG-4); for independence parties are merged on suspicion. ``when`` None asks "was it ever anchored and
not revoked since", a time asks for that time.
See docs/rules.md PV-ID and PV-ACC.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import domain_of, is_below
from credentials.provenance.case.addressed import credential_at, linked
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.scopes import covers
from credentials.provenance.case.whereabouts import events_of_chain
from credentials.provenance.graph.registers import IDENTITY, REGISTRARS, Registers, scheme_of
from credentials.provenance.graph.services import anchor_addresses
from credentials.provenance.statements.statement import (
    AnchorStatement,
    AttestationStatement,
    FacilityStatement,
    PassportStatement,
    Statement,
)
from credentials.trust.anchors import AnchorPath, Reason, Vouch, Walk, anchor_path
from credentials.trust.standing import reliable
from credentials.trust.trust_lists import TrustRole
from credentials.verdict import VerifiedCredential

ACCREDITATION: Final = "accreditation"
ACCREDITERS: Final = frozenset({TrustRole.ACCREDITATION, TrustRole.SCHEME_OWNER})


@memoize_per_case
def issuers(case: Case) -> dict[str, tuple[VerifiedCredential, ...]]:
    """Every DID that issued a passport, record, event or attestation the case rests on, with those credentials."""
    found: dict[str, dict[str, VerifiedCredential]] = {}
    for one in statements_of_chain(case):
        found.setdefault(one.issuer, {})[one.credential.credential_digest] = one.credential
    return {did: tuple(sorted(said.values(), key=lambda one: one.id)) for did, said in sorted(found.items())}


def statements_of_chain(case: Case) -> tuple[Statement, ...]:
    """Every passport, facility record, event and attestation of the case that counts."""
    return (*case.passports, *case.facilities, *events_of_chain(case), *attestations_of_chain(case))


@memoize_per_case
def credentials_of_chain(case: Case) -> tuple[VerifiedCredential, ...]:
    """The current credentials of everybody who says something that counts in the case, or vouches for one who does."""
    makings = (event for lot in case.lots for event in case.graph.makers_of(lot))  # also those that do not stand
    waiting = {one.issuer for one in (*statements_of_chain(case), *makings)}
    authors: set[str] = set()
    while waiting:
        authors |= waiting
        waiting = {anchor.issuer for did in waiting for anchor in anchors_about(case, did)} - authors
    return tuple(one for one in case.graph.credentials if one.issuer in authors)


@memoize_per_case
def attestations_of_chain(case: Case) -> tuple[AttestationStatement, ...]:
    """The attestations that the chain names, and those about its lots, places and parties by a body that somebody on
    the trust list stands behind."""
    about = {lot.id for lot in case.lots} | set(case.places)
    about |= {one.issuer for one in (*case.passports, *case.facilities)}
    return tuple(
        one
        for one in case.graph.attestations
        if one in named_attestations(case) or (_is_about(one, about) and accreditation_path(case, one, None).anchored)
    )


@memoize_per_case
def named_attestations(case: Case) -> frozenset[AttestationStatement]:
    """The attestations that a passport, a making or a facility record of the chain, or a claim of one, links."""
    carriers: tuple[PassportStatement | FacilityStatement, ...] = (*case.passports, *case.facilities)
    links = [link for one in carriers for claim in one.claims for link in claim.said.evidence]
    links += [link for one in (*carriers, *case.made_by) for link in one.said.related_documents]
    held = (linked(case, link) for link in links)
    found = (case.graph.attestation_in(credential) for credential in held if credential is not None)
    return frozenset(one for one in found if one is not None)


def _is_about(attestation: AttestationStatement, ids: set[str]) -> bool:
    return any(
        not ids.isdisjoint({lot.id for lot in one.named} | {*one.facilities, one.organisation})
        for one in attestation.assessments
    )


@memoize_per_case
def assessors(case: Case) -> dict[str, tuple[AttestationStatement, ...]]:
    """Every DID that attests something about another party, with those attestations."""
    found: dict[str, list[AttestationStatement]] = {}
    for attestation in attestations_of_chain(case):
        if is_third_party(case, attestation.issuer, attestation.issued_to):
            found.setdefault(attestation.issuer, []).append(attestation)
    return {did: tuple(attested) for did, attested in sorted(found.items())}


@memoize_per_case
def anchors_about(case: Case, did: str) -> tuple[AnchorStatement, ...]:
    """The anchors about ``did`` that are heard.

    Those by a party of the trust list or one that it accredits onwards, and those that ``did`` itself names, by its DID
    document or by the number it states. What any other register says is nobody's word on who a party is.
    """
    found = case.graph.anchors_of(did)
    if not found:
        return ()
    named = [credential_at(case, address) for _, address in anchor_addresses(case.evidence.document(did))]
    numbers = {
        (given_or_canonical(other.id_scheme), other.registered_id)
        for other in case.graph.registrations_of(did)
        if other.id_scheme and other.registered_id
    }
    return tuple(
        anchor
        for anchor in found
        if case.trust.names(anchor.issuer)
        or anchor.credential in named
        or (is_below(anchor.issuer, scheme_of(anchor)) and (scheme_of(anchor), anchor.said.registered_id) in numbers)
        or (anchor.said.register_type == ACCREDITATION and _is_accredited(case, anchor.issuer))
    )


@memoize_per_case
def _is_accredited(case: Case, did: str) -> bool:
    """Does a chain of accreditations lead from ``did`` to a party of the trust list?"""
    waiting, seen = [did], {did}
    while waiting:
        told = [one for one in case.graph.anchors_of(waiting.pop()) if one.said.register_type == ACCREDITATION]
        if any(case.trust.names(one.issuer) for one in told):
            return True
        further = {one.issuer for one in told} - seen
        seen |= further
        waiting += sorted(further)
    return False


def identity_anchors(case: Case, did: str) -> tuple[AnchorStatement, ...]:
    """The anchors that say who ``did`` is; accreditations do not."""
    return tuple(anchor for anchor in anchors_about(case, did) if anchor.said.register_type in IDENTITY)


def accreditations(case: Case, did: str) -> tuple[AnchorStatement, ...]:
    """The anchors that accredit ``did``."""
    return tuple(anchor for anchor in anchors_about(case, did) if anchor.said.register_type == ACCREDITATION)


@memoize_per_case
def identity_path(case: Case, did: str, when: Timespan | None) -> AnchorPath:
    """From ``did`` to a registrar of the trust list; a party the list names is believed to be itself."""
    if case.trust.names(did):
        return AnchorPath(did=did, steps=(), reason=Reason.ANCHORED)
    walk = Walk(
        vouches=partial(_vouches, case, when),
        trust=case.trust,
        when=when or case.asked,
        roles=REGISTRARS,
        register_types=IDENTITY,
        max_length=case.policy.max_chain,
    )
    return anchor_path(did, walk)


@memoize_per_case
def accreditation_path(
    case: Case, attestation: AttestationStatement, when: Timespan | None, criteria: frozenset[str] = frozenset()
) -> AnchorPath:
    """From the assessor to an accreditation authority or the scheme's owner, for the scheme it attests.

    With ``criteria``: only by accreditations whose scope contains each of them, at every step.
    """
    walk = Walk(
        vouches=partial(_covering, case, when, criteria),
        trust=case.trust,
        when=when or case.asked,
        roles=ACCREDITERS,
        register_types=frozenset({ACCREDITATION}),
        schemes=schemes_of(attestation) or ("",),
        max_length=case.policy.max_chain,
    )
    return anchor_path(attestation.issuer, walk)


def schemes_of(attestation: AttestationStatement) -> tuple[str, ...]:
    """The scheme and the profile an attestation refers to, canonical."""
    said = attestation.said
    named = (reference.id for reference in (said.scheme, said.profile) if reference is not None)
    return tuple(given_or_canonical(id) for id in named if id is not None)


def is_registrar(case: Case, anchor: AnchorStatement) -> bool:
    """Is the anchor's issuer believed as registrar for its scheme and register type (PV-ID-3)?"""
    return Registers(case.trust, case.asked).believes(anchor)


def same_party(case: Case, one: str, other: str) -> bool:
    """Does one id speak for the other: the same id, or the same registration by a register on the list?"""
    return case.graph.one_company(one, other)


@memoize_per_case
def is_third_party(case: Case, one: str, other: str) -> bool:
    """Are two ids parties that are independent of each other?

    Nobody is who shares a registration or a confirmed other name; nor who shares a host, whatever path and port, unless
    registers on the list know both, each by a number of its own.
    """
    if same_party(case, one, other) or _name_each_other(case, one, other):
        return False
    if not domain_of(one) or domain_of(one) != domain_of(other):
        return True
    return all(case.graph.registrations(did) for did in (one, other))


def _name_each_other(case: Case, one: str, other: str) -> bool:
    documents = ((case.evidence.document(did), named) for did, named in ((one, other), (other, one)))
    return all(document is not None and named in document.also_known_as for document, named in documents)


def _covering(case: Case, when: Timespan | None, criteria: frozenset[str], did: str) -> Iterator[Vouch]:
    """The vouches whose scope contains each of ``criteria``."""
    for vouch in _vouches(case, when, did):
        if all(any(covers(case, scope, criterion) for scope in vouch.scope) for criterion in criteria):
            yield vouch


def _vouches(case: Case, when: Timespan | None, did: str) -> Iterator[Vouch]:
    """Everybody who vouches for ``did``, and whether each counts at ``when``."""
    for anchor in anchors_about(case, did):
        scheme = anchor.said.id_scheme
        yield Vouch(
            credential=anchor.source,
            issuer=anchor.issuer,
            subject=anchor.subject,
            register_type=anchor.said.register_type or "",
            scheme=given_or_canonical(scheme.id) if scheme is not None and scheme.id else "",
            scope=tuple(given_or_canonical(scope) for scope in anchor.said.scopes),
            reliable=reliable(anchor.credential, when, case.policy),
        )
