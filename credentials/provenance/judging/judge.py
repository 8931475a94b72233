"""Judging a case: every rule asked, every claim weighed, one report; the same one in any order of arrival.

The rule: this module only puts together what the rooms beside it decide. It reads no clock, and everything it puts in
order is ordered by its own content.
See docs/requirements.md T6 to T9, T12, T17 and D10.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.moments import format_moment
from credentials.provenance.case.case import Case
from credentials.provenance.claims.asked import broken_claims, claims_of_target, is_broken_target
from credentials.provenance.claims.beyond_inputs import beyond_inputs
from credentials.provenance.claims.decision import overall
from credentials.provenance.claims.disputes import dispute_of
from credentials.provenance.claims.weighing import judge_claim
from credentials.provenance.derivation.liars import with_liars
from credentials.provenance.judging.findings import findings_and_notes
from credentials.provenance.judging.inputs import inputs_of_case
from credentials.provenance.judging.naming import in_words
from credentials.provenance.judging.picture import picture
from credentials.provenance.missing.frontier import is_finished
from credentials.provenance.missing.gaps import coverage, mass_gaps
from credentials.provenance.report.explain import summary
from credentials.provenance.report.report import Report, Word
from credentials.provenance.rules import RULES

SOFTWARE: Final = "tracenode"


def judge(case: Case, *, software: str = SOFTWARE) -> Report:
    """The report on ``case``; ``software`` is the name and version that judges."""
    question = case.question
    findings, notes = findings_and_notes(case, RULES)
    findings = tuple(sorted((*findings, *beyond_inputs(case, findings))))
    gaps = mass_gaps(case)
    dispute = dispute_of(case, findings)
    weighed = [(claim, judge_claim(case, claim, gaps, dispute)) for claim in claims_of_target(case)]
    judged, derivation = with_liars(case, weighed, dispute)
    claims = (*broken_claims(case), *judged)
    words = (claim.verdict for claim in claims)
    word = Word.INVALID if is_broken_target(case) else overall(words, finished=is_finished(case))
    low, high = coverage(case)
    covered = (round(float(low), 6), round(float(high), 6))
    explained = case.shares.explained
    report = Report(
        target=question.target,
        at=format_moment(question.at),
        known=format_moment(question.known or question.at),
        word=word,
        summary=summary(word, claims=claims, findings=findings, gaps=gaps, coverage=covered),
        claims=claims,
        findings=findings,
        notes=notes,
        gaps=tuple(sorted(gaps, key=lambda gap: (-(gap.mass or 0.0), gap.gap_class, gap.subject))),
        coverage=covered,
        explained=None if explained is None else round(float(explained), 6),
        inputs=inputs_of_case(case),
        policy={
            **question.policy.to_json(),
            "digest": question.policy.digest,
            "trustList": case.trust.digest,
            "rulePack": {"name": case.pack.name, "version": case.pack.version, "digest": case.pack.digest},
        },
        software=software,
        derivation=derivation,
        chain=picture(case, case.lots, findings, gaps, word=word),
    )
    return in_words(case, report)
