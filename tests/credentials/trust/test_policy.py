"""The policy: defaults, bounds, and the same digest for the same thresholds."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.errors import MalformedInput
from credentials.trust.policy import Policy, parse_policy


def test_a_policy_reads_back_what_it_writes() -> None:
    policy = parse_policy({"tolerance": 0.02, "processTolerance": {"spinning": 0.1}, "budget": {"lots": 50}})

    assert parse_policy(policy.to_json()) == policy
    assert policy.budget.lots == 50


def test_a_process_has_its_own_tolerance_or_the_general_one() -> None:
    policy = parse_policy({"tolerance": 0.02, "processTolerance": {"spinning": 0.1}})

    assert (policy.tolerance_of("spinning"), policy.tolerance_of("weaving")) == (0.1, 0.02)


def test_another_threshold_is_another_digest() -> None:
    assert parse_policy({}).digest == Policy().digest != parse_policy({"deMinimis": 0.5}).digest


@pytest.mark.parametrize("gone", [{"coverageGrade": 1}, {"budget": {"seconds": 60}}, {"budget": {"perHost": 4}}])
def test_a_member_that_nothing_reads_any_more_is_refused_with_those_that_are(gone: Any) -> None:
    with pytest.raises(MalformedInput) as refused:
        parse_policy(gone)

    assert ("lots" if "budget" in gone else "verifiedGrade") in refused.value.problem.fix


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([], ""),
        ({"grade": 1}, "/grade"),
        ({"verifiedGrade": 3}, "/verifiedGrade"),
        ({"verifiedGrade": 4.5}, "/verifiedGrade"),
        ({"verifiedGrade": True}, "/verifiedGrade"),
        ({"tolerance": "1"}, "/tolerance"),
        ({"tolerance": float("nan")}, "/tolerance"),
        ({"suspended": "ignore"}, "/suspended"),
        ({"transfers": "no-side"}, "/transfers"),
        ({"budget": {"lots": 10**9}}, "/budget/lots"),
        ({"budget": 3}, "/budget"),
        ({"processTolerance": []}, "/processTolerance"),
        ({"processTolerance": {"spinning": 2}}, "/processTolerance/spinning"),
    ],
)
def test_a_threshold_out_of_bounds_is_refused_with_a_pointer(value: Any, pointer: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        parse_policy(value)

    assert refused.value.problem.pointer == pointer
