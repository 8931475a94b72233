"""How UNTP names the concepts of its lists: by IRI, in several spellings of one.

``…/conformity-topics/x``, ``…/conformity-topic/x`` and a fragment form all name ``x`` (TAX-01).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_CONCEPT: Final = re.compile(r"https?://vocabulary\.uncefact\.org/([a-z-]+?)s?(?:/#?|#)([A-Za-z0-9-]+)/?")
#: How every IRI of the vocabulary's host begins.
HOSTS: Final = ("https://vocabulary.uncefact.org/", "http://vocabulary.uncefact.org/")
_USUAL: Final = 160


def slug_in(iri: str, kind: str) -> str | None:
    """The slug an IRI gives for a list (``conformity-topic``, ``performance-metric``); None for any other IRI."""
    if not iri.startswith(HOSTS):
        return None
    named, slug = _concept(iri) if len(iri) <= _USUAL else _read(iri)
    return slug if named == kind else None


def _read(iri: str) -> tuple[str, str]:
    match = _CONCEPT.fullmatch(iri)
    return (match[1], match[2]) if match else ("", "")


#: The same few concepts are named again and again; a longer IRI than that names none and is not remembered.
_concept: Final = lru_cache(maxsize=2048)(_read)


def label_of(slug: str, labels: Mapping[str, str]) -> str:
    """The label of a slug: as listed, else its words with capitals."""
    return labels.get(slug) or slug.replace("-", " ").title()
