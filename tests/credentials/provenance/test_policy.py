"""Every member of a policy decides something: changed on a fitting chain, it changes the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import pytest

from credentials.evidence import Absent, Found, Need
from credentials.provenance import Case, Holdings, judge, to_json
from credentials.trust.policy import Budget, Policy, parse_policy
from credentials.trust.trust_lists import TrustList
from node.cli.trace import exit_code
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.claims.test_intervals import claiming
from tests.credentials.provenance.rules.test_accreditation import BODY, accredited_through, delegating
from tests.credentials.provenance.signing import Draft

Answers = Mapping[Need, Found | Absent]
ACTIVITY = "commissioning"
CLAIM_DATE = ("performanceClaim", 0, "claimDate")


@dataclass(frozen=True)
class Matter:
    """A chain for which a member of the policy matters, and the value that makes the difference."""

    policy: dict[str, Any]
    chain: Callable[[], tuple[dict[str, Draft], Answers]] = field(default=lambda: (twin.drafts(), {}))
    trust: TrustList = field(default_factory=twin.trust)

    def report(self, policy: Policy) -> dict[str, Any]:
        """What is found under ``policy``, which the report repeats and which is left out here, and the exit code."""
        drafts, answers = self.chain()
        held: Holdings = twin.holdings(drafts, answers=answers, trust_list=self.trust)
        found = to_json(judge(Case.of(twin.question(policy=policy), held)))
        told = {name: part for name, part in found.items() if name != "policy"} | {"exit": exit_code(found)}
        return json.loads(json.dumps(told))


def contradicted_upstream() -> tuple[dict[str, Draft], Answers]:
    """The battery conforms as a whole by its own word; 60 % of it, the graphite, was found not to."""
    drafts = claiming(50, graphite=50)
    for name in ("battery-passport", "graphite-passport"):
        del drafts[name]["credentialSubject"]["performanceClaim"][0]["claimedPerformance"]
    assessment = drafts["graphite-attestation"]["credentialSubject"]["conformityAssessment"][0]
    assessment["conformance"] = False
    del assessment["assessedPerformance"]
    return drafts, {}


def suspended() -> tuple[dict[str, Draft], Answers]:
    drafts = twin.drafts()
    return drafts, with_status(drafts, "battery-made", purpose="suspension")


def changed(name: str, *path: str | int, value: Any) -> Callable[[], tuple[dict[str, Draft], Answers]]:
    """The twin with one value changed in the subject of the draft ``name``."""

    def chain() -> tuple[dict[str, Draft], Answers]:
        drafts = twin.drafts()
        place = drafts[name]["credentialSubject"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return drafts, {}

    return chain


def made(kilograms: float) -> Callable[[], tuple[dict[str, Draft], Answers]]:
    """So many kilograms of battery out of 104 documented ones."""
    return changed("battery-made", 0, "outputProduct", 0, "quantity", value={"value": kilograms, "unit": "KGM"})


def graphite_only() -> tuple[dict[str, Draft], Answers]:
    """Of what went into the battery, 62 of 104 kilograms are told."""
    drafts = twin.drafts()
    del drafts["battery-made"]["credentialSubject"][0]["inputProduct"][0]
    return drafts, {}


def without(name: str) -> Callable[[], tuple[dict[str, Draft], Answers]]:
    return lambda: ({key: draft for key, draft in twin.drafts().items() if key != name}, {})


MATTERS: dict[str, Matter] = {
    "verifiedGrade": Matter({"verifiedGrade": 5}),
    "forallShare": Matter({"forallShare": 0.3}, contradicted_upstream),
    "deMinimis": Matter({"deMinimis": 1}, without("graphite-passport")),
    "documentedInputs": Matter({"documentedInputs": 0.5}, graphite_only),
    "tolerance": Matter({"tolerance": 0.05}, made(106)),
    "processTolerance": Matter({"processTolerance": {ACTIVITY: 0.05}}, made(106)),
    "suspended": Matter({"suspended": "warn"}, suspended),
    "maxChain": Matter({"maxChain": 1}, lambda: (accredited_through(BODY, twin.ACCREDITOR), {}), delegating(1)),
    "maxAgeDays": Matter({"maxAgeDays": 1}, changed("battery-passport", *CLAIM_DATE, value="2026-05-10")),
    "speedKmH": Matter({"speedKmH": 1}),
    "coverage": Matter({"coverage": 1}, without("graphite-passport")),
    "transfers": Matter({"transfers": "both-sides"}, without("graphite-received")),
    "budget": Matter({"budget": {"lots": 1, "depth": 1}}),
    "budget/lots": Matter({"budget": {"lots": 1}}),
    "budget/depth": Matter({"budget": {"depth": 1}}),
}


def test_every_member_of_a_policy_has_its_case() -> None:
    members = set(Policy().to_json()) | {f"budget/{item.name}" for item in fields(Budget)}

    assert members == set(MATTERS)


@pytest.mark.parametrize("member", MATTERS)
def test_a_changed_member_changes_the_report(member: str) -> None:
    matter = MATTERS[member]

    assert matter.report(parse_policy(matter.policy)) != matter.report(Policy())
