"""Disputed mass: lots whose own records contradict each other, and how much of the target passes through them.

The rule: mass that valid evidence both shows and denies counts in the upper bound only (federation.md §4.6). Findings
about amounts and events at severity block are such denials: more sold than made, used twice, made before its inputs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from credentials.provenance.case import Case
from credentials.provenance.identifiers import lot_key
from credentials.provenance.lots import LotKey
from credentials.provenance.report import Finding

_ABOUT_MASS: Final = ("PV-QTY-", "PV-EVT-")


@dataclass(frozen=True, slots=True)
class Dispute:
    """The share of the target's mass that is disputed, 0..1, and the findings that dispute it ("RULE subject")."""

    share: Fraction = Fraction(0)
    because: tuple[str, ...] = ()


def dispute_of(case: Case, findings: Iterable[Finding]) -> Dispute:
    """What of the target's mass is disputed; overlapping lots are counted as if they did not overlap, at most all."""
    lots: set[LotKey] = set()
    causes: set[str] = set()
    for finding in findings:
        if finding.outcome == "fail" and finding.severity == "block" and finding.rule.startswith(_ABOUT_MASS):
            touched = [lot for lot in case.lots if _is_about(case, finding.subject, lot)]
            causes |= {f"{finding.rule} {finding.subject}"} if touched else set()
            lots |= set(touched)
    share = sum((case.shares.through[lot] for lot in lots), Fraction(0))
    return Dispute(min(share, Fraction(1)), tuple(sorted(causes)))


def _is_about(case: Case, subject: str, lot: LotKey) -> bool:
    """Is the finding's subject the lot, or the event that made it?"""
    return lot_key(subject).id == lot.id or any(event.id == subject for event in case.graph.makers_of(lot))
