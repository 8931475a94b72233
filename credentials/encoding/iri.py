"""Identifiers as texts: absolute IRIs, DIDs and language tags, by grammar and nothing else.

The rule: the raw text is judged, never a stripped or resolved one; white space and controls make it no identifier
(docs/requirements.md S16 to S22). RFC 3987 section 2.2; DID Core 1.0 section 3.1; BCP 47.
"""

from __future__ import annotations

import re
from typing import Final

_ID_CHARACTER: Final = r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})"
_DID: Final = re.compile(rf"did:[a-z0-9]+:(?:{_ID_CHARACTER}*:)*{_ID_CHARACTER}+")
# Beyond what the grammar of IRIREF forbids: C1 controls, every Unicode white space, zero-width and bidirectional
# marks, non-characters and surrogates. Nobody sees them, and readers disagree on whether they strip them.
_UNSEEN: Final = (
    "\x00-\x20\x7f-\xa0\u00ad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
_IRI: Final = re.compile(rf'[A-Za-z][A-Za-z0-9+.-]*:[^<>"{{}}|\\^`{_UNSEEN}]+')
_HTTP: Final = re.compile(r"https?:", re.IGNORECASE)
_HTTP_WITH_HOST: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def is_did(text: str | None) -> bool:
    """Is this a DID, and nothing more than a DID (no path, query or fragment)?"""
    return text is not None and _DID.fullmatch(text) is not None


def is_iri(text: str | None) -> bool:
    """Is this an absolute IRI that every reader takes for the same one; with http(s), one that names a host?"""
    if text is None or _IRI.fullmatch(text) is None:
        return False
    return _HTTP.match(text) is None or _HTTP_WITH_HOST.match(text) is not None


def is_language_tag(text: str) -> bool:
    """Is this shaped like a language tag?"""
    return _LANGUAGE.fullmatch(text) is not None
