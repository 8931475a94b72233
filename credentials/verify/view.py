"""A verdict as JSON, for the command's ``--json`` and for whoever asks over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from credentials.encoding.document import Json
from credentials.errors import Problem
from credentials.proofs.suites import DISCLOSING_SUITES, SUITES
from credentials.proofs.transforms import as_json
from credentials.verdict import Check, Outcome, Verdict, worst


def standing(verdict: Verdict) -> Outcome:
    """May it be used as it stands at ``verdict.at``: the worst of integrity, validity and status."""
    return worst((*verdict.checks, verdict.validity, *(status.check for status in verdict.status)))


def all_checks(verdict: Verdict) -> tuple[Check, ...]:
    """Every check in the fixed order of screens: integrity, validity, one per status entry, schema."""
    statuses = tuple(
        replace(status.check, name=f"status:{status.purpose}" if status.purpose else "status")
        for status in verdict.status
    )
    return (*(_told(check, verdict) for check in verdict.checks), verdict.validity, *statuses, verdict.schema)


def order_counts(form: str) -> bool:
    """Does what secured a document by ``form`` protect the order, the repeats and the number forms of its lists?"""
    return form not in DISCLOSING_SUITES and (form not in SUITES or SUITES[form].transform is as_json)


def _told(check: Check, verdict: Verdict) -> Check:
    """The check as it is shown: a proof over statements also says what it does not cover."""
    if check.name != "proof" or check.outcome is not Outcome.PASSED or order_counts(verdict.form):
        return check
    return replace(check, problem=_UNORDERED)


_UNORDERED: Final = Problem(
    code="ORDER_UNPROTECTED",
    detail="Signed as statements: order and repeats in lists, and whether a number is text, are not covered.",
    fix="Read lists as sets; where order matters, ask for the token or a JCS proof.",
)


def to_json(verdict: Verdict, *, anchored: bool | None = None, path: Sequence[str] = ()) -> dict[str, Json]:
    """The JSON view; ``anchored`` and ``path`` are what a trust policy says, None where nobody asked one."""
    return {
        "outcome": str(standing(verdict)),
        "id": verdict.id,
        "issuer": verdict.issuer,
        "digest": verdict.object_digest,
        "checks": [_check(check) for check in all_checks(verdict)],
        "lint": [finding.to_json() for finding in verdict.lint],
        "trust": {"anchored": anchored, "path": list(path)},
    }


def _check(check: Check) -> dict[str, Json]:
    problem = check.problem
    return {
        "name": check.name,
        "outcome": str(check.outcome),
        "code": problem.code if problem else None,
        "pointer": problem.pointer if problem else None,
        "detail": problem.detail if problem else None,
        "fix": problem.fix if problem else None,
    }
