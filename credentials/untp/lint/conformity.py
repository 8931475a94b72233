"""Lint of attestations: something was assessed, an object is named, the outcome is stated.

DCC-03, DCC-05, DCC-08; probes 16 and 17.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_absolute_iri
from credentials.untp.finding import LintFinding
from credentials.untp.lint.claims import check_performance, check_topics
from credentials.untp.lint.rules import finding
from credentials.untp.reading import Place, only_subject_of


def check_attestation(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a conformity credential's attestation."""
    attestation = only_subject_of(document)
    if attestation is None:
        return
    if not is_absolute_iri(attestation.text("id")):
        yield finding(
            "DCC-08",
            attestation.below("id"),
            "The attestation's id is not a URI.",
            "Use the certificate number under the assessor's own domain.",
        )
    assessments = attestation.each("conformityAssessment")
    if not assessments:
        yield finding(
            "DCC-03",
            attestation.below("conformityAssessment"),
            "The attestation holds no assessment.",
            "List at least one assessment with its object, criteria and outcome.",
        )
    for assessment in assessments:
        yield from _assessment(assessment)


def _assessment(assessment: Place) -> Iterator[LintFinding]:
    assessed = (assessment.each("assessedProduct"), assessment.each("assessedFacility"))
    if not any(assessed) and assessment.one("assessedOrganisation", Place) is None:
        yield finding(
            "DCC-03",
            assessment.pointer,
            "The assessment names nothing that was assessed.",
            "Name it in assessedProduct, assessedFacility or assessedOrganisation.",
        )
    if assessment.flag("conformance") is None:
        yield finding(
            "DCC-05",
            assessment.below("conformance"),
            "The assessment does not say whether the object conforms.",
            "State conformance: true or false.",
        )
    if not assessment.each("assessmentCriteria"):
        yield finding(
            "DCC-04",
            assessment.below("assessmentCriteria"),
            "The assessment names no criterion.",
            "Name the criteria of the scheme that were assessed.",
        )
    topics = assessment.each("conformityTopic")
    if not topics:
        yield finding(
            "DCC-08",
            assessment.below("conformityTopic"),
            "The assessment has no topic.",
            "Name at least one topic of the UNTP taxonomy.",
        )
    yield from check_topics(topics)
    yield from check_performance(assessment.each("assessedPerformance"))
