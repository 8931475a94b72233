"""PV-EVT-4, PV-EVT-6 and PV-EVT-10: what sender and receiver tell of goods on their way, and what was called back.

The rule: a transfer that one side alone tells rests on that side, which is noted and nobody's fault. Goods that leave
are on their way, goods that came are not, and what is made of goods that were called back has them in it.
See docs/rules.md PV-EVT; docs/requirements.md D2 and T15.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import is_of_chain, modifications_of_lot, transfers_of_lot
from credentials.provenance.graph.transfers import Transfer
from credentials.provenance.report.explain import percent
from credentials.provenance.report.names import quoted
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import EventStatement, PortionStatement

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
IN_TRANSIT: Final = "inTransit"
RECALLED: Final = "recalled"
#: States for people (UNTP 0.7.0, code list Disposition).
_STATES: Final = {
    "new": "new",
    IN_TRANSIT: "on their way",
    "active": "in use",
    "repaired": "repaired",
    RECALLED: "called back",
    "expired": "expired",
    "consumed": "used up",
    "recycled": "recycled",
    "disposed": "disposed of",
}


def _told_by_both(case: Case) -> Iterator[Answer]:
    for transfer in _transfers(case):
        event, portion = transfer.told[0]
        silent = "" if transfer.sent and transfer.received else "receiver" if transfer.sent else "sender"
        yield about(
            event,
            UNKNOWN if silent else PASS,
            f"Only one side tells that {portion.id} was handed over; the {silent} does not."
            if silent
            else "Sender and receiver both tell it.",
            portion.pointer,
            reason="not-found" if silent else "",
        )


def _on_its_way(case: Case) -> Iterator[Answer]:
    for transfer in _transfers(case):
        for event, portion in transfer.sent:
            yield _state(event, portion, leaves=True)
        for event, portion in transfer.received:
            yield _state(event, portion, leaves=False)


def _state(event: EventStatement, portion: PortionStatement, *, leaves: bool) -> Answer:
    """Goods that leave are in transit afterwards, goods that came are not."""
    stated, pointer = portion.said.disposition, f"{portion.pointer}/disposition"
    if stated is None:
        return about(event, UNKNOWN, f"The state of {portion.id} is not stated.", pointer, reason="not-stated")
    if (stated == IN_TRANSIT) is leaves:
        return about(event, PASS, "The goods are in the state they can be in.", pointer)
    detail = f"{portion.id} {'leaves' if leaves else 'has come'} and is said to be {_in_words(stated)} afterwards."
    return about(event, FAIL, detail, pointer, severity=Severity.WARN)


def _in_words(state: str) -> str:
    return _STATES.get(state) or quoted(state) or "in a state that cannot be shown"


def _called_back(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        for event, portion in modifications_of_lot(case, lot):
            if portion.said.disposition == RECALLED and case.counts(event):
                share = float(case.shares.through[lot])
                detail = (
                    f"{portion.id} was called back; {percent(share)} of the mass of {case.question.target} is of it."
                )
                yield about(event, FAIL, detail, portion.pointer)


def _transfers(case: Case) -> Iterator[Transfer]:
    for lot in case.lots:
        yield from (one for one in transfers_of_lot(case, lot) if is_of_chain(case, one) and case.counts(one.event))


PV_EVT_4 = Rule(
    id="PV-EVT-4", asks="Do sender and receiver both tell of it?", severity=Severity.INFO, answers=_told_by_both
)
PV_EVT_6 = Rule(
    id="PV-EVT-6", asks="Are goods that move in a state they can be in?", severity=Severity.INFO, answers=_on_its_way
)
PV_EVT_10 = Rule(
    id="PV-EVT-10", asks="Was nothing called back that is in it?", severity=Severity.WARN, answers=_called_back
)

RULES: Final = (PV_EVT_4, PV_EVT_6, PV_EVT_10)
