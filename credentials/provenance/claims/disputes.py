"""Disputed mass: lots whose own records contradict each other, and how much of the target passes through them.

The rule: mass that valid evidence both shows and denies counts in the upper bound only (docs/requirements.md T6).
Findings about amounts and events at severity block are such denials: used twice, made before its inputs. Of a lot that
was sold beyond itself only the surplus is denied, but all of it may have come to us: the bound is the pessimistic one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from credentials.identifiers.canonical_ids import lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.whereabouts import balance_of_lot
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
            lots = _lots_of(case)
            for lot in lots.get(lot_key(finding.subject).id, set()) | lots.get(finding.subject, set()):
                causes.add(f"{finding.rule} {finding.subject}")
                part = _surplus(case, lot) if finding.rule == _OVERSOLD else Fraction(1)
                parts[lot] = max(part, parts.get(lot, Fraction(0)))
    share = sum((case.shares.through[lot] * part for lot, part in parts.items()), Fraction(0))
    return Dispute(min(share, Fraction(1)), tuple(sorted(causes)))


def _surplus(case: Case, lot: LotKey) -> Fraction:
    """The share of what the target's chain took of ``lot`` that can be surplus, if all the surplus came this way."""
    balance = balance_of_lot(case, lot)
    if balance is None:
        return Fraction(1)
    surplus = max(balance.left, balance.used) - balance.made
    made_here = frozenset(case.made_by)
    taken = total(mass_of(case.graph, portion) for event, portion in case.graph.uses_of(lot) if event in made_here)
    return min(surplus / (taken or balance.left), Fraction(1)) if balance.left else Fraction(1)


@memoize_per_case
def _lots_of(case: Case) -> dict[str, set[LotKey]]:
    """The lots that a finding can be about, by their own canonical id and by the events that made them."""
    found: dict[str, set[LotKey]] = {}
    for lot in case.lots:
        for subject in (lot.id, *(event.id for event in case.graph.makers_of(lot))):
            found.setdefault(subject, set()).add(lot)
    return found
