"""Shapes of identifiers the lint asks for: a DID, an absolute URI.

DID Core 1.0 section 3.1 (a path, query or fragment makes it a DID URL, not a DID); RFC 3986 section 3.
"""

from __future__ import annotations

import re
from typing import Final

_ID_CHARACTER: Final = r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})"
_DID: Final = re.compile(rf"did:[a-z0-9]+:(?:{_ID_CHARACTER}*:)*{_ID_CHARACTER}+")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")


def is_did(text: str | None) -> bool:
    """Is this a DID, and nothing more than a DID?"""
    return text is not None and _DID.fullmatch(text) is not None


def is_uri(text: str | None) -> bool:
    """Is this an absolute URI?"""
    return text is not None and _URI.fullmatch(text) is not None
