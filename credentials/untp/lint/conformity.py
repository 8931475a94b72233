"""Lint of attestations: something was assessed, an object is named, the outcome is stated.

DCC-03, DCC-05, DCC-08; probes 16 and 17.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_iri
from credentials.untp.finding import LintFinding
from credentials.untp.lint.claims import check_performance, check_topics
from credentials.untp.lint.rules import finding
from credentials.untp.lint.ways import Way, objects, one, only_subject, pointer_of, text, way_to


def check_attestation(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a conformity credential's attestation."""
    found = only_subject(document)
    if found is None:
        return
    attestation, way = found
    if not is_iri(text(attestation, "id")):
        yield finding(
            "DCC-08",
            pointer_of(way, "id"),
            "The attestation's id is not a URI.",
            "Use the certificate number under the assessor's own domain.",
        )
    assessments = objects(attestation, "conformityAssessment")
    if not assessments:
        yield finding(
            "DCC-03",
            pointer_of(way, "conformityAssessment"),
            "The attestation holds no assessment.",
            "List at least one assessment with its object, criteria and outcome.",
        )
    for index, assessment in assessments:
        yield from _assessment(assessment, way_to(way, "conformityAssessment", index))


def _assessment(assessment: JsonObject, way: Way) -> Iterator[LintFinding]:
    assessed = objects(assessment, "assessedProduct") or objects(assessment, "assessedFacility")
    if not assessed and one(assessment, "assessedOrganisation") is None:
        yield finding(
            "DCC-03",
            pointer_of(way),
            "The assessment names nothing that was assessed.",
            "Name it in assessedProduct, assessedFacility or assessedOrganisation.",
        )
    if not isinstance(assessment.get("conformance"), bool):
        yield finding(
            "DCC-05",
            pointer_of(way, "conformance"),
            "The assessment does not say whether the object conforms.",
            "State conformance: true or false.",
        )
    if not objects(assessment, "assessmentCriteria"):
        yield finding(
            "DCC-04",
            pointer_of(way, "assessmentCriteria"),
            "The assessment names no criterion.",
            "Name the criteria of the scheme that were assessed.",
        )
    topics = objects(assessment, "conformityTopic")
    if not topics:
        yield finding(
            "DCC-08",
            pointer_of(way, "conformityTopic"),
            "The assessment has no topic.",
            "Name at least one topic of the UNTP taxonomy.",
        )
    yield from check_topics(topics, way)
    yield from check_performance(objects(assessment, "assessedPerformance"), way, "assessedPerformance")
