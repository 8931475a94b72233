"""How UNTP names the concepts of its lists: by IRI, in several spellings of one.

``…/conformity-topics/x``, ``…/conformity-topic/x`` and a fragment form all name ``x`` (TAX-01).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_CONCEPT: Final = re.compile(r"https?://vocabulary\.uncefact\.org/([a-z-]+?)s?(?:/#?|#)([A-Za-z0-9-]+)/?")


def slug_in(iri: str, kind: str) -> str | None:
    """The slug an IRI gives for a list (``conformity-topic``, ``performance-metric``); None for any other IRI."""
    match = _CONCEPT.fullmatch(iri)
    return match[2] if match and match[1] == kind else None


def label_of(slug: str, labels: Mapping[str, str]) -> str:
    """The label of a slug: as listed, else its words with capitals."""
    return labels.get(slug) or slug.replace("-", " ").title()
