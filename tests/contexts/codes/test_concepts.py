"""Topics and metrics: the published taxonomies, no more and no less, in either spelling."""

from __future__ import annotations

from typing import Any

import pytest

from contexts.codes import codelists
from contexts.codes.metrics import METRICS, MetricKind, canonical_metric, is_metric_iri, metric
from contexts.codes.topics import TOPICS, canonical_topic, topic
from tests.shared import needs_shared, shared_json

HOST = "https://vocabulary.uncefact.org"


def _published(name: str) -> list[dict[str, Any]]:
    graph: list[dict[str, Any]] = shared_json("untp", "v0.7.0", "vocabularies", f"untp-{name}.jsonld")["@graph"]
    return [entry for entry in graph if entry["@type"] == "skos:Concept"]


def _slug(curie: str | None) -> str | None:
    return curie.partition(":")[2] if curie else None


@needs_shared
def test_our_topics_are_the_published_ones() -> None:
    published = {
        _slug(entry["@id"]): (entry["prefLabel"], entry["notation"], _slug(entry.get("broader")))
        for entry in _published("topics")
    }

    assert {slug: (known.label, known.notation, known.group) for slug, known in TOPICS.items()} == published


@needs_shared
def test_our_metrics_are_the_published_ones() -> None:
    published = {
        _slug(entry["@id"]): (
            entry["prefLabel"],
            entry["notation"],
            _slug(entry["broader"]),
            entry["allowedUnit"],
            entry["improvementDirection"],
            entry["aggregationMethod"],
        )
        for entry in _published("metrics")
        if "broader" in entry
    }

    ours = {
        slug: (known.label, known.notation, known.group, known.unit, known.better, known.aggregation)
        for slug, known in METRICS.items()
    }

    assert ours == published


def test_there_are_as_many_as_the_taxonomies_say() -> None:
    groups = [known for known in TOPICS.values() if known.group is None]

    assert (len(groups), len(TOPICS) - len(groups)) == (11, 90)
    assert len(METRICS) == 69


def test_every_metric_uses_the_two_code_lists() -> None:
    assert {known.better for known in METRICS.values()} <= codelists.IMPROVEMENT_DIRECTIONS
    assert {known.aggregation for known in METRICS.values()} <= codelists.AGGREGATION_METHODS


@pytest.mark.parametrize(
    "iri",
    [
        f"{HOST}/conformity-topics/water-conservation",
        f"{HOST}/conformity-topic/water-conservation",
        f"{HOST}/conformity-topic/water-conservation/",
        f"{HOST}/conformity-topics#water-conservation",
        f"{HOST}/conformity-topics/#water-conservation",
        "http://vocabulary.uncefact.org/conformity-topic/water-conservation",
    ],
)
def test_every_spelling_of_a_topic_is_one_concept(iri: str) -> None:
    assert canonical_topic(iri) == f"{HOST}/conformity-topics/water-conservation"


@pytest.mark.parametrize(
    "iri",
    [
        f"{HOST}/conformity-topics/unheard-of",
        f"{HOST}/conformity-topicss/water-conservation",
        f"{HOST}/performance-metrics/water-conservation",
        f"{HOST}/conformity-topics/water-conservation?x=1",
        f"{HOST}.evil.example/conformity-topics/water-conservation",
        f"{HOST}/conformity-topics/water-conservation ",
        "water-conservation",
        "",
    ],
)
def test_anything_else_is_no_topic(iri: str) -> None:
    assert canonical_topic(iri) is None
    assert topic(iri) is None


def test_singular_and_plural_metrics_are_one_concept() -> None:
    spelt = {canonical_metric(f"{HOST}/performance-metric{s}/water-intensity") for s in ("", "s")}

    assert spelt == {f"{HOST}/performance-metrics/water-intensity"}


def test_an_invented_metric_under_untps_name_is_recognised_as_such() -> None:
    assert is_metric_iri(f"{HOST}/performance-metric/niceness")
    assert metric(f"{HOST}/performance-metric/niceness") is None
    assert not is_metric_iri("https://metrics.example/niceness")


def test_a_metric_group_is_no_metric() -> None:
    assert metric(f"{HOST}/performance-metrics/energy") is None


@needs_shared
@pytest.mark.parametrize(
    ("file", "path", "ours"),
    [
        ("dpp/DigitalProductPassport", "Product/idGranularity", codelists.GRANULARITIES),
        ("dpp/DigitalProductPassport", "PartyRole/role", codelists.PARTY_ROLES),
        ("dte/DigitalTraceabilityEvent", "EventProduct/disposition", codelists.DISPOSITIONS),
        ("dia/DigitalIdentityAnchor", "RegisteredIdentity/registerType", codelists.REGISTER_TYPES),
        ("dcc/ConformityCredential", "ConformityAttestation/assessorLevel", codelists.ASSESSOR_LEVELS),
        ("dcc/ConformityCredential", "ConformityAttestation/assessmentLevel", codelists.ASSESSMENT_LEVELS),
        ("dcc/ConformityCredential", "ConformityAttestation/attestationType", codelists.ATTESTATION_TYPES),
        ("dcc/ConformityCredential", "BitstringStatusListEntry/statusPurpose", codelists.STATUS_PURPOSES),
    ],
)
def test_our_code_lists_are_the_published_ones(file: str, path: str, ours: frozenset[str]) -> None:
    kind, _, name = file.partition("/")
    schema = shared_json("untp", "v0.7.0", "artefacts", "schema", kind, f"{name}.json")
    owner, _, member = path.partition("/")

    published = schema["$defs"][owner]["properties"][member]["enum"]

    assert ours == frozenset(published)


def test_shares_of_mass_are_percentages_that_add_up_by_mass() -> None:
    shares = [known for known in METRICS.values() if known.kind is MetricKind.SHARE_OF_MASS]

    assert {known.slug for known in shares} == {"recycled-content-percentage", "deforestation-free-sourcing"}
    assert {(known.unit, known.aggregation) for known in shares} == {("P1", "weighted-average")}
