"""An operator's context may add words; it may not change, swallow or hide any."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.library import standard_library
from contexts.registration import REFUSALS, ContextRefused
from tests.contexts.published import UNTP

URL = "https://words.example/garment/1.0/context"
EXTENSION: dict[str, Any] = {
    "@version": 1.1,
    "@protected": True,
    "id": "@id",
    "type": "@type",
    "garment": "https://words.example/garment#",
    "Garment": {
        "@id": "garment:Garment",
        "@context": {
            "@protected": True,
            "name": "https://schema.org/name",
            "fibre": {"@id": "garment:fibre", "@type": "http://www.w3.org/2001/XMLSchema#string"},
        },
    },
}


def register(context: Any, *, url: str = URL, raw: bytes | None = None, digest: str | None = None) -> Any:
    raw = raw if raw is not None else json.dumps({"@context": context}).encode("utf-8")
    return standard_library().with_registered(url, raw, digest or hashlib.sha256(raw).hexdigest())


def test_an_extension_with_its_own_words_is_pinned_at_its_digest() -> None:
    raw = json.dumps({"@context": EXTENSION}).encode("utf-8")

    library = register(EXTENSION)

    assert library.document(URL) == {"@context": EXTENSION}
    assert library.digest(URL) == hashlib.sha256(raw).hexdigest()
    assert not standard_library().knows(URL)


def test_a_word_that_is_protected_inside_a_type_may_be_said_again_as_it_is() -> None:
    stated = standard_library().document(UNTP)["@context"]["Product"]["@context"]["batchNumber"]

    assert register(changed(batchNumber=stated)).knows(URL)


def test_a_file_that_changed_by_one_byte_is_refused() -> None:
    raw = json.dumps({"@context": EXTENSION}).encode("utf-8")

    with pytest.raises(ContextRefused) as refused:
        register(None, raw=raw + b"\n", digest=hashlib.sha256(raw).hexdigest())

    assert (refused.value.code, refused.value.refusal) == ("CONTEXT_HASH", "digest")


def changed(**terms: Any) -> dict[str, Any]:
    return {**EXTENSION, **terms}


BAD: list[tuple[str, Any]] = [
    ("catch-all", changed(**{"@vocab": "https://words.example/#"})),
    ("catch-all", changed(**{"@base": "https://words.example/"})),
    ("catch-all", changed(**{"@language": "en"})),
    ("catch-all", changed(**{"@import": "https://words.example/other"})),
    ("catch-all", changed(Shirt={"@id": "garment:Shirt", "@context": {"@vocab": "garment:"}})),
    ("redefinition", changed(Product="garment:Product")),
    ("redefinition", changed(issuer="garment:issuer", VerifiableCredential="garment:Credential")),
    ("redefinition", changed(name="garment:name")),
    ("redefinition", changed(untp="https://words.example/untp/")),
    ("redefinition", changed(id="garment:id")),
    ("redefinition", changed(Shirt={"@id": "garment:Shirt", "@context": {"type": "garment:type"}})),
    ("redefinition", changed(proof=None)),
    ("redefinition", changed(batchNumber="garment:batch")),  # UNTP protects it inside Product alone
    ("redefinition", changed(Shirt={"@id": "garment:Shirt", "@context": {"batchNumber": "garment:batch"}})),
    ("hidden", changed(grade=None)),
    ("hidden", changed(grade={"@id": None})),
    ("hidden", changed(grade={"@reverse": "garment:grade"})),
    ("hidden", changed(grade={"@id": "garment:grade", "@nest": "more"})),
    ("hidden", changed(bundle="@graph")),
    ("hidden", changed(grade="grade")),
    ("keyword", changed(Shirt={"@id": "garment:Shirt", "@context": "https://words.example/other"})),
    ("keyword", changed(Shirt={"@id": "garment:Shirt", "@context": None})),
    ("keyword", changed(**{"@strange": True})),
    ("unprotected", {key: value for key, value in EXTENSION.items() if key != "@protected"}),
    ("unprotected", changed(grade={"@id": "garment:grade", "@protected": False})),
    ("shape", ["https://words.example/other", EXTENSION]),
    ("shape", "https://words.example/other"),
]


@pytest.mark.parametrize(("refusal", "context"), BAD)
def test_a_context_that_changes_or_hides_meaning_is_refused(refusal: str, context: Any) -> None:
    with pytest.raises(ContextRefused) as refused:
        register(context)

    assert (refused.value.code, refused.value.refusal) == ("CONTEXT_NOT_ALLOWED", refusal)


@pytest.mark.parametrize(
    "url",
    [
        "http://words.example/c",
        "words.example/c",
        "https://words.example/c?v=1",
        "https://words.example/c#x",
        "https://user@words.example/c",
        "https://words.example:8443/c",
        "https://words.example/ c",
        "https://wörds.example/c",
    ],
)
def test_a_context_is_named_by_a_plain_https_url(url: str) -> None:
    with pytest.raises(ContextRefused) as refused:
        register(EXTENSION, url=url)

    assert refused.value.refusal == "url"


def test_a_pinned_url_is_never_pinned_again() -> None:
    with pytest.raises(ContextRefused) as refused:
        register(EXTENSION, url=UNTP)

    assert refused.value.refusal == "pinned"


@pytest.mark.parametrize(
    ("refusal", "raw"),
    [
        ("json", b'{"@context": {"a": "x:y", "a": "x:z"}}'),
        ("json", b"{nonsense"),
        ("json", b'{"@context": {"\xff": 1}}'),
        ("shape", b"[]"),
        ("shape", b"{}"),
        ("size", b'{"@context": ' + b"[" * 40 + b"]" * 40 + b"}"),
        ("size", b'{"@context": {}}' + b" " * (1 << 20)),
    ],
)
def test_a_file_that_is_no_bounded_strict_json_object_is_refused(refusal: str, raw: bytes) -> None:
    with pytest.raises(ContextRefused) as refused:
        register(None, raw=raw)

    assert refused.value.refusal == refusal


def test_every_row_of_the_table_of_refusals_is_exercised_here() -> None:
    exercised = {refusal for refusal, _ in BAD} | {"url", "pinned"}

    assert {refusal.name for refusal in REFUSALS} <= exercised


def test_a_second_extension_cannot_redefine_the_first() -> None:
    library = register(EXTENSION)
    raw = json.dumps({"@context": changed(Garment="https://words.example/other#Garment")}).encode("utf-8")

    with pytest.raises(ContextRefused) as refused:
        library.with_registered("https://words.example/second", raw, hashlib.sha256(raw).hexdigest())

    assert refused.value.refusal == "redefinition"


PROTECTED = sorted(
    term
    for url in standard_library().urls
    for term in standard_library().document(url)["@context"]
    if not term.startswith("@") and term != "Entity"
)


@given(st.sampled_from(PROTECTED))
def test_no_protected_term_of_any_pinned_context_can_be_redefined(term: str) -> None:
    with pytest.raises(ContextRefused) as refused:
        register(changed(**{term: "https://words.example/garment#it"}))

    assert refused.value.refusal == "redefinition"


def test_the_readme_of_the_floor_tells_every_refusal() -> None:
    text = resources.files("contexts").joinpath("README.md").read_text("utf-8")

    assert all(f"| `{refusal.name}` |" in text for refusal in REFUSALS)
