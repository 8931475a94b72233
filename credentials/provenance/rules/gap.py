"""PV-GAP: how much of the target's mass is followed to its origin, where is the chain cut, and did we stop early?

The rule: a gap is unknown, never a fail; it names the lot where the chain ends and the share of mass it leaves open.
A trace that stopped because its budget was spent says so, whatever it had found by then.
See docs/rules.md PV-GAP; docs/requirements.md T7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import events_of_chain
from credentials.provenance.mass.shares import End
from credentials.provenance.missing.frontier import unasked
from credentials.provenance.missing.gaps import given_id, mass_gaps, vouched
from credentials.provenance.report.explain import percent
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity

_REASONS: Final = {
    "offline": "unreachable",
    "timeout": "unreachable",
    "rate-limited": "unreachable",
    "blocked": "unreachable",
    "refused": "encrypted",
    "unsupported-method": "unsupported",
}


def _followed(case: Case) -> Iterator[Answer]:
    gaps = mass_gaps(case)
    if not gaps:
        yield Answer(
            subject=case.question.target,
            outcome=RuleOutcome.PASS,
            detail="The whole of its mass is followed to its origin.",
        )
    causes = _causes(case)
    for gap in gaps:
        yield Answer(
            subject=gap.subject,
            outcome=RuleOutcome.UNKNOWN,
            detail=f"{percent(gap.mass or 0)} of the mass is open, at {gap.subject}: {gap.detail}",
            reason=_REASONS.get(gap.gap_class, "not-found"),
            because=tuple(sorted(causes.get(gap.subject, ()))),
        )


def _causes(case: Case) -> dict[str, set[str]]:
    """By the spelling of a lot: what is wrong with its make events that leave inputs open, or who vouches for it."""
    cuts: dict[str, set[str]] = {}
    declared: dict[str, set[str]] = {}
    for cut in case.shares.ends:
        if cut.end is End.ORIGIN:
            declared[given_id(case, cut.lot)] = {one.because for one in vouched(case, cut.lot)}
        if cut.event:
            rule = "PV-QTY-1" if cut.end is End.UNMEASURED else "PV-QTY-2"
            cuts.setdefault(cut.lot.id, set()).add(f"{rule} {cut.event}")
    found = declared
    for event in events_of_chain(case) if cuts else ():
        for portion in event.portions:
            if portion.named.id in cuts:
                found.setdefault(portion.id, set()).update(cuts[portion.named.id])
    return found


def _asked(case: Case) -> Iterator[Answer]:
    left = unasked(case)
    yield Answer(
        subject=case.question.target,
        outcome=RuleOutcome.PASS if left is None else RuleOutcome.UNKNOWN,
        detail="Nothing was left unasked."
        if left is None
        else f"The budget was spent with {left.count} look-ups left, for {percent(float(left.mass))} of the mass.",
        reason="" if left is None else "not-found",
    )


PV_GAP_1 = Rule(
    id="PV-GAP-1", asks="Is all of its mass followed to its origin?", severity=Severity.WARN, answers=_followed
)

PV_GAP_2 = Rule(
    id="PV-GAP-2", asks="Was all of it asked for before the budget was spent?", severity=Severity.WARN, answers=_asked
)

RULES: Final = (PV_GAP_1, PV_GAP_2)
