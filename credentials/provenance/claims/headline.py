"""What was attested of a claim, in the words of those who attest it.

The rule: the criterion as the assessor names it and the figure it found, of what the claim is about; the claimant's own
words are never part of it. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import criteria_of, with_same
from credentials.provenance.case.performance import metric_of, metrics_of
from credentials.provenance.claims.grades import Grade
from credentials.provenance.report.figures import figures
from credentials.provenance.report.names import quoted
from credentials.provenance.statements.statement import ClaimStatement


def attested(case: Case, claim: ClaimStatement, grade: Grade) -> str:
    """Such as ``80 % organic content, under “Organic Content Standard”``; "" when nothing carries it."""
    return "; ".join(dict.fromkeys(text for text in _each(case, claim, grade) if text))


def _each(case: Case, claim: ClaimStatement, grade: Grade) -> Iterator[str]:
    wanted, metrics = with_same(criteria_of(claim.said.criteria), case.pack), metrics_of(claim.said.performance)
    for support in grade.carried_by:
        said = support.match.assessment.said
        named = [one for one in said.criteria if criteria_of((one,)) & wanted]
        criteria = [quoted(one.name or "") or one.id or "" for one in named]
        found = figures(one for one in said.performance if metric_of(one) in metrics)
        under = f"under {', '.join(dict.fromkeys(criteria))}" if criteria else ""
        yield ", ".join(part for part in (found, under) if part)
