"""From answers to findings and notes: one per rule, subject and pointer, in a fixed order.

The rule (docs/requirements.md D2): a finding is a fail or unknown at severity block or warn, info goes to the notes;
rules never short-circuit; what follows from a root cause carries ``because``. The lint's findings keep its own rule
ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import credentials_of_chain
from credentials.provenance.judging.consequences import rooted
from credentials.provenance.report.report import Finding
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.untp.finding import LintFinding

_REPORTED = (RuleOutcome.FAIL, RuleOutcome.UNKNOWN)
_LINT_SEVERITY = {"error": Severity.WARN, "warn": Severity.INFO}
#: Advice whose neglect costs a chain: whoever compares names as they are written does not join what belongs together.
_COSTLY = frozenset({"TAX-01"})


def findings_and_notes(case: Case, rules: Iterable[Rule]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Every rule asked of ``case``: findings, and notes, each sorted by its own content."""
    found = [*_of_rules(case, rules), *_of_lint(case)]
    merged: dict[tuple[str, str, str], Finding] = {}
    for one in sorted(found, key=_worst_first):
        key = (one.rule, one.subject, one.pointer)
        merged[key] = _merge(merged[key], one) if key in merged else one
    everything = tuple(sorted(rooted(merged.values())))
    info = Severity.INFO.value
    return (
        tuple(one for one in everything if one.severity != info),
        tuple(one for one in everything if one.severity == info),
    )


def _of_rules(case: Case, rules: Iterable[Rule]) -> Iterator[Finding]:
    documents = {one.id for one in credentials_of_chain(case)}
    for rule in rules:
        for answer in rule.answers(case):
            if answer.outcome in _REPORTED:
                shows_itself = not answer.source and answer.subject in documents
                yield _finding(rule, replace(answer, source=answer.subject) if shows_itself else answer)


def _finding(rule: Rule, answer: Answer) -> Finding:
    return Finding(
        rule=rule.id,
        subject=answer.subject,
        pointer=answer.pointer,
        outcome=answer.outcome.value,
        severity=(answer.severity or rule.severity).value,
        detail=answer.detail,
        because=tuple(sorted({cause for cause in answer.because if _is_cause(cause)})),
        shown_by=_shown_by(answer),
    )


def _shown_by(answer: Answer) -> tuple[str, ...]:
    """The documents that show what is answered: the one it points into, then the others by id."""
    others = sorted({one for one in answer.because if not _is_cause(one)} - {answer.source})
    return (answer.source, *others) if answer.source else tuple(others)


def _is_cause(text: str) -> bool:
    """Root causes are named "RULE subject"; the ids of credentials that were read are no causes."""
    return " " in text


def _of_lint(case: Case) -> Iterator[Finding]:
    for credential in credentials_of_chain(case):
        for one in credential.verdict.lint:
            yield Finding(
                rule=one.rule,
                subject=credential.id,
                pointer=one.pointer,
                outcome=RuleOutcome.FAIL.value,
                severity=_weight(one).value,
                detail=one.detail,
                shown_by=(credential.id,),
            )


def _weight(one: LintFinding) -> Severity:
    """What is advice to an issuer is a note of a chain, but for what keeps others from reading it."""
    return Severity.WARN if one.rule in _COSTLY else _LINT_SEVERITY[one.severity]


def _worst_first(one: Finding) -> tuple[int, int, Finding]:
    """A root cause before a consequence, a fail before an unknown, a block before a warning."""
    severities = [severity.value for severity in Severity]
    return (severities.index(one.severity), int(one.outcome != RuleOutcome.FAIL.value), one)


def _merge(kept: Finding, other: Finding) -> Finding:
    """Two answers about one thing: the worse one stays; it is a consequence only if both are."""
    if not kept.because or not other.because:
        because: tuple[str, ...] = ()
    else:
        because = tuple(sorted({*kept.because, *other.because}))
    return replace(kept, because=because, shown_by=tuple(dict.fromkeys((*kept.shown_by, *other.shown_by))))
