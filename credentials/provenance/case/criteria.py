"""Under which criteria and about which topics something is said, by canonical id.

The rule: spellings of one id are one; a topic's singular and plural are one (TAX-01). See docs/requirements.md T14.
"""

from __future__ import annotations

from collections.abc import Iterable

from contexts.codes.topics import canonical_topic
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.untp.values import Reference


def criteria_of(said: Iterable[Reference]) -> frozenset[str]:
    """Canonical ids of references."""
    return frozenset(given_or_canonical(one.id) for one in said if one.id)


def topics_of(said: Iterable[Reference]) -> frozenset[str]:
    """Topic IRIs, singular and plural spelling as one (TAX-01)."""
    return frozenset(canonical_topic(one.id) or given_or_canonical(one.id) for one in said if one.id)
