"""Which assessments speak about a claim, and how close each comes.

The rule: an assessment is related to a claim when the claim points to it, or when a recognised assessor assesses the
same object against the same criterion or topic; related is not enough to support it. Facility and organisation results
pass to a product only for topics that are about the place or the company, and are labelled inherited (PV-CLM-1); those
of a place only to a lot that was made there by the word of both, the place's operator and the lot's maker.
See docs/rules.md PV-CLM; docs/requirements.md T14.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contexts.codes.topics import topic
from credentials.provenance.case.addressed import linked
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import assessed_topics, criteria_of, topics_of, with_same
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import is_third_party, named_attestations
from credentials.provenance.case.recognition import recognition
from credentials.provenance.case.whereabouts import was_made_at
from credentials.provenance.statements.statement import (
    AssessmentStatement,
    AttestationStatement,
    ClaimStatement,
    PassportStatement,
)
from credentials.trust.standing import Standing, status

#: Topic groups about how a place or a company is run; every other topic is about the goods themselves.
PLACE_GROUPS: Final = frozenset(
    {
        "human-equity-and-welfare",
        "ethical-governance",
        "health-and-safety",
        "economic-sustainability",
        "systemic-sustainability",
        "information-security",
    }
)


class Object(StrEnum):
    """What an assessment is about, seen from a claim; ORDER of closeness."""

    SAME = "same"
    INHERITED_FACILITY = "facility"
    NAMED_FACILITY = "facility that one side alone names"
    INHERITED_ORGANISATION = "organisation"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Match:
    """One assessment seen from one claim; ``criteria``: what it was assessed against, under every id of it."""

    claim: ClaimStatement
    attestation: AttestationStatement
    assessment: AssessmentStatement
    object: Object
    criteria: frozenset[str]
    criterion: bool
    topic: bool
    linked: bool

    @property
    def inherited(self) -> bool:
        """Does the result come from the place or the company?"""
        return self.object in (Object.INHERITED_FACILITY, Object.INHERITED_ORGANISATION)

    @property
    def related(self) -> bool:
        """Does the assessment speak about the claim at all?"""
        return self.linked or (self.object is not Object.OTHER and (self.criterion or self.topic))


@memoize_per_case
def related_matches(case: Case, claim: ClaimStatement) -> tuple[Match, ...]:
    """Every related assessment, the closest first; independent of the order of arrival."""
    found = [match for match in _matches(case, claim) if match.related and _has_say(case, match)]
    return tuple(sorted(found, key=lambda match: _distance(case, match)))


def is_about_place(claim: ClaimStatement) -> bool:
    """Is every topic of the claim one about the place or the company?"""
    return are_about_place(topics_of(claim.said.topics))


def are_about_place(topics: Iterable[str]) -> bool:
    """Are there topics, and is every one of them about the place or the company?"""
    known = [topic(iri) for iri in topics]
    return bool(known) and all(one is not None and (one.group or one.slug) in PLACE_GROUPS for one in known)


def passport_of(case: Case, claim: ClaimStatement) -> PassportStatement | None:
    """The passport that makes the claim; None for a facility's own."""
    return case.graph.passport_in(claim.credential)


def claimant_names(case: Case, claim: ClaimStatement) -> tuple[str, ...]:
    """Everyone whose attestation may back the claim: who makes it, and who says itself that it made the lot.

    Whom a passport only names lends it nothing. A place's attestations are its operators'.
    """
    names = set(case.graph.operators_of(claim.facility)) if claim.facility else set()
    return (claim.issuer, *sorted((names | _makers(case, claim)) - {claim.issuer}))


def _makers(case: Case, claim: ClaimStatement) -> set[str]:
    """Who says itself that it made the lot that is claimed about."""
    events = case.graph.makers_of(claim.lot) if claim.lot is not None else ()
    return {event.issuer for event in events if case.counts(event)}


def _has_say(case: Case, match: Match) -> bool:
    """Nobody hears an assessor whom neither the chain names nor a root of the trust list stands behind."""
    named = match.attestation in named_attestations(case)
    return named or recognition(case, match.attestation, match.assessment).recognised


def _matches(case: Case, claim: ClaimStatement) -> Iterator[Match]:
    linked = {id(one): one for one in _linked(case, claim)}
    seen: set[int] = set()
    for object, pairs in _by_object(case, claim, tuple(linked.values())):
        for attestation, assessment in pairs:
            if id(assessment) in seen:
                continue
            seen.add(id(assessment))
            criteria = with_same(criteria_of(assessment.said.criteria), case.pack)
            yield Match(
                claim=claim,
                attestation=attestation,
                assessment=assessment,
                object=object,
                criteria=criteria,
                criterion=bool(criteria_of(claim.said.criteria) & criteria),
                topic=bool(topics_of(claim.said.topics) & assessed_topics(assessment.said)),
                linked=id(attestation) in linked,
            )


def _by_object(
    case: Case, claim: ClaimStatement, linked: tuple[AttestationStatement, ...]
) -> Iterator[tuple[Object, tuple[tuple[AttestationStatement, AssessmentStatement], ...]]]:
    """Assessments by what they are about, the closest first."""
    graph = case.graph
    if claim.lot is not None:
        yield Object.SAME, graph.assessments_of_lot(claim.lot)
        passport = passport_of(case, claim)
        if passport is not None and passport.facility:
            at_home = was_made_at(case, claim.lot, passport.facility)
            place = Object.INHERITED_FACILITY if at_home else Object.NAMED_FACILITY
            yield place, graph.assessments_of(passport.facility)
    elif claim.facility:
        yield Object.SAME, graph.assessments_of(claim.facility)
    for company in sorted(_makers(case, claim) | {claim.issuer}):
        yield Object.INHERITED_ORGANISATION, graph.assessments_of(company)
    yield Object.OTHER, tuple((one, assessment) for one in linked for assessment in one.assessments)


def _linked(case: Case, claim: ClaimStatement) -> Iterator[AttestationStatement]:
    for link in claim.said.evidence:
        credential = linked(case, link)
        attestation = case.graph.attestation_in(credential) if credential is not None else None
        if attestation is not None:
            yield attestation


def _distance(case: Case, match: Match) -> tuple[object, ...]:
    return (
        not match.criterion,
        list(Object).index(match.object),
        status(match.attestation.credential) is not Standing.VALID,
        not is_third_party(case, match.attestation.issuer, match.claim.issuer),
        not match.linked,
        not match.topic,
        match.attestation.order,
        match.assessment.order,
    )
