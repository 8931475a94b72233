"""Under which criteria and about which topics something is said, by canonical id, and which criteria are one.

The rule: spellings of one id are one; a topic's singular and plural are one (TAX-01); two criteria are one where the
rule pack says so, never by the word of who claims. An assessment is about the topics it states; where it states none,
about those that it says its criteria have. See docs/requirements.md T14 and T23; docs/rule-packs.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from contexts.codes.topics import canonical_topic
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.packs.rule_pack import RulePack
from credentials.untp.conformity import Assessment
from credentials.untp.values import Reference


def criteria_of(said: Iterable[Reference]) -> frozenset[str]:
    """Canonical ids of references."""
    return frozenset(given_or_canonical(one.id) for one in said if one.id)


def with_same(criteria: frozenset[str], pack: RulePack) -> frozenset[str]:
    """``criteria``, and those that the pack says are the same as one of them."""
    return criteria.union(*(pack.same_as(one) for one in criteria)) if pack.crosswalks else criteria


def topics_of(said: Iterable[Reference]) -> frozenset[str]:
    """Topic IRIs, singular and plural spelling as one (TAX-01)."""
    return frozenset(canonical_topic(one.id) or given_or_canonical(one.id) for one in said if one.id)


def assessed_topics(said: Assessment) -> frozenset[str]:
    """The topics of an assessment."""
    return topics_of(said.topics) or topics_of(one for criterion in said.criteria for one in criterion.topics)
