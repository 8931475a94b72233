"""The table of rules: every id once, every rule a question, every rule tested by name."""

from __future__ import annotations

import re
from pathlib import Path

from credentials.provenance.rules import RULES

IDS = [rule.id for rule in RULES]


def test_every_rule_stands_in_the_table_once() -> None:
    assert len(IDS) == len(set(IDS))
    assert all(re.fullmatch(r"PV-(CRED|MRG|ID|ACC|CLM|FAC|EVT|QTY|AGG|GEO|GAP)-[0-9]+", id) for id in IDS)


def test_every_rule_asks_a_question() -> None:
    assert all(rule.asks.endswith("?") for rule in RULES)


def test_every_rule_has_a_test_that_names_it() -> None:
    tests = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))

    assert [id for id in IDS if f'"{id}"' not in tests] == []


def test_every_family_the_first_release_promises_is_there() -> None:
    promised = {"PV-CRED": range(1, 8), "PV-MRG": range(1, 7), "PV-ID": range(1, 10), "PV-FAC": range(1, 5)}
    promised |= {"PV-CLM": range(1, 12), "PV-EVT": (*range(1, 7), 10), "PV-QTY": (1, 2, *range(4, 11)), "PV-GAP": (1,)}

    assert {f"{family}-{number}" for family, numbers in promised.items() for number in numbers} <= set(IDS)
