"""Our contexts mean what the published ones mean: term by term, on every sample and vector, and on random documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contexts.context_documents import context_bytes
from contexts.library import manifest
from contexts.notation import vocabulary
from contexts.schemas import credential_types
from tests.contexts.full_documents import full_credential
from tests.contexts.published import (
    CID,
    CREDENTIALS,
    DATA_INTEGRITY,
    DID,
    JWK,
    MULTIKEY,
    UNTP,
    meaning,
    ours,
    published,
    vector_documents,
    vocabulary_of,
)
from tests.shared import needs_shared, untp_samples

URLS = [CREDENTIALS, DATA_INTEGRITY, MULTIKEY, JWK, DID, CID, UNTP]
LOCAL = settings(deadline=None, suppress_health_check=list(HealthCheck))


def spelled_out(context: Mapping[str, Any], prefixes: Mapping[str, Any]) -> dict[str, Any]:
    """One spelling for what JSON-LD lets one write in several: full IRIs, maps, no protection that is implied."""
    result: dict[str, Any] = {key: context[key] for key in ("@vocab", "@protected") if key in context}
    for term, definition in context.items():
        if term.startswith("@"):
            continue
        parts = {"@id": definition} if isinstance(definition, str) else dict(definition)
        for key in ("@id", "@type"):
            prefix, _, rest = str(parts.get(key)).partition(":")
            if prefix in prefixes and not rest.startswith("//"):
                parts[key] = prefixes[prefix] + rest
        if parts.get("@protected") is True and context.get("@protected") is True:
            del parts["@protected"]
        if isinstance(parts.get("@context"), dict):
            parts["@context"] = spelled_out(parts["@context"], prefixes)
        result[term] = parts
    return result


def prefixes_of(context: Mapping[str, Any]) -> dict[str, Any]:
    return {term: iri for term, iri in context.items() if isinstance(iri, str) and iri.endswith(("/", "#"))}


@needs_shared
@pytest.mark.parametrize("url", URLS)
def test_every_term_has_the_published_definition_scope_and_protection(url: str) -> None:
    mine, theirs = ours(url)["@context"], published(url)["@context"]

    assert spelled_out(mine, {}) == spelled_out(theirs, prefixes_of(theirs))


@pytest.mark.slow
@needs_shared
def test_every_official_untp_sample_expands_to_the_same_statements() -> None:
    for name, sample in untp_samples().items():
        expanded, statements = meaning(sample, ours)

        assert statements, name
        assert (expanded, statements) == meaning(sample, published), name


@needs_shared
@pytest.mark.parametrize("name", credential_types())
def test_a_credential_with_every_member_expands_to_the_same_statements(name: str) -> None:
    expanded, statements = meaning(full_credential(name), ours)

    assert statements
    assert (expanded, statements) == meaning(full_credential(name), published)


@needs_shared
def test_every_official_w3c_vector_expands_to_the_same_statements() -> None:
    documents = list(vector_documents())

    assert len(documents) > 50
    for document in documents:
        assert meaning(document, ours) == meaning(document, published)


def random_documents(url: str) -> st.SearchStrategy[Any]:
    """Objects nested up to a few levels, of any types and terms of the contexts, with values that fit or do not."""
    urls = [CREDENTIALS, url] if url == UNTP else [url]
    both = [vocabulary_of(published(each)["@context"]) for each in urls]
    keywords = {"type"} if url == UNTP else {"id", "type"}  # in UNTP, id is also an ordinary term
    terms = sorted(set().union(*(terms for terms, _ in both)) - keywords)
    types = sorted(set().union(*(types for _, types in both)))
    type_lists = st.lists(st.sampled_from([*types, "Unheard"]), max_size=2, unique=True)
    words = st.sampled_from(["x", "AU", "KGM", "did:web:a.example", "https://a.example/1", "2026-01-01", "untp:x", ""])
    leaf = words | st.integers(-5, 5) | st.booleans() | st.floats(-9, 9, allow_nan=False) | st.none()

    def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        members = st.dictionaries(
            st.sampled_from([*terms, "unheard"]), values | st.lists(values, max_size=2), max_size=4
        )
        return st.builds(lambda found, named: {**found, "type": named}, members, type_lists)

    deep = st.recursive(leaf, objects, max_leaves=12)
    return objects(deep).map(lambda found: {"@context": urls, "id": "urn:a:b", **found})


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("url", URLS)
def test_random_documents_mean_the_same_under_both_contexts(url: str) -> None:
    examples = 25 if url == UNTP else 50

    @settings(LOCAL, max_examples=examples)
    @given(random_documents(url))
    def same(document: Any) -> None:
        assert meaning(document, ours) == meaning(document, published)

    same()


@needs_shared
@pytest.mark.slow
@pytest.mark.timeout(400)  # PyLD reads a new set of contexts for each of them, twice
def test_hundreds_of_random_untp_documents_mean_the_same_under_both_contexts() -> None:
    @settings(LOCAL, max_examples=300)
    @given(random_documents(UNTP))
    def same(document: Any) -> None:
        assert meaning(document, ours) == meaning(document, published)

    same()


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("url", URLS)
def test_no_protected_term_can_be_given_another_meaning(url: str) -> None:
    terms = [term for term in published(url)["@context"] if not term.startswith("@") and term not in ("id", "type")]
    for term in [*terms[:12], *(term for term in terms if term == "Entity")]:
        document = {"@context": [url, {term: "https://elsewhere.example/#it"}], "id": "urn:a:b"}
        mine = meaning(document, ours)

        assert mine == meaning(document, published), term
        assert ("protected term redefinition" in str(mine)) == (term != "Entity"), term


@pytest.mark.parametrize("table", sorted({row["table"] for row in manifest()}))
def test_building_a_context_twice_gives_the_same_bytes(table: str) -> None:
    first = context_bytes(vocabulary(table))
    vocabulary.cache_clear()

    assert context_bytes(vocabulary(table)) == first


def test_the_oddities_of_the_released_untp_context_are_kept() -> None:
    context = ours_untp()

    scheme = context["Product"]["@context"]["idScheme"]["@context"]
    assert scheme["id"] == {
        "@id": "https://vocabulary.uncefact.org/untp/id",
        "@type": "http://www.w3.org/2001/XMLSchema#anyURI",
    }
    assert context["MakeEvent"]["@context"]["eventDate"]["@type"] == "http://www.w3.org/2001/XMLSchema#datetime"
    assert context["Entity"]["@protected"] is False
    assert sum("@vocab" in definition["@context"] for definition in scoped(context)) == 24


def ours_untp() -> Mapping[str, Any]:
    document = ours(UNTP)
    context: Mapping[str, Any] = document["@context"]
    return context


def scoped(context: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part for part in context.values() if isinstance(part, dict) and "@context" in part]
