"""The JSON shape of the report is a contract: its members are frozen, and every report fits its schema."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from credentials.provenance import REPORT_SCHEMA, Case, judge, to_json
from tests.credentials.provenance import official, twin
from tests.credentials.provenance.judging.test_judge import defective
from tests.shared import needs_shared

VALIDATOR = jsonschema_rs.validator_for(REPORT_SCHEMA)
SETTLED = [
    "target",
    "at",
    "summary",
    "claims",
    "findings",
    "gaps",
    "coverage",
    "explained",
    "inputs",
    "policy",
    "software",
]


def members(name: str) -> set[str]:
    return set(REPORT_SCHEMA["$defs"][name]["properties"])


def test_every_settled_member_is_there_and_nothing_else_than_those_beside_them() -> None:
    assert set(to_json(judge(Case.of(twin.question(), twin.holdings())))) == {
        *SETTLED,
        "known",
        "word",
        "notes",
        "chain",
        "derivation",
        "names",
    }


@pytest.mark.parametrize(
    ("part", "settled"),
    [
        ("claim", {"id", "type", "subject", "topic", "verdict", "grade", "value", "gaps", "because"}),
        ("atom", {"kind", "id", "statement", "grade", "attestedBy"}),
        ("unless", {"sets", "complete", "atLeast", "sentence"}),
        ("rest", {"party", "share"}),
        ("step", {"rule", "from", "party", "say", "value"}),
        ("finding", {"rule", "subject", "pointer", "outcome", "severity", "detail", "because"}),
        ("gap", {"class", "subject", "mass", "ask", "detail", "retry"}),
        ("input", {"id", "digest", "intact", "then", "now"}),
        ("vertex", {"id", "kind", "label", "issuer", "word"}),
        ("link", {"from", "to", "kind"}),
    ],
)
def test_no_settled_member_of_a_part_ever_goes(part: str, settled: set[str]) -> None:
    assert settled <= members(part)


def test_the_report_of_the_consistent_chain_fits_the_schema() -> None:
    VALIDATOR.validate(to_json(judge(Case.of(twin.question(), twin.holdings()))))


def test_the_report_of_a_defective_chain_fits_the_schema() -> None:
    drafts, answers = defective()
    holdings = twin.holdings(drafts, answers=answers, broken=frozenset({"graphite-received"}))

    VALIDATOR.validate(to_json(judge(Case.of(twin.question(), holdings))))


@needs_shared
def test_the_report_of_the_official_samples_fits_the_schema() -> None:
    VALIDATOR.validate(to_json(judge(Case.of(official.question(), official.holdings()))))


@pytest.mark.parametrize(
    ("member", "value"),
    [("word", "FINE"), ("coverage", [0.5]), ("coverage", [0.5, 1.5]), ("explained", "1"), ("extra", 1)],
)
def test_the_schema_refuses_what_is_no_report(member: str, value: Any) -> None:
    report = to_json(judge(Case.of(twin.question(), twin.holdings())))

    assert not VALIDATOR.is_valid({**report, member: value})


def test_the_software_that_judged_is_named() -> None:
    report = judge(Case.of(twin.question(), twin.holdings()), software="tracenode 9.9.9")

    assert to_json(report)["software"] == "tracenode 9.9.9"


def test_a_claim_lists_what_it_says_with_what_bears_each_part_out() -> None:
    drafts = twin.drafts()
    stated = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    stated["claimedPerformance"][0]["score"] = {"code": "AAA", "rank": 1}

    (claim,) = judge(Case.of(twin.question(), twin.holdings(drafts))).claims

    certificate = ("https://assurer.test/credentials/footprint-certificate",)
    assert [(one.kind, one.grade, one.attested_by) for one in claim.atoms] == [
        ("criterion", 4, certificate),
        ("topic", 4, certificate),
        ("metric", 4, certificate),
        ("score", 1, ()),
    ]
    assert claim.grade == 1
