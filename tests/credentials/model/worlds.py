"""The library the W3C's model vectors need: the pinned contexts and the examples context (docs/requirements.md D5)."""

from __future__ import annotations

from contexts.library import ContextLibrary, UnsafeTestContexts
from tests.shared import shared_json

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


def example_contexts() -> ContextLibrary:
    """The standard library and examples/v2, read from the published file the manifest names."""
    rows = shared_json("contexts", "manifest.json")["contexts"]
    file = next(row["file"] for row in rows if row["url"] == EXAMPLES)
    return UnsafeTestContexts({EXAMPLES: shared_json("contexts", file)})
