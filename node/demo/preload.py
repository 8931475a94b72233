"""Read once what every node reads: contexts, schemas, and what JSON-LD works out of them.

The launcher imports this before it makes the first node, so that twelve nodes do not each do the same work. It is the
only module of the program that does something when it is imported.
"""

from __future__ import annotations

from datetime import UTC, datetime

from contexts.library import standard_library
from credentials.issue import check_draft
from credentials.rdf.jsonld import to_nquads
from node.demo import defects
from node.demo.season import season


def preload() -> int:
    """Check and transform one credential of each kind; how many statements came of it."""
    kinds = {step.key.rpartition("-")[2]: step for step in season(datetime(2026, 1, 1, tzinfo=UTC), defects.NAMES)}
    statements = 0
    for step in kinds.values():
        try:
            draft = step.draft({})
        except KeyError:
            continue  # it relies on others; its kind is there without that too
        document = draft | {"id": step.issuer.url("credentials/warm")}
        check_draft(document)
        statements += to_nquads(document, contexts=standard_library()).count("\n")
    return statements


preload()
