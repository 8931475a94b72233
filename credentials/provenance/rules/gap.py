"""PV-GAP: how much of the target's mass is followed to its origin, and where is the chain cut?

The rule: a gap is unknown, never a fail; it names the lot where the chain ends and the share of mass it leaves open.
Specification: untp.md (e).3, "Completeness and behaviour"; federation.md section 4.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.mass.shares import End
from credentials.provenance.missing.gaps import mass_gaps
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
    undocumented = {cut.lot: cut.event for cut in case.shares.ends if cut.end is End.UNDOCUMENTED and cut.event}
    for gap in gaps:
        events = [event for lot, event in undocumented.items() if gap.subject in _names(case, lot.id)]
        yield Answer(
            subject=gap.subject,
            outcome=RuleOutcome.UNKNOWN,
            detail=f"{gap.mass or 0:.1%} of the mass is open ({gap.gap_class}): {gap.detail}",
            reason=_REASONS.get(gap.gap_class, "not-found"),
            because=tuple(sorted(f"PV-QTY-2 {event}" for event in events)),
        )


def _names(case: Case, id: str) -> set[str]:
    portions = (portion for event in case.graph.events for portion in event.portions if portion.lot.id == id)
    return {portion.id for portion in portions}


PV_GAP_1 = Rule(
    id="PV-GAP-1", asks="Is all of its mass followed to its origin?", severity=Severity.WARN, answers=_followed
)

RULES: Final = (PV_GAP_1,)
