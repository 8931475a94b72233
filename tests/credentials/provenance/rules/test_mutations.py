"""The consistent chain is quiet; every mutation of it is noticed by its rule, of its subject."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from credentials.provenance.rules import RULES as TABLE
from credentials.provenance.rules import event, facility, gap, handling, merging, quantity, stock, substances
from credentials.provenance.rules.rule import Rule
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings, notes
from tests.credentials.provenance.rules.mutations import OWN_RULES, Mutation

RULES = [
    *merging.RULES,
    *facility.RULES,
    *event.RULES,
    *handling.RULES,
    *quantity.RULES,
    *stock.RULES,
    *substances.RULES,
    *gap.RULES,
]


@pytest.mark.parametrize("mutation", OWN_RULES, ids=lambda one: f"{one.rule}: {one.story}")
def test_a_mutation_is_noticed_by_its_rule(mutation: Mutation) -> None:
    drafts = twin.drafts()
    answers = mutation.change(drafts)

    asked = notes if mutation.only_noted else complaints
    answered = asked(mutation.rule, twin.holdings(drafts, answers=answers))

    assert mutation.subject in {one.subject for one in answered}


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_a_rule_is_quiet_on_the_consistent_chain(rule: Rule) -> None:
    assert complaints(rule.id, twin.holdings()) == []


def test_every_rule_of_these_families_has_a_mutation() -> None:
    assert {rule.id for rule in RULES} <= {mutation.rule for mutation in OWN_RULES}


def test_every_rule_of_the_table_is_turned_red_by_some_test() -> None:
    texts = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    asked = {id for text in texts for id in re.findall(r'"(PV-[A-Z]+-[0-9]+)"', text)}
    turned_red = asked | {mutation.rule for mutation in OWN_RULES}

    assert [rule.id for rule in TABLE if rule.id not in turned_red] == []


def test_rule_ids_are_told_once() -> None:
    ids = [rule.id for rule in TABLE]

    assert len(ids) == len(set(ids))


def test_the_consistent_chain_yields_no_finding_at_all() -> None:
    assert findings(twin.holdings()) == ()


@pytest.mark.parametrize(("output", "rule"), [(90_000, "PV-QTY-2"), (11_500, "PV-QTY-5")])
def test_no_tolerance_that_somebody_states_on_an_own_figure_excuses_a_surplus(output: int, rule: str) -> None:
    drafts = twin.drafts()
    made = drafts["cathode-made"]["credentialSubject"][0]["outputProduct"][0]["quantity"]
    made |= {"value": output, "upperTolerance": output, "lowerTolerance": output}

    assert [one.outcome.value for one in complaints(rule, twin.holdings(drafts))] == ["fail"]
