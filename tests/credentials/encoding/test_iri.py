"""Identifiers by grammar: nothing is stripped, nothing is guessed."""

from __future__ import annotations

import pytest

from credentials.encoding.iri import is_did, is_iri, is_language_tag


@pytest.mark.parametrize(
    "did", ["did:web:a.example", "did:web:a.example%3A8443:x", "did:key:z6Mk", "did:web:a.example:12345"]
)
def test_a_did_is_a_did(did: str) -> None:
    assert is_did(did)


@pytest.mark.parametrize(
    "text",
    [
        "did:web:samplecompany.com/123456789",
        "did:web:",
        "did:Web:a",
        "DID:web:a",
        "https://a.example",
        "did:web:a#k",
        " did:web:a",
        None,
    ],
)
def test_what_is_more_or_less_than_a_did_is_not_one(text: str | None) -> None:
    assert not is_did(text)


@pytest.mark.parametrize("text", ["https://a.example/x", "urn:gtr:a:1", "did:web:a"])
def test_an_absolute_uri_is_one(text: str) -> None:
    assert is_iri(text)


@pytest.mark.parametrize("text", ["44", "/x", "https://a b", "", "https://x\n", None])
def test_a_relative_or_broken_uri_is_none(text: str | None) -> None:
    assert not is_iri(text)


@pytest.mark.parametrize(
    "text", ["https:///x", "http:x", "urn:x\u200by", "https://a.example/\u202e", "urn:x\u00ady", "https://a/{x}"]
)
def test_what_readers_would_take_for_different_things_is_no_iri(text: str) -> None:
    assert not is_iri(text)


@pytest.mark.parametrize("tag", ["en", "en-GB", "zh-Hant-TW", "sl-rozaj"])
def test_a_language_tag_is_one(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize("tag", ["", "e", "en GB", "en_GB", "en-", "englishlong"])
def test_other_texts_are_no_language_tag(tag: str) -> None:
    assert not is_language_tag(tag)
