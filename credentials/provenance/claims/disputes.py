"""Disputed mass: lots whose own records contradict each other, and how much of the target passes through them.

The rule: mass that valid evidence both shows and denies counts in the upper bound only (docs/requirements.md T6).
Findings about amounts and events at severity block are such denials: used twice, made before its inputs. Of a lot that
was sold beyond itself, or used where less had come, only the surplus is denied, but all of it may have come to us: the
bound is the pessimistic one. Where more was made than can be, the surplus is in every part of it. Where nobody
who used it tells what came, or the inputs may not all be told, the surplus is not denied but not shown either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from credentials.identifiers.canonical_ids import lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.whereabouts import balance_of_lot, shortfalls_of_lot, taken_by_chain
from credentials.provenance.mass.quantities import mass_of, total
from credentials.provenance.mass.yielding import yielded
from credentials.provenance.report.report import Finding
from credentials.provenance.statements.statement import EventStatement

_ABOUT_MASS: Final = ("PV-QTY-", "PV-EVT-")
_OVERSOLD: Final = "PV-QTY-5"
_BEYOND_RECEIPT: Final = "PV-QTY-6"
_BEYOND_INPUTS: Final = "PV-QTY-2"
_BEYOND_YIELD: Final = "PV-QTY-3"


@dataclass(frozen=True, slots=True)
class Dispute:
    """The share of the target's mass that is disputed, 0..1, and the findings that dispute it ("RULE subject").

    ``unshown``: the share that was used where nobody tells enough of it to have come; not disputed, never proven.
    """

    share: Fraction = Fraction(0)
    because: tuple[str, ...] = ()
    unshown: Fraction = Fraction(0)


def dispute_of(case: Case, findings: Iterable[Finding]) -> Dispute:
    """What of the target's mass is disputed; overlapping lots are counted as if they did not overlap, at most all."""
    parts: dict[LotKey, Fraction] = {}
    unshown: dict[LotKey, Fraction] = {}
    causes: set[str] = set()
    for finding in findings:
        if finding.severity != "block" or not finding.rule.startswith(_ABOUT_MASS):
            continue
        lots = _lots_of(case)
        for lot in lots.get(lot_key(finding.subject).id, set()) | lots.get(finding.subject, set()):
            if finding.outcome == "fail":
                part = _denied(case, lot, finding.rule)
                parts[lot] = max(part, parts.get(lot, Fraction(0)))
                causes.add(f"{finding.rule} {finding.subject}")
            elif finding.rule in (_BEYOND_RECEIPT, _BEYOND_YIELD):
                part = _denied(case, lot, finding.rule, own=False)
                unshown[lot] = max(part, unshown.get(lot, Fraction(0)))
                causes.add(f"{finding.rule} {finding.subject}")
    return Dispute(_of_target(case, parts), tuple(sorted(causes)), _of_target(case, unshown))


def _of_target(case: Case, parts: Mapping[LotKey, Fraction]) -> Fraction:
    """How much of the target these parts of lots are, at most all of it."""
    return min(sum((case.shares.through[lot] * part for lot, part in parts.items()), Fraction(0)), Fraction(1))


def _denied(case: Case, lot: LotKey, rule: str, *, own: bool = True) -> Fraction:
    """The share of ``lot`` that a rule denies: the surplus, or all of it; ``own``: by whom its own records deny."""
    if rule == _OVERSOLD:
        return _surplus(case, lot)
    if rule == _BEYOND_RECEIPT:
        return _beyond_receipt(case, lot, own=own)
    if rule == _BEYOND_INPUTS:
        return max((_beyond_inputs(case, event) for event in _makers(case, lot)), default=Fraction(1))
    if rule == _BEYOND_YIELD:
        return max((_beyond_yield(case, event, lot, all_told=own) for event in _makers(case, lot)), default=Fraction(1))
    return Fraction(1)


def _makers(case: Case, lot: LotKey) -> list[EventStatement]:
    return [event for event in case.graph.makers_of(lot) if case.counts(event)]


def _beyond_inputs(case: Case, event: EventStatement) -> Fraction:
    """The share of what came out of a make event that weighs more than what went in; all where it is not known."""
    used = total(mass_of(case.graph, portion) for portion in event.inputs)
    made = total(mass_of(case.graph, portion) for portion in event.outputs)
    return max(1 - used / made, Fraction(0)) if used is not None and made else Fraction(1)


def _beyond_yield(case: Case, event: EventStatement, lot: LotKey, *, all_told: bool) -> Fraction:
    """The share of what came out of a make event as goods of the lot's kind that is more than can come out.

    Where the inputs are not ``all_told``, what weighs more than they do is undocumented already.
    """
    kinds = yielded(case.graph, case.pack, event, case.counts)
    of_lot = [one for one in kinds if any(lot.covers(portion.lot) for portion in one.portions)]
    bounded = [(one, one.most, one.made if all_told else min(one.made, one.used)) for one in of_lot if one.made]
    return max((*((shown - most) / one.made for one, most, shown in bounded if most is not None), Fraction(0)))


def _beyond_receipt(case: Case, lot: LotKey, *, own: bool) -> Fraction:
    """The share of what the chain took of ``lot`` that went beyond what had come, if all of that came to us."""
    whole = Fraction(0)
    for account, short in shortfalls_of_lot(case, lot):
        if account.own == own:
            measure = short.scale.measure if short.scale is not None else None
            taken = total(measure(portion) for portion in taken_by_chain(case, lot)) if measure is not None else None
            whole += short.surplus / taken if taken else Fraction(1)
    return min(whole, Fraction(1))


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
