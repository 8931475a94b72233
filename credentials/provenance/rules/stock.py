"""PV-QTY-6 and PV-QTY-10: did a place give away only what it had, and is each serialised thing made once?

The rule: who tells of using more than it tells of receiving contradicts itself; where it tells of no receipt the rest
is unknown. A receipt that is missing is nobody's fault, and the sentence says that it would close the matter.
See docs/rules.md PV-QTY; docs/requirements.md D2 and T15; docs/decisions/0026-beyond-receipt.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from credentials.encoding.moments import format_moment
from credentials.encoding.timespan import Timespan
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import shortfalls_of_lot
from credentials.provenance.mass.ledger import Account, Overdraft
from credentials.provenance.mass.quantities import pieces
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.statements.statement import EventStatement

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN


# ---- PV-QTY-6: never below zero


def _in_stock(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        for account, short in shortfalls_of_lot(case, lot):
            yield _gave_too_much(account, short)


def _gave_too_much(account: Account, short: Overdraft) -> Answer:
    event, portion = short.last
    shows = {one.source for one, _ in account.spent}
    shows |= {one.source for move in account.came for one, _ in move.told_by_both}
    return Answer(
        subject=portion.id,
        outcome=FAIL if account.own else UNKNOWN,
        detail=_how_much(account, short),
        pointer=f"{portion.pointer}/quantity",
        source=event.source,
        reason="" if account.own else "not-found",
        because=tuple(sorted(shows)),
    )


def _how_much(account: Account, short: Overdraft) -> str:
    event, portion = short.last
    place = account.place or "a place that is not named"
    if short.scale is None:
        return (
            f"{event.issuer} used and sent {portion.id} at {place}: how much of that came by what sender and receiver "
            "both tell cannot be compared."
        )
    told, closes = short.scale.told, "A receipt that is missing here would close it."
    whose = "by its own records" if account.own else "by what others tell"
    if account.by_both:
        whose, closes = "by what sender and receiver both tell", "What the silent side tells would close it."
    return (
        f"{event.issuer} used and sent {told(short.spent)} of {portion.id} at {place}, and {whose} "
        f"{told(short.came)} had come: {told(short.surplus)} too many. {closes}"
    )


# ---- PV-QTY-10: made once


def _made_once(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        if lot.is_item:
            yield from _one_item(case, lot)
        elif not lot.is_class:
            yield from _numbered(case, lot)


def _one_item(case: Case, lot: LotKey) -> Iterator[Answer]:
    made = [pair for pair in case.graph.outputs_of(lot) if case.counts(pair[0])]
    for (first, _), (second, portion) in pairwise(made):
        twice = _are_two(case, first, second)
        detail = f"{portion.id} was made on {_day(first)} at {first.facility} and again on {_day(second)}"
        detail += f" at {second.facility}: one serial number for two things." if twice else ": one making, told twice."
        yield Answer(
            subject=portion.id,
            outcome=FAIL if twice else PASS,
            detail=detail,
            pointer=portion.pointer,
            source=second.source,
            because=(first.source,) if twice else (),
        )


def _are_two(case: Case, first: EventStatement, second: EventStatement) -> bool:
    """Are they at two times beyond doubt, or at two places?"""
    if first.at is not None and second.at is not None:
        one, other = Timespan.of(first.at), Timespan.of(second.at)
        if one.certainly_before(other) or other.certainly_before(one):
            return True
    here, there = first.facility, second.facility
    return bool(here and there) and not case.graph.same_facility(here, there)


def _numbered(case: Case, lot: LotKey) -> Iterator[Answer]:
    """No more serial numbers with a passport than pieces of the batch were made."""
    outputs = [pair for pair in case.graph.outputs_of(lot) if pair[1].lot == lot and case.counts(pair[0])]
    passports = [one for one in case.graph.passports_of(lot) if one.lot.is_item and lot.covers(one.lot)]
    counts = [pieces(portion.said.quantity) for _, portion in outputs]
    made = sum(count for count in counts if count is not None)
    if not outputs or None in counts or not passports:
        return
    items = {one.lot for one in passports}
    event, portion = outputs[0]
    over = len(items) > made
    yield Answer(
        subject=portion.id,
        outcome=FAIL if over else PASS,
        detail=f"{made} pieces of {portion.id} were made, and {len(items)} serial numbers of it have a passport."
        if over
        else "No more serial numbers have a passport than pieces were made.",
        pointer=f"{portion.pointer}/quantity",
        source=event.source,
        because=tuple(sorted({one.source for one in passports})),
    )


def _day(event: EventStatement) -> str:
    return "a day that is not stated" if event.at is None else format_moment(event.at)[:10]


PV_QTY_6 = Rule(
    id="PV-QTY-6", asks="Did each place use and send only what had come?", severity=Severity.BLOCK, answers=_in_stock
)
PV_QTY_10 = Rule(
    id="PV-QTY-10", asks="Is each serialised thing made only once?", severity=Severity.BLOCK, answers=_made_once
)

RULES: Final = (PV_QTY_6, PV_QTY_10)
