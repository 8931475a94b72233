"""Context libraries for tests: the published documents, and the standard library with the vectors' examples context."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from contexts.library import ContextLibrary, Pinned, UnsafeTestContexts
from tests.shared import shared_json, shared_path

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"


@cache
def published_library() -> ContextLibrary:
    """The contexts exactly as published: the second opinion on our own tables."""
    rows = shared_json("contexts", "manifest.json")["contexts"]
    pinned = [
        Pinned(url=row["url"], sha256=row["sha256"], document=shared_path("contexts", row["file"]).read_bytes())
        for row in rows
        if row["url"] != EXAMPLES
    ]
    untp = shared_path("untp", "v0.7.0", "artefacts", "contexts", "untp-context.jsonld").read_bytes()
    return ContextLibrary([*pinned, Pinned(url=UNTP, sha256="", document=untp)])


@cache
def vector_contexts() -> UnsafeTestContexts:
    """The standard library plus examples/v2, which official vectors list."""
    return UnsafeTestContexts({EXAMPLES: shared_json("contexts", "credentials-examples-v2.jsonld")})


def pyld_canonical(document: dict[str, Any], library: ContextLibrary) -> str:
    """PyLD's own canonical form of a document, without our door."""
    from pyld import jsonld

    def load(url: str, _options: object) -> dict[str, Any]:
        found = json.loads(json.dumps(library.document(url)))
        return {"contextUrl": None, "documentUrl": url, "document": found, "contentType": "application/ld+json"}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    text: str = jsonld.normalize(document, options)
    return text
