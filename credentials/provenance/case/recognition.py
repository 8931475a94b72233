"""Is an assessor recognised for one assessment: accredited, in scope, at the time, up to the trust list?

The rule: recognition is asked per assessment and what it is used for, because an accreditation covers criteria and
days, not a company: each one up to the trust list contains each criterion that is used. What the attestation says of
itself (levels, endorsements) is never evidence for it.
See docs/rules.md PV-ACC-2 to PV-ACC-6; docs/requirements.md T13.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contexts.codes.topics import canonical_topic
from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import assessed_topics, criteria_of
from credentials.provenance.case.keyed import is_signed_by_its_issuer, unkeyed_accrediter
from credentials.provenance.case.parties import ACCREDITERS, accreditation_path, schemes_of
from credentials.provenance.case.scopes import covers
from credentials.provenance.graph.successors import is_said_in, words_beside
from credentials.provenance.statements.statement import AssessmentStatement, AttestationStatement
from credentials.trust.anchors import AnchorPath
from credentials.trust.standing import acceptable, standing
from credentials.trust.trust_lists import TrustRole
from credentials.verdict import VerifiedCredential


class Assurance(StrEnum):
    """docs/requirements.md T13: who stands behind an assessment."""

    AUTHORITY = "A"
    SCHEME = "B"
    NONE = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Whether an assessment is recognised; else ``because`` is the rule and subject it fails by, ``detail`` why."""

    recognised: bool
    because: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What an assessment is used for: criteria and topics, canonical."""

    criteria: frozenset[str]
    topics: frozenset[str]


def recognition(
    case: Case, attestation: AttestationStatement, assessment: AssessmentStatement, used: Use | None = None
) -> Recognition:
    """The recognition of ``assessment`` on its day for what it is ``used`` for; None: for all that it assessed."""
    if any(_takes_back(case, other, assessment) for other in words_beside(case.graph, attestation.credential)):
        detail = f"{attestation.issuer} signed another document with the id {attestation.source} that differs."
        return Recognition(recognised=False, because=f"PV-MRG-6 {attestation.source}", detail=detail)
    ever = accreditation_path(case, attestation, None)
    if not ever.anchored:
        detail = f"Nobody the trust list names accredits {attestation.issuer} for this: {ever.reason.value}."
        return Recognition(recognised=False, because=broken_by(ever), detail=detail)
    day = assessment.said.assessment_date
    when = Timespan.of(day) if day is not None else None
    if when is None or not accreditation_path(case, attestation, when).anchored:
        detail = f"{attestation.issuer} was not accredited on that day."
        return Recognition(recognised=False, because=f"PV-ACC-5 {attestation.issuer}", detail=detail)
    if not in_scope(case, attestation, used or use_of(assessment), when):
        detail = f"The accreditation of {attestation.issuer} does not cover what was assessed."
        return Recognition(recognised=False, because=f"PV-ACC-3 {attestation.source}", detail=detail)
    unkeyed = _unkeyed(case, attestation, when)
    if unkeyed:
        detail = f"Whoever supplied the evidence may have signed as {unkeyed}: its key is neither pinned nor resolved."
        return Recognition(recognised=False, because=f"PV-ID-10 {unkeyed}", detail=detail)
    return Recognition(recognised=True)


def _takes_back(case: Case, other: VerifiedCredential, assessment: AssessmentStatement) -> bool:
    """Is an assessment worth nothing by ``other``, which has the same issuer and id?

    One that cannot be used says nothing at all. One that is heard as well takes back nothing: both then count.
    """
    if not acceptable(standing(other, case.asked), case.policy):
        return True
    return not (case.graph.speaks(other) or is_said_in(other, assessment))


def _unkeyed(case: Case, attestation: AttestationStatement, when: Timespan) -> str:
    """The assessor, or the body above it, whose key is not known to be its own; "" when all are."""
    if not is_signed_by_its_issuer(case, attestation.credential):
        return attestation.issuer
    return unkeyed_accrediter(case, accreditation_path(case, attestation, when))


def broken_by(path: AnchorPath) -> str:
    """The rule and subject that a path fails by: the body that accredits it, or the chain above that body."""
    return f"{'PV-ACC-6' if len(path.steps) > 1 else 'PV-ACC-2'} {path.did}"


def is_self_assessment(attestation: AttestationStatement) -> bool:
    """Does the attestation say that the assessed party assessed itself, whoever issued it?"""
    return attestation.said.assessor_level == "self"


def use_of(assessment: AssessmentStatement) -> Use:
    """Everything that was assessed."""
    said = assessment.said
    return Use(criteria=criteria_of(said.criteria), topics=assessed_topics(said))


def in_scope(case: Case, attestation: AttestationStatement, used: Use, when: Timespan | None) -> bool:
    """Do the trust list's entry and every accreditation up to it contain each criterion of ``used`` (PV-ACC-3)?

    A criterion is in a scope that names it or something it is below or listed under: its scheme. An assessment that
    names no criterion is measured by its scheme, and one without a scheme, which UNTP 0.7 demands, by nothing. A root
    needs no accreditation; its entry's schemes and topics bound it too.
    """
    schemes = frozenset(schemes_of(attestation))
    criteria = (used.criteria or schemes) if schemes else frozenset[str]()
    path = accreditation_path(case, attestation, when, criteria)
    return bool(criteria) and path.anchored and _believed_for(case, path, attestation, criteria, used.topics)


def _believed_for(
    case: Case, path: AnchorPath, attestation: AttestationStatement, criteria: frozenset[str], topics: frozenset[str]
) -> bool:
    """Does an entry of the trust list make the root believed for this scheme, each criterion and each topic?"""
    entries = [
        entry
        for scheme in schemes_of(attestation) or ("",)
        for entry in case.trust.entries_for(path.root, roles=ACCREDITERS, when=case.asked, scheme=scheme)
    ]
    return any(
        (not entry.schemes or all(any(covers(case, one, criterion) for one in entry.schemes) for criterion in criteria))
        and (not entry.topics or (bool(topics) and topics <= {_topic_or_id(topic) for topic in entry.topics}))
        for entry in entries
    )


def assurance(case: Case, path: AnchorPath) -> Assurance:
    """Derived from who the path ends in, never from what the attestation says (docs/requirements.md T13)."""
    if not path.anchored:
        return Assurance.NONE
    entries = case.trust.entries_for(path.root, roles=ACCREDITERS, when=case.asked)
    authority = any(TrustRole.ACCREDITATION in entry.roles for entry in entries)
    return Assurance.AUTHORITY if authority else Assurance.SCHEME


def _topic_or_id(uri: str) -> str:
    return canonical_topic(uri) or given_or_canonical(uri)
