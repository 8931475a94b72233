"""RDF terms in their canonical N-Quads form.

Specifications: RDF 1.1 N-Quads section 4; RDFC-1.0 section 5 (canonical N-Quads form).
"""

from __future__ import annotations

import re
from typing import Final

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

_ESCAPED: Final = re.compile(r'[\x00-\x1f"\\\x7f]')
_SHORT_ESCAPES: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


def iri_term(iri: str) -> str:
    """The N-Quads form of an IRI."""
    return f"<{iri}>"


def literal_term(value: str, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """The canonical N-Quads form of a literal (RDFC-1.0 section 5)."""
    quoted = f'"{_ESCAPED.sub(_escape, value)}"'
    if language is not None:
        return f"{quoted}@{language}"
    return quoted if datatype == XSD_STRING else f"{quoted}^^<{datatype}>"


def _escape(match: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"
