"""What ends first of the documents that the proven claims of a report rest on.

The rule: an end is one that a document, its token or its proofs state; that something may be revoked or contradicted
any day is no end, and nothing here says that a verdict holds until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable


def first_to_end(documents: Collection[str], inputs: Iterable[tuple[str, str, str]]) -> tuple[str, str] | None:
    """The moment and the id of the first to end; None where nothing is proven, or nothing of it states an end.

    ``documents`` are the digests that the derivation names, ``inputs`` are digest, id and end ("" for none) of each.
    """
    ends = [(until, id) for digest, id, until in inputs if until and digest in documents]
    return min(ends, default=None)
