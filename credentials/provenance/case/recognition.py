"""Is an assessor recognised for one assessment: accredited, in scope, at the time, up to the trust list?

The rule: recognition is asked per assessment, because an accreditation covers schemes, criteria or topics and days,
not a company. What the attestation says of itself (levels, endorsements) is never evidence for it.
See docs/rules.md PV-ACC-2 to PV-ACC-6; docs/requirements.md T13.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contexts.codes.topics import canonical_topic
from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import ACCREDITERS, accreditation_path, schemes_of
from credentials.provenance.statements.statement import AssessmentStatement, AttestationStatement
from credentials.trust.anchors import AnchorPath
from credentials.trust.trust_lists import TrustRole


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


def recognition(case: Case, attestation: AttestationStatement, assessment: AssessmentStatement) -> Recognition:
    """The recognition of ``assessment`` on its day."""
    ever = accreditation_path(case, attestation, None)
    if not ever.anchored:
        detail = f"Nobody the trust list names accredits {attestation.issuer} for this: {ever.reason.value}."
        return Recognition(recognised=False, because=broken_by(ever), detail=detail)
    day = assessment.said.assessment_date
    path = accreditation_path(case, attestation, Timespan.of(day)) if day is not None else None
    if path is None or not path.anchored:
        detail = f"{attestation.issuer} was not accredited on that day."
        return Recognition(recognised=False, because=f"PV-ACC-5 {attestation.issuer}", detail=detail)
    if not in_scope(case, path, attestation, assessment):
        detail = f"The accreditation of {attestation.issuer} does not cover what was assessed."
        return Recognition(recognised=False, because=f"PV-ACC-3 {attestation.source}", detail=detail)
    return Recognition(recognised=True)


def broken_by(path: AnchorPath) -> str:
    """The rule and subject that a path fails by: the body that accredits it, or the chain above that body."""
    return f"{'PV-ACC-6' if len(path.steps) > 1 else 'PV-ACC-2'} {path.did}"


def in_scope(case: Case, path: AnchorPath, attestation: AttestationStatement, assessment: AssessmentStatement) -> bool:
    """Do the trust list's entry and the accreditation's scope cover the assessment (PV-ACC-3)?

    The scope covers it by its scheme, its profile, a topic, or every criterion; a root needs no scope.
    """
    topics = {_topic_or_id(one.id) for one in assessment.said.topics if one.id}
    if not _believed_for(case, path, attestation, topics):
        return False
    if not path.steps:
        return True
    scope = {_topic_or_id(uri) for uri in path.steps[0].scope}
    criteria = {given_or_canonical(one.id) for one in assessment.said.criteria if one.id}
    return bool(scope & {*schemes_of(attestation), *topics}) or (bool(criteria) and criteria <= scope)


def _believed_for(case: Case, path: AnchorPath, attestation: AttestationStatement, topics: set[str]) -> bool:
    """Does an entry of the trust list make the root believed for this scheme, and for one of the topics?"""
    entries = [
        entry
        for scheme in schemes_of(attestation) or ("",)
        for entry in case.trust.entries_for(path.root, roles=ACCREDITERS, when=case.asked, scheme=scheme)
    ]
    return any(not entry.topics or {_topic_or_id(topic) for topic in entry.topics} & topics for entry in entries)


def assurance(case: Case, path: AnchorPath) -> Assurance:
    """Derived from who the path ends in, never from what the attestation says (docs/requirements.md T13)."""
    if not path.anchored:
        return Assurance.NONE
    entries = case.trust.entries_for(path.root, roles=ACCREDITERS, when=case.asked)
    authority = any(TrustRole.ACCREDITATION in entry.roles for entry in entries)
    return Assurance.AUTHORITY if authority else Assurance.SCHEME


def _topic_or_id(uri: str) -> str:
    return canonical_topic(uri) or given_or_canonical(uri)
