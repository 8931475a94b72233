"""How our canonicalisation compares with PyLD's: ratios measured in one run, process time, medians.

Run ``python -m benchmarks.canonicalizer`` beside the published data (../shared). The first column is the whole way
from JSON to canonical N-Quads, the second RDFC-1.0 alone on the same statements.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from pyld import jsonld

from contexts.library import standard_library
from credentials.errors import CredentialsError
from credentials.rdf.canonical import canonicalize
from credentials.rdf.jsonld import to_nquads
from tests.shared import untp_samples

ROUNDS = 7


def _load(url: str, _options: object) -> dict[str, Any]:
    document = dict(standard_library().document(url))
    return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}


def _median_ms(work: Callable[[], object]) -> float:
    work()
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print one line for each official sample that safe mode accepts."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    for name, document in untp_samples().items():
        try:
            text = to_nquads(document, contexts=standard_library())
        except CredentialsError as error:
            print(f"{name:<55} refused: {error.problem.code}")
            continue
        ours = _median_ms(lambda document=document: canonicalize(to_nquads(document, contexts=standard_library())))
        theirs = _median_ms(lambda document=document: jsonld.normalize(document, {**options, "documentLoader": _load}))
        ours_rdfc = _median_ms(lambda text=text: canonicalize(text))
        pyld = {**options, "inputFormat": "application/n-quads"}
        theirs_rdfc = _median_ms(lambda text=text, pyld=pyld: jsonld.normalize(text, pyld))
        print(
            f"{name:<55} whole {theirs:6.1f}/{ours:5.1f} ms = {theirs / ours:4.1f}x"
            f"   RDFC {theirs_rdfc:5.1f}/{ours_rdfc:4.1f} ms = {theirs_rdfc / ours_rdfc:4.1f}x"
        )


if __name__ == "__main__":
    main()
