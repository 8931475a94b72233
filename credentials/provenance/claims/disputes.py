"""Disputed mass: lots whose own records contradict each other, and how much of the target passes through them.

The rule: mass that valid evidence both shows and denies counts in the upper bound only (federation.md §4.6). Findings
about amounts and events at severity block are such denials: used twice, made before its inputs. Of a lot that was sold
beyond itself only the surplus is denied, but all of it may have come to us: the bound is the pessimistic one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from credentials.identifiers.canonical import lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.mass.balance import balance_of
from credentials.provenance.mass.quantities import mass_of, total
from credentials.provenance.report.report import Finding

_ABOUT_MASS: Final = ("PV-QTY-", "PV-EVT-")
_OVERSOLD: Final = "PV-QTY-5"


@dataclass(frozen=True, slots=True)
class Dispute:
    """The share of the target's mass that is disputed, 0..1, and the findings that dispute it ("RULE subject")."""

    share: Fraction = Fraction(0)
    because: tuple[str, ...] = ()


def dispute_of(case: Case, findings: Iterable[Finding]) -> Dispute:
    """What of the target's mass is disputed; overlapping lots are counted as if they did not overlap, at most all."""
    parts: dict[LotKey, Fraction] = {}
    causes: set[str] = set()
    for finding in findings:
        if finding.outcome == "fail" and finding.severity == "block" and finding.rule.startswith(_ABOUT_MASS):
            for lot in case.lots:
                if _is_about(case, finding.subject, lot):
                    causes.add(f"{finding.rule} {finding.subject}")
                    part = _surplus(case, lot) if finding.rule == _OVERSOLD else Fraction(1)
                    parts[lot] = max(part, parts.get(lot, Fraction(0)))
    share = sum((case.shares.through[lot] * part for lot, part in parts.items()), Fraction(0))
    return Dispute(min(share, Fraction(1)), tuple(sorted(causes)))


def _surplus(case: Case, lot: LotKey) -> Fraction:
    """The share of what the target's chain took of ``lot`` that can be surplus, if all the surplus came this way."""
    balance = balance_of(case.graph, lot, case.counts)
    if balance is None:
        return Fraction(1)
    surplus = max(balance.left, balance.used) - balance.made
    taken = total(
        mass_of(case.graph, portion)
        for event, portion in case.graph.uses_of(lot)
        if event in case.made_by and case.counts(event)
    )
    return min(surplus / (taken or balance.left), Fraction(1)) if balance.left else Fraction(1)


def _is_about(case: Case, subject: str, lot: LotKey) -> bool:
    """Is the finding's subject the lot, or the event that made it?"""
    return lot_key(subject).id == lot.id or any(event.id == subject for event in case.graph.makers_of(lot))
