"""One credential a line, one verdict a line: how many credentials travel, over HTTP and through a pipe.

The rule: NDJSON. A line is a credential with its proof (an object, judged as the bytes of the line) or a token (a JSON
text); a line that is neither is judged like any other bad input and stops no other.
"""

from __future__ import annotations

import json
from typing import Final

from credentials.encoding.document import Json, compact_json
from credentials.verdict import Outcome
from credentials.verify import standing, to_json
from node.flows.verifying.bulk import Item, Judged

MEDIA_TYPE: Final = "application/x-ndjson"


def item_of(name: str, line: bytes) -> Item:
    """One line as a credential: the token inside a JSON text, else the line's own bytes."""
    if line[:1] == b'"':
        try:
            return Item(name=name, raw=str(json.loads(line)).encode("utf-8", "surrogatepass"))
        except ValueError:
            pass  # judged as it is, and refused by name
    return Item(name=name, raw=line)


def line_of(judged: Judged) -> bytes:
    """The line about one credential: its name, may it be used as it stands, was it known, and the verdict."""
    good = standing(judged.verdict) is Outcome.PASSED
    return as_line({"name": judged.name, "verified": good, "known": judged.known, **to_json(judged.verdict)})


def as_line(value: dict[str, Json]) -> bytes:
    """``value`` on one line of compact JSON."""
    return compact_json(value) + b"\n"
