"""What HTTP calls verified, as a truth table: no check is left out, and only an instance's warnings are tolerated."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from credentials.errors import Problem
from credentials.verdict import INTEGRITY_CHECKS, Check, Outcome
from node.api.vc_verify import _holds
from node.conformance.profile import MODEL_MANNERS, STATUS_MANNERS, SUITE_MANNERS
from node.flows.issuing.manners import FOR_THE_WORLD, Manners
from tests.conformance.suite import suite

NAMES = (*INTEGRITY_CHECKS, "validity", "status:revocation")
PROBLEM = Problem(code="EXPIRED", detail="wrong")


@pytest.mark.w3c("A7.2")
@pytest.mark.parametrize(
    ("manners", "tolerated"),
    [
        (FOR_THE_WORLD, set()),
        (SUITE_MANNERS, {"validity", "status:revocation"}),
        (MODEL_MANNERS, {"validity", "status:revocation"}),
        (STATUS_MANNERS, {"validity"}),
    ],
    ids=["the world", "a suite", "the model", "status"],
)
async def test_verified_is_true_only_if_every_check_passed_that_is_no_warning(
    manners: Manners, tolerated: set[str]
) -> None:
    async with suite() as at_work:
        instance = replace(at_work.served.node.instances["vcdm"], manners=manners)
    for row in product(Outcome, repeat=len(NAMES)):
        checks = [Check(name, outcome, PROBLEM) for name, outcome in zip(NAMES, row, strict=True)]
        bad = {check.name for check in checks if check.outcome is not Outcome.PASSED}
        assert _holds(checks, instance) is (bad <= tolerated), row


def test_no_instance_tolerates_anything_of_integrity() -> None:
    for manners in (FOR_THE_WORLD, SUITE_MANNERS, MODEL_MANNERS, STATUS_MANNERS):
        assert manners.tolerates.isdisjoint(INTEGRITY_CHECKS)
