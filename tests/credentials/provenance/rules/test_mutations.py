"""The consistent chain is quiet; every mutation of it is noticed by its rule, of its subject."""

from __future__ import annotations

import pytest

from credentials.provenance.rules import event, facility, gap, merging, quantity
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings, notes
from tests.credentials.provenance.rules.mutations import OWN_RULES, Mutation

RULES = [*merging.RULES, *facility.RULES, *event.RULES, *quantity.RULES, *gap.RULES]


@pytest.mark.parametrize("mutation", OWN_RULES, ids=lambda one: f"{one.rule}: {one.story}")
def test_a_mutation_is_noticed_by_its_rule(mutation: Mutation) -> None:
    drafts = twin.drafts()
    answers = mutation.change(drafts)

    asked = notes if mutation.only_noted else complaints
    answered = asked(mutation.rule, twin.holdings(drafts, answers=answers))

    assert mutation.subject in {one.subject for one in answered}


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_a_rule_is_quiet_on_the_consistent_chain(rule: object) -> None:
    assert complaints(rule.id, twin.holdings()) == []  # type: ignore[attr-defined]


def test_every_rule_of_these_families_has_a_mutation() -> None:
    assert {rule.id for rule in RULES} <= {mutation.rule for mutation in OWN_RULES}


def test_the_consistent_chain_yields_no_finding_at_all() -> None:
    assert findings(twin.holdings()) == ()
