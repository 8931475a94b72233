"""Random documents by the million through both engines: ``python -m tests.credentials.rdf.million [documents]``.

Prints a line for each list of contexts; ends with 1 and the document at the first difference.
"""

from __future__ import annotations

import json
import sys

from contexts.library import standard_library
from credentials.rdf.shadow import shadow_check
from tests.credentials.rdf.documents import Author
from tests.credentials.rdf.test_compiled import LISTS

FIRST_SEED = 1_000_000  # beyond those of the suite


def main() -> int:
    """Share the documents out over every list of contexts."""
    each = int(sys.argv[1] if len(sys.argv) > 1 else 1_000_000) // len(LISTS)
    for urls in LISTS:
        author = Author(standard_library(), urls)
        for seed in range(FIRST_SEED, FIRST_SEED + each):
            document = author.document(seed)
            difference = shadow_check(document, contexts=standard_library())
            if difference is not None:
                print(f"seed {seed}: {difference}\n{json.dumps(document)}")
                return 1
        print(f"{each:>9} documents alike   {' '.join(urls)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
