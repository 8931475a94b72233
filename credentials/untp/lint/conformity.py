"""Lint of attestations: something was assessed, an object is named, the outcome is stated.

DCC-03, DCC-05, DCC-08; probes 16 and 17.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_absolute_iri
from credentials.untp.conformity import Assessment, read_attestation
from credentials.untp.finding import LintFinding
from credentials.untp.lint.claims import check_performance, check_topics
from credentials.untp.lint.rules import finding


def check_attestation(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a conformity credential's attestation."""
    attestation = read_attestation(document)
    if attestation is None:
        return
    if not is_absolute_iri(attestation.id):
        yield finding(
            "DCC-08",
            f"{attestation.pointer}/id",
            "The attestation's id is not a URI.",
            "Use the certificate number under the assessor's own domain.",
        )
    if not attestation.assessments:
        yield finding(
            "DCC-03",
            f"{attestation.pointer}/conformityAssessment",
            "The attestation holds no assessment.",
            "List at least one assessment with its object, criteria and outcome.",
        )
    for assessment in attestation.assessments:
        yield from _assessment(assessment)


def _assessment(assessment: Assessment) -> Iterator[LintFinding]:
    if not (assessment.products or assessment.facilities or assessment.organisation):
        yield finding(
            "DCC-03",
            assessment.pointer,
            "The assessment names nothing that was assessed.",
            "Name it in assessedProduct, assessedFacility or assessedOrganisation.",
        )
    if assessment.conformance is None:
        yield finding(
            "DCC-05",
            f"{assessment.pointer}/conformance",
            "The assessment does not say whether the object conforms.",
            "State conformance: true or false.",
        )
    if not assessment.criteria:
        yield finding(
            "DCC-04",
            f"{assessment.pointer}/assessmentCriteria",
            "The assessment names no criterion.",
            "Name the criteria of the scheme that were assessed.",
        )
    if not assessment.topics:
        yield finding(
            "DCC-08",
            f"{assessment.pointer}/conformityTopic",
            "The assessment has no topic.",
            "Name at least one topic of the UNTP taxonomy.",
        )
    yield from check_topics(assessment.topics)
    yield from check_performance(assessment.performance)
