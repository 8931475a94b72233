"""What a case stands on: the lots, places, parties and links that its answer rests on, each with its share of mass.

The rule: only what can change the answer is listed. A place or party weighs as much as the heaviest lot it stands for.
See docs/requirements.md T4 and D13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.matching import related_matches
from credentials.provenance.case.parties import anchors_about, attestations_of_chain
from credentials.provenance.case.whereabouts import is_of_chain, transfers_of_lot, uses_of_lot
from credentials.provenance.statements.authority import is_licensed_number
from credentials.provenance.statements.statement import (
    AttestationStatement,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    Statement,
)
from credentials.provenance.statements.stepwise import STEP, Steps
from credentials.untp.events import Make, Modify, Move
from credentials.untp.values import FacilityReference, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Lots, facilities (ids as given), issuers and links with their weights, 0..1; they order look-ups, no more.

    ``claimants``: who speaks of a licensed number that nobody in hand is known to hold; a register may know them, and
    nothing that they link is followed.
    """

    lots: Mapping[LotKey, float]
    facilities: Mapping[str, float]
    issuers: Mapping[str, float]
    claimants: Mapping[str, float]
    related: tuple[tuple[Link, float], ...]  # documents that passports, records and events name
    evidence: tuple[tuple[Link, float], ...]  # what claims and endorsements rest on


def relevance_of(case: Case) -> Steps[Relevance]:
    """Everything the case stands on so far."""
    shares = yield from case.sharing()
    lots = {lot: float(share) for lot, share in shares.through.items()}
    told: list[tuple[Statement, float]] = []
    for pair in _told(case, lots):
        told.append(pair)
        if len(told) % STEP == 0:
            yield
    attestations = _attestations(case, lots)
    yield
    facilities: dict[str, float] = {}
    for statement, weight in told:
        for place in _places(statement):
            facilities[place] = max(weight, facilities.get(place, 0.0))
    return Relevance(
        lots=lots,
        facilities=facilities,
        issuers=_issuers(case, [*told, *attestations.items()]),
        claimants=_issuers(case, _candidates(case, lots)),
        related=tuple((link, weight) for statement, weight in told for link in _related(statement)),
        evidence=tuple(_evidence(told, attestations)),
    )


def _told(case: Case, lots: Mapping[LotKey, float]) -> Iterator[tuple[Statement, float]]:
    """Passports, make events and transfers of each lot, and the records of the places they name."""
    facilities = {case.target.id: 1.0}
    for lot, share in lots.items():
        passports = case.graph.passports_of(lot)
        events = [*case.graph.makers_of(lot), *(event for event, _ in uses_of_lot(case, lot))]
        told = [one for one in transfers_of_lot(case, lot) if is_of_chain(case, one)]
        events += [pair[0] for one in told for pair in one.told_by_both]
        for statement in (*passports, *events):
            yield statement, share
        for place in [one.facility for one in passports] + [one.facility for one in case.graph.makers_of(lot)]:
            facilities[place] = max(share, facilities.get(place, 0.0))
    for place, share in sorted(facilities.items()):
        for record in case.records_of(place):
            yield record, share


def _candidates(case: Case, lots: Mapping[LotKey, float]) -> Iterator[tuple[Statement, float]]:
    """Passports and assessments of a number that nobody in hand is licensed to use.

    A register may know an issuer of one, or an assessor say whose number it is.
    """
    for lot, share in lots.items():
        if is_licensed_number(lot.id) and not case.graph.passports_of(lot):
            yield from ((passport, share) for passport in case.graph.all_passports_of(lot))
            yield from ((attestation, share) for attestation, _ in case.graph.assessments_naming(lot.id))


def _attestations(case: Case, lots: Mapping[LotKey, float]) -> dict[AttestationStatement, float]:
    """Every attestation of the chain, each is judged; the heavier, the more of the mass its claims are about."""
    found: dict[AttestationStatement, float] = dict.fromkeys(attestations_of_chain(case), 0.0)
    for lot, share in lots.items():
        for passport in case.graph.passports_of(lot):
            for claim in passport.claims:
                for match in related_matches(case, claim):
                    found[match.attestation] = max(share, found.get(match.attestation, 0.0))
    return found


def _issuers(case: Case, told: Iterable[tuple[Statement, float]]) -> dict[str, float]:
    """Who issued it and who vouches for them, upwards; the trust list's own names need nobody to vouch."""
    found: dict[str, float] = {}
    for statement, weight in told:
        waiting = [statement.issuer]
        while waiting:
            did = waiting.pop()
            if found.get(did, -1.0) >= weight:
                continue
            found[did] = weight
            if not case.trust.names(did):
                waiting.extend(anchor.issuer for anchor in anchors_about(case, did))
    return found


def _evidence(
    told: Iterable[tuple[Statement, float]], attestations: Mapping[AttestationStatement, float]
) -> Iterator[tuple[Link, float]]:
    for statement, weight in told:
        if isinstance(statement, (PassportStatement, FacilityStatement)):
            yield from ((link, weight) for claim in statement.claims for link in claim.said.evidence)
    for attestation, weight in sorted(attestations.items(), key=lambda pair: pair[0].order):
        endorsements = (one.evidence for one in attestation.said.authorisations)
        yield from ((link, weight) for link in endorsements if link is not None)


def _related(statement: Statement) -> tuple[Link, ...]:
    if isinstance(statement, (PassportStatement, FacilityStatement, EventStatement)):
        return statement.said.related_documents
    return ()


def _places(statement: Statement) -> Iterator[str]:
    """The facilities a statement names, in their own spelling."""
    named: list[FacilityReference | None] = []
    if isinstance(statement, PassportStatement):
        named = [statement.said.produced_at]
    elif isinstance(statement, EventStatement):
        match statement.said:
            case Make(facility=facility) | Modify(facility=facility):
                named = [facility]
            case Move(origin=origin, destination=destination):
                named = [origin, destination]
    yield from (place.id for place in named if place is not None and place.id is not None)
