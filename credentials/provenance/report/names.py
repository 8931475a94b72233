"""Names in sentences: an id that somebody with a say has named is told by that name.

The rule: a name is somebody's own text. A company's stands with its DID beside it, every other one in quotes; what
looks like an address, holds what cannot be seen or is too long is no name. See docs/requirements.md T9.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_LONGEST: Final = 120
_ID: Final = re.compile(
    r"(?<![\w(/:.-])(?:did:|https?://|urn:)[^\s,;“”\"'<>()]+(?: \((?:batch|item) [^()]*\))?(?: \(inherited[^()]*\))?"
)
_TAIL: Final = ".:!?…"
_ADDRESS: Final = re.compile(r"did:|://|[“”]")


def usable(name: str | None) -> str:
    """``name`` as it can be shown; "" when it is none."""
    text = " ".join((name or "").split())
    hidden = not text.isprintable() and any(unicodedata.category(char).startswith("C") for char in text)
    return "" if hidden or len(text) > _LONGEST or _ADDRESS.search(text.lower()) else text


def quoted(text: str) -> str:
    """Somebody's own words in quotes; "" when they cannot be shown."""
    shown = usable(text)
    return f"“{shown}”" if shown else ""


def told(id: str, names: Mapping[str, str]) -> str:
    """An id as a sentence has it: ``Fibre Assurance (did:web:…)``, ``“Raw cotton, 2026 A”``, or as it is."""
    name = names.get(id, "")
    if not name:
        return id
    return f"{name} ({id})" if id.startswith("did:") else f"“{name}”"


def in_names(sentence: str, names: Mapping[str, str]) -> str:
    """``sentence`` with every id told by its name; one that stands in brackets behind a name is left."""

    def one(match: re.Match[str]) -> str:
        whole = match[0]
        if whole in names:
            return told(whole, names)
        bare = whole.split(" (", 1)[0].rstrip(_TAIL)
        return told(bare, names) + whole[len(bare) :] if bare in names else whole

    return _ID.sub(one, sentence)
