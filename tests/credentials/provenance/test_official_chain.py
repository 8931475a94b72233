"""The official sample chain, read strictly, yields what is wrong with it, and nothing is verified.

See docs/requirements.md T18.
"""

from __future__ import annotations

from functools import lru_cache

import pytest

from credentials.provenance import Case, Finding, Report, Word, judge
from credentials.trust.trust_lists import parse_trust_list
from credentials.verdict import Unusable
from tests.credentials.provenance import official
from tests.shared import needs_shared

pytestmark = needs_shared

MINE, REFINERY, FACTORY = (f"https://facility-register.example.com/fac-00{number}" for number in (1, 2, 3))
PAPERS = "https://credentials.sample-{}.example.com"
CARBON = "https://sample-{}.example.com/claims/product-carbon-2025"
BATTERY_CLAIM = "https://sample-battery.example.com/claims/battery-{}-2025"
SUBJECT = "/credentialSubject"
LOCATION = f"{SUBJECT}/locationInformation"

#: Number of the finding → the rule, the subject, the pointer, and a word of the detail that shows it is this finding.
ORACLE = (
    (1, "PV-CLM-2", CARBON.format("mine"), "", "criteria"),
    (1, "PV-CLM-2", CARBON.format("refinery"), "", "criteria"),
    (2, "PV-CLM-1", CARBON.format("mine"), "", "facility"),
    (2, "PV-CLM-1", CARBON.format("refinery"), "", "facility"),
    (3, "PV-CLM-8", BATTERY_CLAIM.format("carbon"), f"{SUBJECT}/performanceClaim/0/evidence/0", "not in hand"),
    (3, "PV-CLM-8", BATTERY_CLAIM.format("due-diligence"), f"{SUBJECT}/performanceClaim/3/evidence/0", "not in hand"),
    (4, "PV-QTY-8", official.BATTERY, f"{SUBJECT}/materialProvenance/0/massFraction", "36 kg"),
    (5, "PV-QTY-2", official.BATTERY_MADE, f"{SUBJECT}/0/inputProduct", "Incomplete inputs"),
    (6, "PV-QTY-9", official.CATHODE, f"{SUBJECT}/materialProvenance/1/recycledMassFraction", "no input of its making"),
    (7, "PV-EVT-1", official.BATTERY, f"{SUBJECT}/productionDate", "2025-03-10"),
    (7, "PV-EVT-1", official.CATHODE, f"{SUBJECT}/productionDate", "2025-03-01"),
    (8, "PV-EVT-3", official.CONCENTRATE_MOVED, f"{SUBJECT}/0/eventDate", "2025-03-05"),
    (9, "PV-EVT-6", official.CONCENTRATE_MOVED, f"{SUBJECT}/0/movedProduct/0/disposition", "said to be new"),
    (10, "PV-MRG-2", official.CATHODE, f"{SUBJECT}/0/outputProduct/0/product/idGranularity", "class and lot"),
    (10, "PV-MRG-2", official.CONCENTRATE, f"{SUBJECT}/0/inputProduct/0/product/idGranularity", "class and lot"),
    *((11, "PV-GEO-1", place, f"{LOCATION}/geoBoundary", "2 points") for place in (MINE, REFINERY, FACTORY)),
    (12, "PV-GEO-1", FACTORY, f"{LOCATION}/plusCode", " 96 km"),
    (12, "PV-GEO-1", REFINERY, f"{LOCATION}/plusCode", " 394 km"),
    (12, "PV-GEO-1", MINE, f"{LOCATION}/plusCode", " 1482 km"),
    (13, "PV-AGG-2", MINE, f"{SUBJECT}/performanceClaim/1/claimedPerformance/0/measure", "15 m³"),
    (
        13,
        "CLM-04",
        f"{PAPERS.format('battery')}/dpp/bat-75kwh-2025",
        f"{SUBJECT}/performanceClaim/2/claimedPerformance/0/measure/unit",
        "Energy Intensity",
    ),
    (
        14,
        "TAX-01",
        f"{PAPERS.format('battery')}/dpp/bat-75kwh-2025",
        f"{SUBJECT}/performanceClaim/0/claimedPerformance/0/metric/id",
        "12 topic or metric IRIs",
    ),
    (15, "PV-ID-1", official.BATTERY_MAKER, "", "identity anchor"),
    (15, "PV-ACC-2", official.ASSESSORS[0], "", "accreditation"),
    (15, "PV-ACC-2", official.ASSESSORS[1], "", "accreditation"),
    (16, "DPP-03", f"{PAPERS.format('mine')}/dfr/mine-001", f"{SUBJECT}/materialUsage/materialConsumed", "1.002"),
)
#: What the same chain is only reminded of: nobody is at fault, or another word says it already.
REMARKS = (
    (9, "PV-EVT-4", official.CONCENTRATE_MOVED, f"{SUBJECT}/0/movedProduct/0", "the receiver does not"),
    (10, "DPP-01", f"{PAPERS.format('mine')}/dpp/cu-conc-2025", f"{SUBJECT}/batchNumber", "granularity is model"),
    (
        13,
        "CLM-04",
        f"{PAPERS.format('mine')}/dpp/cu-conc-2025",
        f"{SUBJECT}/performanceClaim/1/claimedPerformance/0/measure/unit",
        "m³ (MTQ)",
    ),
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


def test_the_oracle_has_all_sixteen() -> None:
    assert {number for number, *_ in ORACLE} == set(range(1, 17))


@pytest.mark.parametrize(("number", "rule", "subject", "pointer", "word"), ORACLE, ids=lambda value: str(value)[-40:])
def test_the_chain_yields_the_finding(number: int, rule: str, subject: str, pointer: str, word: str) -> None:
    (one,) = [each for each in found(rule, subject) if each.pointer == pointer]

    assert word in one.detail, f"finding {number}"


@pytest.mark.parametrize(("number", "rule", "subject", "pointer", "word"), REMARKS, ids=lambda value: str(value)[-40:])
def test_the_chain_yields_the_remark(number: int, rule: str, subject: str, pointer: str, word: str) -> None:
    (one,) = [each for each in report().notes if (each.rule, each.subject, each.pointer) == (rule, subject, pointer)]

    assert word in one.detail, f"finding {number}"


def test_a_trademark_does_not_prove_the_company_even_where_its_register_is_believed() -> None:
    register = {
        "did": "did:web:dpma.example.com",
        "domain": "dpma.example.com",
        "roles": ["registrar"],
        "registerTypes": ["trademark"],
    }
    trust = parse_trust_list({"entries": [register]})

    findings = judge(Case.of(official.question(), official.holdings(trust=trust))).findings

    (one,) = [each for each in findings if (each.rule, each.subject) == ("PV-ID-4", official.BATTERY_MAKER)]
    assert "trademark" in one.detail
    assert ("PV-ID-1", official.BATTERY_MAKER) not in {(each.rule, each.subject) for each in findings}


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
