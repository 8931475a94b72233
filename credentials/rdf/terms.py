"""What an RDF term may look like, written in its canonical N-Quads form, and what no term may contain.

The rule: a term that two serialisers could write differently does not enter. IRIs are absolute and hold no white
space, control, bidirectional mark or delimiter; language tags are language tags (docs/requirements.md S18, S21 and
S22).
Specifications: RDF 1.1 N-Quads section 4; RDFC-1.0 section 5 (canonical N-Quads form); RFC 3987; BCP 47.
"""

from __future__ import annotations

import re
from typing import Final

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

# Beyond what the grammar of IRIREF forbids: C1 controls, every Unicode white space, zero-width and bidirectional
# marks, non-characters and surrogates. Nobody sees them, and readers disagree on whether they strip them.
_UNSEEN: Final = (
    "\x00-\x20\x7f-\xa0\u00ad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
_IRI: Final = re.compile(rf'[A-Za-z][A-Za-z0-9+.-]*:[^<>"{{}}|\\^`{_UNSEEN}]+')
_HTTP: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_HTTP_LIKE: Final = re.compile(r"https?:", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
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


def is_iri(text: str) -> bool:
    """Is ``text`` an absolute IRI that every reader takes for the same one?"""
    return _IRI.fullmatch(text) is not None and (_HTTP_LIKE.match(text) is None or _HTTP.match(text) is not None)


def is_language(text: str) -> bool:
    """Is ``text`` shaped like a language tag?"""
    return _LANGUAGE.fullmatch(text) is not None


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
