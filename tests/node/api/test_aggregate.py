"""What HTTP calls verified, as a truth table: no check is left out, and only an instance's warnings are tolerated."""

from __future__ import annotations

from itertools import product

import pytest

from credentials.errors import Problem
from credentials.verdict import INTEGRITY_CHECKS, Check, Outcome
from node.api.vc_verify import _holds
from node.conformance.profile import ROWS

NAMES = (*INTEGRITY_CHECKS, "validity", "status:revocation")
PROBLEM = Problem(code="EXPIRED", detail="wrong")


@pytest.mark.w3c("A7.2")
@pytest.mark.parametrize(
    ("warnings", "tolerated"),
    [
        (frozenset(), set()),
        (frozenset({"validity", "status"}), {"validity", "status:revocation"}),
        (frozenset({"validity"}), {"validity"}),
    ],
    ids=["the world", "a suite", "status"],
)
def test_verified_is_true_only_if_every_check_passed_that_is_no_warning(
    warnings: frozenset[str], tolerated: set[str]
) -> None:
    for row in product(Outcome, repeat=len(NAMES)):
        checks = [Check(name, outcome, PROBLEM) for name, outcome in zip(NAMES, row, strict=True)]
        bad = {check.name for check in checks if check.outcome is not Outcome.PASSED}
        assert _holds(checks, warnings) is (bad <= tolerated), row


def test_no_instance_tolerates_anything_of_integrity() -> None:
    for row in ROWS:
        assert row.warnings.isdisjoint(INTEGRITY_CHECKS)
