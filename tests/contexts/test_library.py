"""One frozen set of contexts by exact URL, with the digests of what was published."""

from __future__ import annotations

import hashlib
import pickle

import pytest

from contexts.library import ContextLibrary, ContextNotPinned, UnsafeTestContexts, manifest, standard_library
from tests.contexts.published import CREDENTIALS, UNTP, UNTP_CONTEXT
from tests.shared import needs_shared, shared_json, shared_path


@needs_shared
def test_the_manifest_gives_the_digests_of_the_published_files() -> None:
    files = {row["url"]: row["file"] for row in shared_json("contexts", "manifest.json")["contexts"]}
    paths = {url: shared_path("contexts", file) for url, file in files.items()} | {UNTP: shared_path(*UNTP_CONTEXT)}

    for row in manifest():
        assert hashlib.sha256(paths[row["url"]].read_bytes()).hexdigest() == row["sha256"], row["url"]


def test_the_untp_context_is_pinned_at_the_released_digest() -> None:
    released = "fbd4824e30d3cfc5cba949e1efe19b4c9ebaee056abe7aaf1c6b139a7bf91b0c"

    assert standard_library().digest(UNTP) == released


def test_every_row_of_the_manifest_names_licence_and_source() -> None:
    assert all(row["licence"] and row["source"] for row in manifest())


@pytest.mark.parametrize(
    "url",
    [
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2/",
        "https://www.w3.org/ns/credentials/v2?x",
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org/ns/credentials/V2",
        "https://WWW.w3.org/ns/credentials/v2",
        " https://www.w3.org/ns/credentials/v2",
        "https://vocabulary.uncefact.org/untp/0.7.0/context",
        "https://vocabulary.uncefact.org/untp/",
        "https://www.w3.org/2018/credentials/v1",
        "",
    ],
)
def test_a_url_that_differs_by_one_character_is_not_known(url: str) -> None:
    library = standard_library()

    assert not library.knows(url)
    with pytest.raises(ContextNotPinned):
        library.document(url)
    with pytest.raises(ContextNotPinned):
        library.digest(url)


def test_changing_a_document_that_was_handed_out_changes_nothing() -> None:
    handed_out = dict(standard_library().document(CREDENTIALS)["@context"])
    handed_out["issuer"] = "https://elsewhere.example/#issuer"
    standard_library().document(CREDENTIALS)["@context"]["name"] = "https://elsewhere.example/#name"

    assert standard_library().document(CREDENTIALS)["@context"]["name"] == "https://schema.org/name"


def test_a_library_survives_the_trip_to_a_worker_process() -> None:
    library = standard_library()

    assert pickle.loads(pickle.dumps(library)) == library


def test_libraries_with_different_documents_have_different_fingerprints() -> None:
    one = UnsafeTestContexts({"https://a.example/c": {"@context": {"a": "https://a.example/#a"}}})
    other = UnsafeTestContexts({"https://a.example/c": {"@context": {"a": "https://a.example/#b"}}})

    assert len({one.fingerprint, other.fingerprint, standard_library().fingerprint}) == 3
    assert one != other


def test_the_standard_library_is_one_object_in_the_process() -> None:
    assert standard_library() is standard_library()


def test_test_contexts_add_documents_without_touching_the_standard_library() -> None:
    document = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/undefined-terms#"}}
    library = UnsafeTestContexts({"https://www.w3.org/ns/credentials/undefined-terms/v2": document})

    assert library.document("https://www.w3.org/ns/credentials/undefined-terms/v2") == document
    assert library.urls > standard_library().urls
    assert not standard_library().knows("https://www.w3.org/ns/credentials/undefined-terms/v2")


def test_an_empty_library_knows_nothing() -> None:
    assert ContextLibrary([]).urls == frozenset()
