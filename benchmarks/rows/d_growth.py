"""How the cost of a document grows with its statements: the growth in time over the growth of n log n."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.row import Measured, Row
from benchmarks.timing import in_turn
from contexts.library import standard_library
from credentials.rdf import canonical, expander
from credentials.rdf.jsonld import compiled_quads

SIZES = (10, 100, 1_000, 10_000)


def _document(statements: int) -> dict[str, Any]:
    """A credential of about so many statements: subjects with three each, every fourth without an id."""
    subjects = [
        {**({"id": f"urn:x:{index}"} if index % 4 else {}), "name": f"lot {index}", "description": f"bale {index}"}
        for index in range(max(2, (statements - 4) // 3))
    ]
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:x:growth",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:mill.example",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": subjects,
    }


@contextmanager
def _without_limits() -> Iterator[None]:
    """A document of ten thousand statements is refused otherwise."""
    limits = [
        (module, name)
        for module in (canonical, expander)
        for name in ("MAX_STATEMENTS", "MAX_BLANK_NODES", "MAX_ARRAY", "MAX_SCALARS")
        if hasattr(module, name)
    ]
    kept = [getattr(module, name) for module, name in limits]
    for module, name in limits:
        setattr(module, name, 10**9)
    try:
        yield
    finally:
        for (module, name), value in zip(limits, kept, strict=True):
            setattr(module, name, value)


def _canonical(document: dict[str, Any]) -> str:
    return canonical.canonicalize_quads(compiled_quads(document, contexts=standard_library()))


def _growth() -> Measured:
    documents = [_document(size) for size in SIZES]
    with _without_limits():
        counts = [_canonical(document).count("\n") for document in documents]
        times = in_turn(*(lambda document=document: _canonical(document) for document in documents), rounds=5)
    allowed = counts[-1] * math.log(counts[-1]) / (counts[0] * math.log(counts[0]))
    told = ", ".join(f"{count}: {time:.2f} ms" for count, time in zip(counts, times, strict=True))
    return Measured(times[-1] / times[0] / allowed, told)


ROWS = (
    Row(
        what="canonical form of 10 to 10 000 statements",
        against="growth of n log n",
        target=1.0,
        at_most=True,
        measure=_growth,
    ),
)
