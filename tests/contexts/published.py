"""The published contexts beside the checkout, and one way to ask PyLD what a document means under either set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from pyld import jsonld

from contexts.library import standard_library
from tests.shared import shared_json, shared_path

UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
MULTIKEY = "https://w3id.org/security/multikey/v1"
DID = "https://www.w3.org/ns/did/v1"
JWK = "https://w3id.org/security/jwk/v1"
CID = "https://www.w3.org/ns/cid/v1"
UNTP_CONTEXT = ("untp", "v0.7.0", "artefacts", "contexts", "untp-context.jsonld")

Lookup = Callable[[str], Mapping[str, Any]]


@cache
def published_contexts() -> dict[str, Any]:
    """Every published context in ../shared by URL (schema.org is too large to be worth it)."""
    manifest = shared_json("contexts", "manifest.json")
    files = {row["url"]: row["file"] for row in manifest["contexts"]} | manifest["aliases"]
    found = {url: shared_json("contexts", file) for url, file in files.items() if "schema.org" not in url}
    return {**found, UNTP: shared_json(*UNTP_CONTEXT)}


def published(url: str) -> Mapping[str, Any]:
    """The published document of ``url``."""
    return published_contexts()[url]


def ours(url: str) -> Mapping[str, Any]:
    """Our document of ``url`` where we restate it, else the published one."""
    library = standard_library()
    return library.document(url) if library.knows(url) else published(url)


def meaning(document: Any, lookup: Lookup) -> tuple[Any, str]:
    """Expansion and N-Quads, or the name of the error that PyLD ends in."""

    def load(url: str, _options: Any) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": lookup(url), "contentType": "application/ld+json"}

    options = {"documentLoader": load, "format": "application/n-quads"}
    try:
        expanded = jsonld.expand(document, options)
        return expanded, jsonld.to_rdf(expanded, options)
    except jsonld.JsonLdError as error:
        return f"{error.type} {error.code}", ""


def vector_documents() -> Iterator[Any]:
    """Official vectors that name a context we restate."""
    library = standard_library()
    for path in sorted(shared_path("vectors").rglob("*.json")):
        value = json.loads(path.read_text("utf-8"))
        for document in value if isinstance(value, list) else [value]:
            named = document.get("@context", []) if isinstance(document, dict) else []
            if any(
                library.knows(url) for url in (named if isinstance(named, list) else [named]) if isinstance(url, str)
            ):
                yield document


def vocabulary_of(context: Any) -> tuple[set[str], set[str]]:
    """All terms of a context at any depth, and those of them that are types (upper case, by custom)."""
    terms: set[str] = set()
    waiting = [context]
    while waiting:
        scope = waiting.pop()
        for term, definition in scope.items():
            if term.startswith("@"):
                continue
            terms.add(term)
            if isinstance(definition, dict) and isinstance(definition.get("@context"), dict):
                waiting.append(definition["@context"])
    return terms, {term for term in terms if term[:1].isupper()}
