"""The official sample chain, read strictly, yields what is wrong with it, and nothing is verified.

See docs/requirements.md T18.
"""

from __future__ import annotations

from functools import lru_cache

import pytest

from credentials.provenance import Case, Finding, Report, Word, judge
from credentials.verdict import Unusable
from tests.credentials.provenance import official
from tests.shared import needs_shared

pytestmark = needs_shared

#: Number of the finding → the rule, the subject, and a word of the detail that shows it is this finding.
ORACLE = (
    (1, "PV-CLM-2", "https://sample-mine.example.com/claims/product-carbon-2025", "criteria"),
    (1, "PV-CLM-2", "https://sample-refinery.example.com/claims/product-carbon-2025", "criteria"),
    (2, "PV-CLM-1", "https://sample-mine.example.com/claims/product-carbon-2025", "facility"),
    (3, "PV-CLM-8", "https://sample-battery.example.com/claims/battery-carbon-2025", "not in hand"),
    (3, "PV-CLM-8", "https://sample-battery.example.com/claims/battery-due-diligence-2025", "not in hand"),
    (4, "PV-QTY-8", official.BATTERY, "36 kg"),
    (5, "PV-QTY-2", official.BATTERY_MADE, "Incomplete inputs"),
    (6, "PV-QTY-9", official.CATHODE, "no input of its making"),
    (7, "PV-EVT-1", official.BATTERY, "2025-03-01"),
    (7, "PV-EVT-1", official.CATHODE, "2025-03-01"),
    (8, "PV-EVT-3", official.CONCENTRATE_MOVED, "2025-03-05"),
    (9, "PV-EVT-6", official.CONCENTRATE_MOVED, "'new'"),
    (15, "PV-ID-1", official.BATTERY_MAKER, "identity anchor"),
    (15, "PV-ACC-2", official.ASSESSORS[0], "accreditation"),
    (15, "PV-ACC-2", official.ASSESSORS[1], "accreditation"),
    (16, "DPP-03", "https://credentials.sample-mine.example.com/dfr/mine-001", "1.002"),
)


@lru_cache(maxsize=1)
def report() -> Report:
    """The report on the battery, made once."""
    return judge(Case.of(official.question(), official.holdings()))


def found(rule: str, subject: str) -> list[Finding]:
    """The findings of a rule about a subject."""
    return [one for one in report().findings if one.rule == rule and one.subject == subject]


def test_every_sample_but_the_one_left_out_verifies() -> None:
    assert [one for one in official.holdings().credentials if isinstance(one, Unusable)] == []


@pytest.mark.parametrize(("number", "rule", "subject", "word"), ORACLE, ids=lambda value: str(value)[-48:])
def test_the_chain_yields_the_finding(number: int, rule: str, subject: str, word: str) -> None:
    assert any(word in one.detail for one in found(rule, subject)), f"finding {number}"


def test_missing_inputs_are_not_called_fraud() -> None:
    (one,) = found("PV-QTY-2", official.BATTERY_MADE)

    assert (one.outcome, one.severity) == ("unknown", "warn")
    assert "95.6 %" in one.detail


def test_no_claim_is_verified() -> None:
    assert report().claims
    assert Word.VERIFIED not in {claim.verdict for claim in report().claims}


def test_the_mass_is_mostly_unexplained_and_says_so() -> None:
    assert report().coverage == (0.0, 1.0)
    assert [(gap.subject, gap.gap_class, round(gap.mass or 0, 3)) for gap in report().gaps] == [
        (official.BATTERY, "no-producer", 0.956),
        (official.CONCENTRATE, "no-producer", 0.044),
    ]


def test_each_finding_is_told_once() -> None:
    keys = [(one.rule, one.subject, one.pointer) for one in report().findings]

    assert len(keys) == len(set(keys))
